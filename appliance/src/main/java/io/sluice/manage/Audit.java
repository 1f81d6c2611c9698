package io.sluice.manage;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every attempt to change something through management, done or refused: a line of JSON in the audit log, a
 * notification, a place among the last ones.
 *
 * <p><b>Threading:</b> any thread; nobody waits for the disk.
 */
final class Audit {
    private static final int MOST_KEPT = 50;
    private static final int MOST_ARGUMENT_CHARS = 200;

    /**
     * One attempt.
     *
     * @param operation its name, or {@code set NAME} for an attribute
     * @param result {@code ok}, {@code refused: …} by the rules of roles, or {@code failed: …}
     */
    record Write(
            Instant at, Caller caller, String mbean, String operation, List<String> arguments, String result, long ms) {
        boolean isRefused() {
            return result.startsWith("refused");
        }

        String json() {
            return new Json()
                    .text("at", TextTable.instant(at))
                    .text("user", caller.user())
                    .text("role", caller.role().word())
                    .text("from", caller.from())
                    .text("mbean", mbean)
                    .text("operation", operation)
                    .texts("arguments", arguments)
                    .text("result", result)
                    .number("ms", ms)
                    .toString();
        }
    }

    private final Consumer<String> log;
    private final Deque<Write> last = new ArrayDeque<>();
    private final LongAdder total = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile Consumer<Write> listener = write -> {};

    /** @param log takes the lines; must not block */
    Audit(Consumer<String> log) {
        this.log = log;
    }

    /** Who is told of each one; must not throw. */
    void onWrite(Consumer<Write> told) {
        listener = told;
    }

    /** What came of a call: its exception's sentence, or that it was done. */
    void wrote(
            Caller caller,
            String mbean,
            String operation,
            @Nullable Object @Nullable [] arguments,
            String result,
            long nanos) {
        Write write = new Write(
                Instant.now(), caller, mbean, operation, texts(arguments), shortened(result), nanos / 1_000_000);
        total.increment();
        if (write.isRefused()) {
            refused.increment();
        }
        synchronized (last) {
            if (last.size() == MOST_KEPT) {
                last.removeFirst();
            }
            last.addLast(write);
        }
        log.accept(write.json());
        listener.accept(write);
    }

    /** No operation takes a secret; long texts, such as a whole configuration, are cut. */
    private static List<String> texts(@Nullable Object @Nullable [] arguments) {
        List<String> texts = new ArrayList<>();
        if (arguments != null) {
            for (Object each : arguments) {
                texts.add(shortened(each instanceof Object[] array ? Arrays.toString(array) : String.valueOf(each)));
            }
        }
        return texts;
    }

    private static String shortened(String text) {
        return text.length() <= MOST_ARGUMENT_CHARS
                ? text
                : text.substring(0, MOST_ARGUMENT_CHARS) + "… (" + text.length() + " characters)";
    }

    /** Oldest first. */
    List<Write> last() {
        synchronized (last) {
            return List.copyOf(last);
        }
    }

    long total() {
        return total.sum();
    }

    long refusedTotal() {
        return refused.sum();
    }
}
