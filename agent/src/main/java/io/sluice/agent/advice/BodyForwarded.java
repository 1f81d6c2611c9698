package io.sluice.agent.advice;

import io.sluice.account.StreamRecord;
import io.sluice.agent.Probe;
import io.sluice.loop.Wire;
import java.nio.ByteBuffer;
import net.bytebuddy.asm.Advice;

/** Part of a request body is passed on. */
public final class BodyForwarded {
    private BodyForwarded() {}

    @SuppressWarnings("UnusedVariable") // Byte Buddy carries locals from here to the exit
    @Advice.OnMethodEnter(suppress = Throwable.class)
    static long enter(@Advice.Argument(0) ByteBuffer in, @Advice.Local("bytes") int bytes) {
        bytes = in.remaining();
        return bytes == 0 ? 0 : System.nanoTime();
    }

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
            @Advice.Enter long readNanos,
            @Advice.Local("bytes") int bytes,
            @Advice.FieldValue("stream") StreamRecord stream,
            @Advice.FieldValue("sink") Wire sink) {
        Probe.forwarded(stream, sink, bytes, readNanos);
    }
}
