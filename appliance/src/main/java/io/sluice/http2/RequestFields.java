package io.sluice.http2;

import io.sluice.account.Refusal;
import io.sluice.relay.ContentLength;
import io.sluice.relay.Octets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The field block of a request, checked by the rules that HTTP/2 adds (RFC 9113 §8.2, §8.3; RFC 8441) and written as
 * one HTTP/1.1 request head. Every other rule is left to whoever reads that head, as it reads any other.
 *
 * <p>No byte passes that could end a line or a word of the head: a name is a lower-case token, a value holds no control
 * character and no blank at its ends, method and target hold no blank at all.
 */
final class RequestFields implements HpackReader.Receiver {
    /** What a field counts for beyond its name and value (RFC 9113 §10.5.1). */
    private static final int FIELD_OVERHEAD = 32;

    private static final int KEY_BYTES = 16;

    private final int maxBytes;
    private final StringBuilder lines = new StringBuilder(512);
    private final StringBuilder cookies = new StringBuilder();
    private long bytes;
    private boolean regularSeen;
    private boolean malformed;
    private @Nullable String method;
    private @Nullable String scheme;
    private @Nullable String path;
    private @Nullable String authority;
    private @Nullable String protocol;
    private @Nullable String host;
    private @Nullable String contentLength;

    /**
     * @param maxBytes the most that all fields together may count for; of what comes beyond, nothing is kept
     */
    RequestFields(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public void field(String name, String value) {
        bytes += name.length() + value.length() + FIELD_OVERHEAD;
        if (bytes > maxBytes || malformed) {
            return;
        }
        if (!isFieldValue(value)) {
            malformed = true;
        } else if (name.startsWith(":")) {
            malformed = regularSeen || !pseudo(name, value);
        } else {
            regularSeen = true;
            malformed = !isFieldName(name) || !regular(name, value);
        }
    }

    private boolean pseudo(String name, String value) {
        String before;
        switch (name) {
            case ":method" -> {
                before = method;
                method = value;
            }
            case ":scheme" -> {
                before = scheme;
                scheme = value;
            }
            case ":path" -> {
                before = path;
                path = value;
            }
            case ":authority" -> {
                before = authority;
                authority = value;
            }
            case ":protocol" -> {
                before = protocol;
                protocol = value;
            }
            default -> {
                return false;
            }
        }
        return before == null;
    }

    private boolean regular(String name, String value) {
        switch (name) {
            case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade" -> {
                return false;
            }
            case "te" -> {
                return value.equalsIgnoreCase("trailers");
            }
            case "host" -> {
                boolean first = host == null;
                host = value;
                return first;
            }
            case "content-length" -> {
                boolean first = contentLength == null;
                contentLength = value;
                return first;
            }
            case "cookie" -> cookies.append(cookies.isEmpty() ? "" : "; ").append(value);
            case "sec-websocket-key" -> {
                // RFC 8441 §5: not used; ours is sent instead.
                if (!isExtendedConnect()) {
                    line(name, value);
                }
            }
            default -> line(name, value);
        }
        return true;
    }

    private void line(String name, String value) {
        lines.append(name).append(": ").append(value).append("\r\n");
    }

    private static boolean isFieldName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!Octets.isTokenCharacter((byte) c) || (c >= 'A' && c <= 'Z')) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static boolean isFieldValue(String value) {
        int length = value.length();
        for (int i = 0; i < length; i++) {
            if (!Octets.isFieldText((byte) value.charAt(i))) {
                return false;
            }
        }
        return length == 0
                || (!Octets.isSpace((byte) value.charAt(0)) && !Octets.isSpace((byte) value.charAt(length - 1)));
    }

    /** A word of the request line: visible ASCII alone. */
    private static boolean isWord(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 127);
    }

    private boolean isExtendedConnect() {
        return protocol != null;
    }

    boolean isTooLarge() {
        return bytes > maxBytes;
    }

    /**
     * What is wrong with the request as a message of HTTP/2; null when nothing is. Once, after the last field.
     *
     * @param ends whether no DATA follows
     */
    @Nullable
    Refusal check(boolean ends) {
        if (malformed || method == null || !isToken(method)) {
            return Refusal.H2_MESSAGE;
        }
        if (host != null && authority != null && !host.equalsIgnoreCase(authority)) {
            return Refusal.H2_MESSAGE;
        }
        boolean connect = method.equals("CONNECT");
        if (protocol != null && (!connect || ends)) {
            return Refusal.H2_MESSAGE;
        }
        if (connect && protocol == null) {
            // RFC 9113 §8.5; refused like any CONNECT once it is read.
            boolean wellFormed = scheme == null && path == null && authority != null && isWord(authority);
            return wellFormed ? null : Refusal.H2_MESSAGE;
        }
        boolean asterisk = "*".equals(path) && method.equals("OPTIONS");
        boolean target = path != null && isWord(path) && (path.startsWith("/") || asterisk);
        boolean web = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
        boolean lengthKept = !ends || declaredLength() <= 0;
        return target && web && lengthKept ? null : Refusal.H2_MESSAGE;
    }

    private static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> Octets.isTokenCharacter((byte) c));
    }

    /** The length that the client declared; -1 when it declared none, or none that can be read. */
    long declaredLength() {
        if (contentLength == null) {
            return -1;
        }
        byte[] digits = contentLength.getBytes(StandardCharsets.ISO_8859_1);
        return ContentLength.parse(digits, 0, digits.length);
    }

    boolean isHead() {
        return "HEAD".equals(method);
    }

    /** Whether this asks for a WebSocket (RFC 8441 §5). */
    boolean isWebSocket() {
        return "websocket".equals(protocol);
    }

    /** What the client says of the host; empty when it says nothing. */
    String authority() {
        String named = authority == null ? host : authority;
        return named == null ? "" : named;
    }

    /**
     * The request head in HTTP/1.1. A checked request only.
     *
     * @param ends whether no DATA follows
     */
    ByteBuffer head(boolean ends) {
        StringBuilder head = new StringBuilder(lines.length() + 256);
        if (isWebSocket()) {
            head.append("GET ").append(path);
        } else if (path == null || protocol != null) {
            head.append("CONNECT ").append(authority());
        } else {
            head.append(method).append(' ').append(path);
        }
        head.append(" HTTP/1.1\r\n");
        if (!authority().isEmpty()) {
            head.append("host: ").append(authority()).append("\r\n");
        }
        if (isWebSocket()) {
            head.append("connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: ")
                    .append(newKey())
                    .append("\r\n");
        }
        if (contentLength != null) {
            head.append("content-length: ").append(contentLength).append("\r\n");
        } else if (!ends && !isWebSocket()) {
            head.append("transfer-encoding: chunked\r\n");
        }
        if (!cookies.isEmpty()) {
            // RFC 9113 §8.2.3: what was split for the sake of compression is one field again.
            head.append("cookie: ").append(cookies).append("\r\n");
        }
        head.append(lines).append("\r\n");
        return ByteBuffer.wrap(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** RFC 6455 §4.1: a nonce; it keeps no secret. */
    private static String newKey() {
        byte[] key = new byte[KEY_BYTES];
        ThreadLocalRandom.current().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    /** The fields as a trailer section of HTTP/1.1 (RFC 9113 §8.1); null when they are none that may stand there. */
    byte @Nullable [] trailers() {
        boolean pseudo = method != null || scheme != null || path != null || authority != null || protocol != null;
        if (malformed || pseudo || isTooLarge()) {
            return null;
        }
        return lines.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
