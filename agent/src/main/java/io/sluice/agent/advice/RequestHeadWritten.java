package io.sluice.agent.advice;

import io.sluice.agent.Probe;
import java.nio.ByteBuffer;
import net.bytebuddy.asm.Advice;

/** A request head is written for the Liberator, and not sent yet. */
public final class RequestHeadWritten {
    private RequestHeadWritten() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static int enter(@Advice.Argument(0) ByteBuffer out) {
        return out.position();
    }

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.Enter int start, @Advice.Argument(0) ByteBuffer out) {
        Probe.requestWritten(out, start);
    }
}
