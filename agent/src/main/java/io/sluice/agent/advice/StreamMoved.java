package io.sluice.agent.advice;

import io.sluice.agent.Probe;
import io.sluice.loop.Wire;
import net.bytebuddy.asm.Advice;

/** What waited on an HTTP/2 stream may go, or some of it. */
public final class StreamMoved {
    private StreamMoved() {}

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.This Wire stream) {
        if (stream.pendingBytes() == 0) {
            Probe.drained(stream);
        }
    }
}
