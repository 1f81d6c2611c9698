package io.sluice.agent.advice;

import io.sluice.agent.Probe;
import io.sluice.loop.Wire;
import net.bytebuddy.asm.Advice;

/** Bytes of a request head are looked at. */
public final class HeadServed {
    private HeadServed() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.FieldValue("wire") Wire client, @Advice.Argument(1) boolean first) {
        Probe.headBytes(client, first);
    }

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.FieldValue("wire") Wire client) {
        Probe.headBytesRead(client);
    }
}
