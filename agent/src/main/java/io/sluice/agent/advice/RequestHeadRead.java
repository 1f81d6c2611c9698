package io.sluice.agent.advice;

import io.sluice.agent.Probe;
import net.bytebuddy.asm.Advice;

/** A request head is read and checked. */
public final class RequestHeadRead {
    private RequestHeadRead() {}

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit() {
        Probe.headParsed();
    }
}
