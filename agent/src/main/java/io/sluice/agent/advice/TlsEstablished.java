package io.sluice.agent.advice;

import io.sluice.agent.Probe;
import io.sluice.loop.SocketWire;
import io.sluice.loop.TlsWire;
import net.bytebuddy.asm.Advice;

/** A TLS handshake is done. */
public final class TlsEstablished {
    private TlsEstablished() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.FieldValue("socket") SocketWire socket, @Advice.This TlsWire wire) {
        Probe.secured(socket, wire);
    }
}
