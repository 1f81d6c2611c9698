/**
 * What is put into the appliance's methods: one class for each join point of {@link io.sluice.agent.JoinPoint}.
 *
 * <p>The code of these methods is copied into the appliance's, so it holds itself to a few rules: it only calls {@link
 * io.sluice.agent.Probe}, names its target's fields and parameters by type, and keeps nothing.
 */
@NullMarked
package io.sluice.agent.advice;

import org.jspecify.annotations.NullMarked;
