package io.sluice.agent.advice;

import io.sluice.agent.Probe;
import io.sluice.loop.Wire;
import net.bytebuddy.asm.Advice;

/** A connection that speaks HTTP/2 got a wire for one of its streams. */
public final class StreamCarried {
    private StreamCarried() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.FieldValue("wire") Wire connection, @Advice.Argument(0) Wire stream) {
        Probe.carried(connection, stream);
    }
}
