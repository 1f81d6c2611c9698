/**
 * The latency agent: where the time of a stream and of each message goes, measured in a running appliance without a
 * line of its code changed.
 *
 * <p>{@link io.sluice.agent.SluiceAgent} is what the JVM starts. {@link io.sluice.agent.Agent} is the one agent of the
 * process: its thread, its MBeans, its switch. {@link io.sluice.agent.Weaver} puts the advice of every {@link
 * io.sluice.agent.JoinPoint} into the appliance's methods, and takes it out again. Advice calls {@link
 * io.sluice.agent.Probe}, the only class that the appliance's methods know, and nothing there may throw, block or
 * allocate more than a small object for a message. What comes of it are {@link io.sluice.agent.Figures} for each
 * Liberator, stage and kind, {@link io.sluice.agent.Traces} of what was slow, and JFR events.
 *
 * <p><b>Threading:</b> advice runs on the loops; everything that formats, merges or looks for what was left behind runs
 * on the agent's own thread.
 */
@NullMarked
package io.sluice.agent;

import org.jspecify.annotations.NullMarked;
