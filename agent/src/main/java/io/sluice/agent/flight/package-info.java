/** JFR events of the agent; loaded only when they are asked for and the runtime has Flight Recorder. */
@NullMarked
package io.sluice.agent.flight;

import org.jspecify.annotations.NullMarked;
