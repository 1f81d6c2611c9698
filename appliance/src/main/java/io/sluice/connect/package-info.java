/**
 * Connecting to Liberators: one upstream connection for one client connection, and what is known of each
 * Liberator's health.
 *
 * <p>An {@link io.sluice.connect.Upstream} belongs to the pair that dialled it. It is never pooled, lent or
 * moved; failures come back as values.
 */
@NullMarked
package io.sluice.connect;

import org.jspecify.annotations.NullMarked;
