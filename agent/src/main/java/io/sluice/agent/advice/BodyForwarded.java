package io.sluice.agent.advice;

import io.sluice.account.StreamRecord;
import io.sluice.agent.Probe;
import io.sluice.connect.Upstream;
import java.nio.ByteBuffer;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Part of a request body is passed on. */
public final class BodyForwarded {
    private BodyForwarded() {}

    @SuppressWarnings("UnusedVariable") // Byte Buddy carries locals from here to the exit
    @Advice.OnMethodEnter(suppress = Throwable.class)
    static long enter(
            @Advice.Argument(0) ByteBuffer in,
            @Advice.FieldValue("stream") @Nullable StreamRecord current,
            @Advice.FieldValue("upstream") @Nullable Upstream to,
            @Advice.Local("bytes") int bytes,
            @Advice.Local("stream") @Nullable StreamRecord stream,
            @Advice.Local("upstream") @Nullable Upstream upstream) {
        bytes = in.remaining();
        stream = current;
        upstream = to;
        return bytes == 0 ? 0 : System.nanoTime();
    }

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
            @Advice.Enter long readNanos,
            @Advice.Local("bytes") int bytes,
            @Advice.Local("stream") @Nullable StreamRecord stream,
            @Advice.Local("upstream") @Nullable Upstream upstream) {
        Probe.forwarded(stream, upstream, bytes, readNanos);
    }
}
