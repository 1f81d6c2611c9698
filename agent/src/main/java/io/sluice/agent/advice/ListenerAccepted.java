package io.sluice.agent.advice;

import io.sluice.agent.Probe;
import java.nio.channels.SocketChannel;
import net.bytebuddy.asm.Advice;

/** A connection was accepted. */
public final class ListenerAccepted {
    private ListenerAccepted() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.Argument(0) SocketChannel accepted) {
        Probe.accepted(accepted);
    }
}
