/**
 * Stickiness seen from outside: {@code scripts/stickiness} runs simulated clients against real appliances in processes
 * of their own, before Liberators that sign what they send, while everything that can happen to them happens.
 *
 * <p>Knows nothing of Sluice's code: only its configuration, its signals and its ports.
 */
@org.jspecify.annotations.NullMarked
package io.sluice.stickiness;
