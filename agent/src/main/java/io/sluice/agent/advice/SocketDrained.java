package io.sluice.agent.advice;

import io.sluice.agent.Probe;
import io.sluice.loop.SocketWire;
import java.nio.ByteBuffer;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** What waited for a plain socket has been taken, or some of it. */
public final class SocketDrained {
    private SocketDrained() {}

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.This SocketWire wire, @Advice.FieldValue("pending") @Nullable ByteBuffer pending) {
        if (pending == null) {
            Probe.drained(wire);
        }
    }
}
