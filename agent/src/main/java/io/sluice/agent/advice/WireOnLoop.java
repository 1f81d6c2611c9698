package io.sluice.agent.advice;

import io.sluice.agent.Probe;
import io.sluice.loop.SocketWire;
import java.nio.channels.SocketChannel;
import net.bytebuddy.asm.Advice;

/** A connection got its wire. */
public final class WireOnLoop {
    private WireOnLoop() {}

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.Argument(1) SocketChannel channel, @Advice.Return SocketWire wire) {
        Probe.onLoop(channel, wire);
    }
}
