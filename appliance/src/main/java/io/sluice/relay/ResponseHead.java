package io.sluice.relay;

import io.sluice.account.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One response head from a Liberator, read strictly; a malformed one is no answer.
 *
 * <p>What passes is written anew by {@link #write}: the fields byte for byte, without those meant for this hop.
 *
 * <p><b>Threading:</b> one thread at a time.
 */
public final class ResponseHead {
    public static final int SWITCHING_PROTOCOLS = 101;

    private static final int NO_CONTENT = 204;
    private static final int UPGRADE_REQUIRED = 426;

    /** RFC 6455 §1.3. */
    private static final String WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static final byte[] CHUNKED = Octets.of("chunked");
    private static final byte[] WEBSOCKET = Octets.of("websocket");
    private static final byte[] UPGRADE_OPTION = Octets.of("upgrade");
    private static final byte[] CLOSE_OPTION = Octets.of("close");
    private static final int STATUS_START = "HTTP/1.1 ".length();
    private static final int MINOR_VERSION = "HTTP/1.".length();
    private static final byte[] VERSION = Octets.of("HTTP/1.1 ");
    private static final byte[] SET_COOKIE = Octets.of("Set-Cookie: ");
    private static final byte[] LINE_END = Octets.of("\r\n");
    private static final byte[] CLOSE = Octets.of("Connection: close\r\n");
    private static final byte[] UPGRADE_NAMED = Octets.of("Connection: Upgrade\r\n");
    private static final byte[] UPGRADE_AND_CLOSE = Octets.of("Connection: Upgrade, close\r\n");
    private static final byte[] UPGRADE = Octets.of("Connection: Upgrade\r\nUpgrade: websocket\r\n");

    /** A handshake that lost it would still look like one. */
    private static final Set<FieldName> KEPT = EnumSet.of(FieldName.SEC_WEBSOCKET_ACCEPT);

    private final byte[] bytes;
    private final Fields fields;
    private int lineEnd;
    private int status;
    private boolean http11;
    private Framing framing = Framing.NONE;

    private ResponseHead(byte[] bytes) {
        this.bytes = bytes;
        this.fields = new Fields(bytes);
    }

    /**
     * Reads a complete head.
     *
     * @param bytes from the status line to the empty line, both included; kept, not copied
     * @param toHead whether it answers a HEAD request, so that no body follows
     * @return null when it is malformed
     */
    public static @Nullable ResponseHead read(byte[] bytes, boolean toHead) {
        ResponseHead head = new ResponseHead(bytes);
        boolean good = head.parseStatusLine()
                && head.fields.parse(head.lineEnd + 2)
                && head.findFraming(toHead)
                && head.fields.dropNominated(KEPT);
        return good ? head : null;
    }

    private boolean parseStatusLine() {
        while (bytes[lineEnd] != '\r') {
            lineEnd++;
        }
        if (lineEnd < STATUS_START + 3) {
            return false;
        }
        for (int i = 0; i < STATUS_START; i++) {
            if (bytes[i] != VERSION[i] && !(i == MINOR_VERSION && bytes[i] == '0')) {
                return false;
            }
        }
        http11 = bytes[MINOR_VERSION] == '1';
        for (int i = 0; i < 3; i++) {
            int digit = bytes[STATUS_START + i] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            status = status * 10 + digit;
        }
        for (int i = STATUS_START + 3; i < lineEnd; i++) {
            if (!Octets.isFieldText(bytes[i])) {
                return false;
            }
        }
        boolean separated = lineEnd == STATUS_START + 3 || bytes[STATUS_START + 3] == ' ';
        return separated && status >= 100;
    }

    /** RFC 9112 §6.3, with the doubtful cases taken for malformed. */
    private boolean findFraming(boolean toHead) {
        int codings = fields.occurrences(FieldName.TRANSFER_ENCODING);
        int lengths = fields.occurrences(FieldName.CONTENT_LENGTH);
        long length = lengths == 0 ? 0 : fields.contentLength();
        if (codings > 1 || lengths > 1 || codings + lengths > 1 || length < 0) {
            return false;
        }
        if (codings == 1 && (!http11 || !fields.firstIs(FieldName.TRANSFER_ENCODING, CHUNKED))) {
            return false;
        }
        if (status < 200 && (codings > 0 || length > 0)) {
            return false;
        }
        if (toHead || isBodiless() || status == 304) {
            framing = Framing.NONE;
        } else if (codings == 1) {
            framing = Framing.CHUNKED;
        } else {
            framing = lengths == 1 ? Framing.ofLength(length) : Framing.UNTIL_CLOSE;
        }
        return true;
    }

    public Fields fields() {
        return fields;
    }

    public int status() {
        return status;
    }

    /** A 1xx that a final response will follow (RFC 9110 §15.2); a 101 is no such thing. */
    public boolean isInterim() {
        return status < 200 && status != SWITCHING_PROTOCOLS;
    }

    public Framing framing() {
        return framing;
    }

    /** Whether the Liberator keeps the connection open after this response. */
    boolean isPersistent() {
        return http11
                && framing.mode() != Framing.Mode.UNTIL_CLOSE
                && !fields.lists(FieldName.CONNECTION, CLOSE_OPTION);
    }

    /** Whether this is a 101 that accepts the WebSocket handshake with {@code key} (RFC 6455 §4.2.2). */
    boolean accepts(@Nullable String key) {
        return key != null
                && status == SWITCHING_PROTOCOLS
                && http11
                && fields.occurrences(FieldName.UPGRADE) == 1
                && fields.firstIs(FieldName.UPGRADE, WEBSOCKET)
                && fields.lists(FieldName.CONNECTION, UPGRADE_OPTION)
                && fields.occurrences(FieldName.SEC_WEBSOCKET_ACCEPT) == 1
                && acceptOf(key).equals(fields.first(FieldName.SEC_WEBSOCKET_ACCEPT));
    }

    private static String acceptOf(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            byte[] digest = sha1.digest((key + WEBSOCKET_GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The kind that this response makes of a request that looked like {@code asked}. */
    Kind kind(Kind asked) {
        if (status == SWITCHING_PROTOCOLS) {
            return Kind.WEBSOCKET;
        }
        if (status != 200 || !framing.isUnbounded()) {
            return asked == Kind.POLL ? Kind.POLL : Kind.OTHER;
        }
        String type = fields.first(FieldName.CONTENT_TYPE);
        if (type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream")) {
            return Kind.SSE;
        }
        return asked == Kind.WEBSOCKET ? Kind.OTHER : asked;
    }

    /** How many bytes {@link #write} may need. */
    int maxWrittenBytes() {
        return bytes.length + 4 * Fields.MAX_FIELDS + UPGRADE.length + UPGRADE_AND_CLOSE.length;
    }

    /**
     * Writes the head for the client.
     *
     * @param out with room for {@link #maxWrittenBytes}
     * @param close whether the connection ends with this response
     * @param decoded whether the chunked coding is taken off, for an HTTP/1.0 client
     * @param setCookie the value of a Set-Cookie field of ours; null for none
     */
    void write(ByteBuffer out, boolean close, boolean decoded, @Nullable String setCookie) {
        out.put(VERSION).put(bytes, STATUS_START, lineEnd - STATUS_START);
        if (lineEnd == STATUS_START + 3) {
            out.put((byte) ' ');
        }
        out.put(LINE_END);
        for (int i = 0; i < fields.count(); i++) {
            if (!fields.isDropped(i) && passes(fields.name(i), decoded)) {
                fields.write(i, out);
            }
        }
        if (setCookie != null) {
            out.put(SET_COOKIE).put(Octets.of(setCookie)).put(LINE_END);
        }
        if (status == SWITCHING_PROTOCOLS) {
            out.put(UPGRADE);
        } else if (namesUpgrade()) {
            out.put(close ? UPGRADE_AND_CLOSE : UPGRADE_NAMED);
        } else if (close && !isInterim()) {
            out.put(CLOSE);
        }
        out.put(LINE_END);
    }

    private boolean passes(@Nullable FieldName name, boolean decoded) {
        if (name == null) {
            return true;
        }
        return switch (name) {
            // RFC 9110 §8.6, RFC 9112 §6.1: not in a response that never has a body.
            case CONTENT_LENGTH -> !isBodiless();
            case TRANSFER_ENCODING -> !isBodiless() && !decoded;
            case TRAILER -> !decoded;
            case UPGRADE -> namesUpgrade();
            default -> name.fate() != FieldName.Fate.HOP;
        };
    }

    private boolean isBodiless() {
        return status < 200 || status == NO_CONTENT;
    }

    /** RFC 9110 §15.5.22: a 426 says what to upgrade to, and its Connection names the field (§7.8). */
    private boolean namesUpgrade() {
        return status == UPGRADE_REQUIRED && fields.occurrences(FieldName.UPGRADE) > 0;
    }
}
