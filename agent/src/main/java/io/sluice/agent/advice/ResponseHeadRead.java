package io.sluice.agent.advice;

import io.sluice.agent.Probe;
import net.bytebuddy.asm.Advice;

/** A response head is complete, and about to be read. */
public final class ResponseHeadRead {
    private ResponseHeadRead() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter() {
        Probe.responseHead();
    }
}
