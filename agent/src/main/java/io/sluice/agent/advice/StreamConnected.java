package io.sluice.agent.advice;

import io.sluice.account.StreamRecord;
import io.sluice.agent.Probe;
import net.bytebuddy.asm.Advice;

/** A stream has its Liberator. */
public final class StreamConnected {
    private StreamConnected() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.This StreamRecord stream, @Advice.Argument(0) long nanos) {
        Probe.connected(stream, nanos);
    }
}
