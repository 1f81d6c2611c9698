package io.sluice.agent.advice;

import io.sluice.account.StreamRecord;
import io.sluice.agent.Probe;
import net.bytebuddy.asm.Advice;

/** A stream is relayed from now on. */
public final class StreamRelaying {
    private StreamRelaying() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.Argument(0) StreamRecord stream) {
        Probe.relaying(stream);
    }
}
