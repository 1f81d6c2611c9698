package io.sluice.agent.advice;

import io.sluice.account.StreamRecord;
import io.sluice.agent.Probe;
import io.sluice.loop.Wire;
import java.nio.ByteBuffer;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** A message that has been read is passed on. */
public final class PumpPassed {
    private PumpPassed() {}

    @SuppressWarnings("UnusedVariable") // Byte Buddy carries locals from here to the exit
    @Advice.OnMethodEnter(suppress = Throwable.class)
    static long enter(@Advice.Local("event") @Nullable Object event) {
        event = Probe.transitBegins();
        return System.nanoTime();
    }

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
            @Advice.Enter long readNanos,
            @Advice.Local("event") @Nullable Object event,
            @Advice.FieldValue("stream") StreamRecord stream,
            @Advice.FieldValue("sink") Wire sink,
            @Advice.FieldValue("toClient") boolean toClient,
            @Advice.Argument(0) ByteBuffer bytes) {
        Probe.passed(stream, sink, toClient, bytes.position(), readNanos, event);
    }
}
