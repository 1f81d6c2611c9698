package io.sluice.agent.advice;

import io.sluice.account.StreamRecord;
import io.sluice.agent.Probe;
import io.sluice.relay.HttpPair;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** An answer begins: head and first bytes go to the client. */
public final class AnswerBegun {
    private AnswerBegun() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static @Nullable Object enter(@Advice.FieldValue("stream") StreamRecord stream) {
        return Probe.answering(stream);
    }

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.Enter @Nullable Object journey, @Advice.FieldValue("pair") HttpPair pair) {
        Probe.answered(journey, pair.wire());
    }
}
