package io.sluice.agent.advice;

import io.sluice.agent.Probe;
import io.sluice.relay.Arrival;
import net.bytebuddy.asm.Advice;

/** A Direct connection opens its stream. */
public final class DirectOpened {
    private DirectOpened() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.Argument(0) Arrival client) {
        Probe.direct(client.wire());
    }
}
