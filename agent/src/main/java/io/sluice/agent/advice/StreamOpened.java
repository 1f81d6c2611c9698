package io.sluice.agent.advice;

import io.sluice.account.StreamRecord;
import io.sluice.agent.Probe;
import net.bytebuddy.asm.Advice;

/** A stream is opened. */
public final class StreamOpened {
    private StreamOpened() {}

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.Return StreamRecord stream) {
        Probe.opened(stream);
    }
}
