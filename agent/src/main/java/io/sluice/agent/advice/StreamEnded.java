package io.sluice.agent.advice;

import io.sluice.account.EndCause;
import io.sluice.account.StreamRecord;
import io.sluice.agent.Probe;
import net.bytebuddy.asm.Advice;

/** A stream is over. */
public final class StreamEnded {
    private StreamEnded() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.Argument(0) StreamRecord stream, @Advice.Argument(1) EndCause cause) {
        Probe.ended(stream, cause);
    }
}
