package io.sluice.agent.advice;

import io.sluice.agent.Probe;
import io.sluice.relay.HttpPair;
import net.bytebuddy.asm.Advice;

/** Bytes of a request head are looked at. */
public final class HeadServed {
    private HeadServed() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.FieldValue("pair") HttpPair pair, @Advice.Argument(1) boolean first) {
        Probe.headBytes(pair.wire(), first);
    }

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.FieldValue("pair") HttpPair pair) {
        Probe.headBytesRead(pair.wire());
    }
}
