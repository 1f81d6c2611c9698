package io.sluice.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One client's conversation with one demo Liberator. Every line starts with the session's id and names the Liberator:
 *
 * <pre>
 * A-5f0c2b91 0 A HELLO Kind=sse
 * A-5f0c2b91 1 A FX/EURUSD Bid=1.0931 Ask=1.0933 Seq=1 At=1764000000000
 * A-5f0c2b91 2 A HEARTBEAT At=1764000002000
 * A-5f0c2b91 OK NOOP
 * </pre>
 *
 * <p><b>Threading:</b> any thread. A stream's session is used by its connection and by the command channel.
 */
final class Session {
    private static final long HEARTBEAT_NANOS = 2_000_000_000L;
    private static final double MOST_SECONDS_BEHIND = 5;
    private static final int LONGEST_VERB = 16;

    private final String id;
    private final String liberator;
    private final DemoMarket market;
    private final Pace pace;
    private long sequence;
    private int nextInstrument;
    private long sentNanos;
    private volatile long usedNanos;

    Session(String id, String liberator, DemoMarket market) {
        this.id = id;
        this.liberator = liberator;
        this.market = market;
        long nowNanos = System.nanoTime();
        this.pace = new Pace(market.size(), MOST_SECONDS_BEHIND, nowNanos);
        this.sentNanos = nowNanos;
        this.usedNanos = nowNanos;
    }

    String id() {
        return id;
    }

    /** When a client was last heard of or served; an unused session is forgotten. */
    long usedNanos() {
        return usedNanos;
    }

    void use() {
        usedNanos = System.nanoTime();
    }

    String hello(String kind) {
        return id + " 0 " + liberator + " HELLO Kind=" + kind;
    }

    /** The lines that are due now, oldest first; a heartbeat after two silent seconds; often none. */
    synchronized List<String> dueLines(double messagesPerSecond) {
        long nowNanos = System.nanoTime();
        long nowMillis = System.currentTimeMillis();
        usedNanos = nowNanos;
        int due = pace.due(messagesPerSecond, nowNanos);
        List<String> lines = new ArrayList<>(Math.max(1, due));
        for (int i = 0; i < due; i++) {
            long behindMillis = (long) ((due - 1 - i) * 1000 / Math.max(1, messagesPerSecond));
            lines.add(priceLine(nowNanos, nowMillis - behindMillis));
        }
        if (lines.isEmpty() && nowNanos - sentNanos >= HEARTBEAT_NANOS) {
            lines.add(heartbeat(nowMillis));
        }
        if (!lines.isEmpty()) {
            sentNanos = nowNanos;
        }
        return lines;
    }

    synchronized long waitNanos(double messagesPerSecond) {
        return pace.waitNanos(messagesPerSecond);
    }

    /** A poll is never answered with an empty body: StreamLink takes that for an invalid response. */
    List<String> polledLines(double messagesPerSecond) {
        List<String> lines = dueLines(messagesPerSecond);
        return lines.isEmpty() ? List.of(heartbeat(System.currentTimeMillis())) : lines;
    }

    /** The answer to a command; of what the client sent only the verb is repeated, never what follows it. */
    String answer(String command) {
        use();
        int end = command.indexOf(' ');
        String verb = (end < 0 ? command : command.substring(0, end)).toUpperCase(Locale.ROOT);
        boolean known =
                !verb.isEmpty() && verb.length() <= LONGEST_VERB && verb.chars().allMatch(c -> c >= 'A' && c <= 'Z');
        return id + (known ? " OK " + verb : " ERROR not a command");
    }

    private String priceLine(long nowNanos, long atMillis) {
        String quote = market.quote(nextInstrument, nowNanos);
        nextInstrument = (nextInstrument + 1) % market.size();
        sequence++;
        return id + " 1 " + liberator + " " + quote + " Seq=" + sequence + " At=" + atMillis;
    }

    private String heartbeat(long nowMillis) {
        return id + " 2 " + liberator + " HEARTBEAT At=" + nowMillis;
    }
}
