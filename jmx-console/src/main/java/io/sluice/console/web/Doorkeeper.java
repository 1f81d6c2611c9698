package io.sluice.console.web;

import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets one browser in: a token that is good once becomes a session's cookie.
 *
 * <p>Pages of other origins get nowhere: the cookie is {@code SameSite=Strict}, the Host must be loopback (a name that
 * is made to point here is refused), and what changes something carries a field that only a page of this origin can
 * send.
 *
 * <p><b>Threading:</b> any thread.
 */
final class Doorkeeper {
    private static final int SECRET_BYTES = 32;
    private static final String COOKIE = "sluicectl";
    /** Not a safelisted field: another origin's script may not send it without being asked for (Fetch §3.2). */
    private static final String OWN_FIELD = "X-Sluicectl";

    private final Set<String> hosts;
    private final String session = secret();
    private final String token = secret();
    private boolean tokenUsed;

    Doorkeeper(int port) {
        this.hosts = Set.of("127.0.0.1:" + port, "localhost:" + port);
    }

    private static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What the printed address carries. */
    String token() {
        return token;
    }

    boolean isLocal(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        return host != null && hosts.contains(host);
    }

    boolean isKnown(HttpExchange exchange) {
        for (String header : exchange.getRequestHeaders().getOrDefault("Cookie", java.util.List.of())) {
            for (String each : header.split(";", -1)) {
                String pair = each.strip();
                if (pair.startsWith(COOKIE + "=") && same(session, pair.substring(COOKIE.length() + 1))) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean mayChange(HttpExchange exchange) {
        return isKnown(exchange) && "1".equals(exchange.getRequestHeaders().getFirst(OWN_FIELD));
    }

    /** The cookie for whoever brings the token first; null for everybody else. */
    synchronized @Nullable String admit(String brought) {
        if (tokenUsed || !same(token, brought)) {
            return null;
        }
        tokenUsed = true;
        return COOKIE + "=" + session + "; Path=/; HttpOnly; SameSite=Strict";
    }

    private static boolean same(String secret, String brought) {
        return MessageDigest.isEqual(
                secret.getBytes(StandardCharsets.US_ASCII), brought.getBytes(StandardCharsets.US_ASCII));
    }
}
