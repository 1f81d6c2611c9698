package io.sluice.agent.advice;

import io.sluice.account.StreamRecord;
import io.sluice.agent.Probe;
import io.sluice.loop.Wire;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** An answer begins: head and first bytes go to the client. */
public final class AnswerBegun {
    private AnswerBegun() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    static @Nullable Object enter(@Advice.FieldValue("stream") @Nullable StreamRecord stream) {
        return Probe.answering(stream);
    }

    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.Enter @Nullable Object journey, @Advice.FieldValue("wire") Wire client) {
        Probe.answered(journey, client);
    }
}
