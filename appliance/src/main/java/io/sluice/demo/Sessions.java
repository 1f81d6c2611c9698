package io.sluice.demo;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that one demo Liberator knows. A command for any other session is answered with 404, as Liberator does:
 * a proxy that sends a command to the wrong Liberator is found out at once.
 *
 * <p><b>Threading:</b> any thread.
 */
final class Sessions {
    private static final long FORGOTTEN_AFTER_NANOS = 180_000_000_000L;
    private static final int SWEEP_EVERY = 64;
    private static final int MOST_SESSIONS = 50_000;

    private final String liberator;
    private final DemoMarket market;
    private final Map<String, Session> byId = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    Sessions(String liberator, DemoMarket market) {
        this.liberator = liberator;
        this.market = market;
    }

    Session open() throws BadRequest {
        if (byId.size() % SWEEP_EVERY == SWEEP_EVERY - 1) {
            long nowNanos = System.nanoTime();
            byId.values().removeIf(session -> nowNanos - session.usedNanos() > FORGOTTEN_AFTER_NANOS);
        }
        if (byId.size() >= MOST_SESSIONS) {
            throw new BadRequest(503, "more than " + MOST_SESSIONS + " sessions");
        }
        byte[] id = new byte[6];
        random.nextBytes(id);
        Session session = new Session(liberator + "-" + HexFormat.of().formatHex(id), liberator, market);
        byId.put(session.id(), session);
        return session;
    }

    @Nullable
    Session find(String id) {
        return byId.get(id);
    }
}
