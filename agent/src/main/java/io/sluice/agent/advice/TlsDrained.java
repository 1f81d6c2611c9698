package io.sluice.agent.advice;

import io.sluice.agent.Probe;
import io.sluice.loop.TlsWire;
import net.bytebuddy.asm.Advice;

/** What waited for a TLS connection has been taken. */
public final class TlsDrained {
    private TlsDrained() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.This TlsWire wire) {
        Probe.drained(wire);
    }
}
