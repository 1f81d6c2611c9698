package io.sluice.relay;

import io.sluice.account.Kind;
import io.sluice.account.Refusal;
import io.sluice.route.HostName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request head, read once, strictly: what could be read in two ways is refused, nothing is repaired.
 *
 * <p>The rules are those of RFC 9112 §2 to §6 and RFC 6455 §4.2.1 without their leniencies. Whatever passes
 * here is written anew towards the Liberator ({@link RequestHeadWriter}); the bytes of a head never go
 * upstream as they came.
 */
final class RequestHead {
    private static final int MAX_METHOD_LENGTH = 32;
    private static final int LINE_OVERHEAD = "  HTTP/1.1".length();
    private static final int WEBSOCKET_KEY_LENGTH = 24;
    private static final String RTTP_TYPE = "/RTTP-TYPE";

    private static final byte[] HTTP_1 = Octets.of("HTTP/1.");
    private static final byte[] CHUNKED = Octets.of("chunked");
    private static final byte[] CONTINUE = Octets.of("100-continue");
    private static final byte[] WEBSOCKET = Octets.of("websocket");
    private static final byte[] WEBSOCKET_VERSION = Octets.of("13");
    private static final byte[] UPGRADE = Octets.of("upgrade");
    private static final byte[] CLOSE = Octets.of("close");

    /** Whoever could have one of these removed would change who asks, or for what. */
    private static final Set<FieldName> KEPT = EnumSet.of(
            FieldName.COOKIE,
            FieldName.AUTHORIZATION,
            FieldName.ORIGIN,
            FieldName.CONTENT_TYPE,
            FieldName.EXPECT,
            FieldName.CACHE_CONTROL,
            FieldName.SEC_WEBSOCKET_KEY,
            FieldName.SEC_WEBSOCKET_VERSION,
            FieldName.SEC_WEBSOCKET_PROTOCOL,
            FieldName.SEC_WEBSOCKET_EXTENSIONS);

    private final byte[] bytes;
    private final Fields fields;
    private String method = "";
    private String target = "";
    private String path = "";
    private String host = "";
    private @Nullable String hostField;
    private boolean http11;
    private Framing framing = Framing.NONE;
    private boolean webSocket;
    private boolean expectsContinue;

    private RequestHead(byte[] bytes) {
        this.bytes = bytes;
        this.fields = new Fields(bytes);
    }

    /** What {@link #read} found: a head, and the reason for which it must be refused, if any. */
    record Reading(RequestHead head, @Nullable Refusal refusal) {}

    /**
     * Reads a complete head.
     *
     * @param bytes from the request line to the empty line, both included; kept, not copied
     * @param maxUriBytes the longest request target allowed
     * @param hostNeeded whether a request without Host (HTTP/1.0) must be refused because nothing else says where it
     *     goes
     */
    static Reading read(byte[] bytes, int maxUriBytes, boolean hostNeeded) {
        RequestHead head = new RequestHead(bytes);
        return new Reading(head, head.parse(maxUriBytes, hostNeeded));
    }

    /**
     * Why a head of which only the start is there can be refused already: its request line is complete and
     * malformed, or it has none where the longest would be over.
     *
     * @param bytes the start of a head without an end, as far as it came; not moved
     * @return null when it may become a good one
     */
    static @Nullable Refusal refusalOfStart(ByteBuffer bytes, int maxUriBytes) {
        int start = bytes.position();
        int end = start;
        while (end < bytes.limit() && bytes.get(end) != '\r') {
            end++;
        }
        if (end >= bytes.limit() - 1) {
            return end - start > MAX_METHOD_LENGTH + maxUriBytes + LINE_OVERHEAD ? Refusal.URI_TOO_LONG : null;
        }
        byte[] line = new byte[end - start];
        bytes.get(start, line);
        return new RequestHead(line).parseRequestLine(line.length, maxUriBytes);
    }

    private @Nullable Refusal parse(int maxUriBytes, boolean hostNeeded) {
        int afterLine = indexOfLineEnd() + 2;
        Refusal refusal = parseRequestLine(afterLine - 2, maxUriBytes);
        if (refusal != null) {
            return refusal;
        }
        if (!fields.parse(afterLine)) {
            return fields.tooMany() ? Refusal.HEAD_TOO_LARGE : Refusal.BAD_FIELD;
        }
        refusal = checkHost(hostNeeded);
        refusal = refusal != null ? refusal : checkMethod();
        refusal = refusal != null ? refusal : checkFraming();
        refusal = refusal != null ? refusal : checkExpectation();
        refusal = refusal != null ? refusal : checkUpgrade();
        if (refusal == null && !fields.dropNominated(KEPT)) {
            refusal = Refusal.BAD_CONNECTION_OPTION;
        }
        return refusal;
    }

    private int indexOfLineEnd() {
        int at = 0;
        while (bytes[at] != '\r') {
            at++;
        }
        return at;
    }

    private @Nullable Refusal parseRequestLine(int end, int maxUriBytes) {
        int at = 0;
        while (at < end && Octets.isTokenCharacter(bytes[at])) {
            at++;
        }
        if (at == 0 || at > MAX_METHOD_LENGTH || at == end || bytes[at] != ' ') {
            return Refusal.BAD_REQUEST_LINE;
        }
        method = method(at);
        int targetStart = ++at;
        while (at < end && bytes[at] > ' ' && bytes[at] != 127) {
            if (bytes[at] == '#') {
                return Refusal.BAD_TARGET;
            }
            at++;
        }
        if (at == targetStart || at == end || bytes[at] != ' ') {
            return Refusal.BAD_REQUEST_LINE;
        }
        if (at - targetStart > maxUriBytes) {
            return Refusal.URI_TOO_LONG;
        }
        target = text(targetStart, at);
        return parseVersion(at + 1, end);
    }

    private @Nullable Refusal parseVersion(int start, int end) {
        int minor = start + HTTP_1.length;
        if (end != minor + 1 || !startsWithHttp(start) || !isDigit(bytes[minor - 2]) || !isDigit(bytes[minor])) {
            return Refusal.BAD_REQUEST_LINE;
        }
        if (bytes[minor - 2] != '1' || bytes[minor] > '1') {
            return Refusal.HTTP_VERSION;
        }
        http11 = bytes[minor] == '1';
        return null;
    }

    /** Whether {@code HTTP/x.} stands there, x being anything. */
    private boolean startsWithHttp(int start) {
        for (int i = 0; i < HTTP_1.length; i++) {
            if (bytes[start + i] != HTTP_1[i] && i != HTTP_1.length - 2) {
                return false;
            }
        }
        return true;
    }

    /** Host (RFC 9112 §3.2) and the forms of the request target that name one too. */
    private @Nullable Refusal checkHost(boolean hostNeeded) {
        int hosts = fields.occurrences(FieldName.HOST);
        if (hosts > 1 || (hosts == 0 && (http11 || hostNeeded))) {
            return Refusal.NO_HOST;
        }
        String field = fields.first(FieldName.HOST);
        if (field != null) {
            String name = HostName.ofAuthority(field);
            if (name == null) {
                return Refusal.NO_HOST;
            }
            host = name;
            hostField = name + field.substring(portStart(field));
        }
        return splitTarget();
    }

    /** Where the port of a well-formed authority starts, with its colon; its end when there is none. */
    private static int portStart(String authority) {
        int colon = authority.indexOf(':', Math.max(0, authority.lastIndexOf(']')));
        return colon < 0 ? authority.length() : colon;
    }

    private @Nullable Refusal splitTarget() {
        if (target.equals("*")) {
            path = target;
            return method.equals("OPTIONS") ? null : Refusal.BAD_TARGET;
        }
        if (!target.startsWith("/")) {
            Refusal refusal = fromAbsoluteForm();
            if (refusal != null) {
                return refusal;
            }
        }
        int query = target.indexOf('?');
        path = query < 0 ? target : target.substring(0, query);
        return null;
    }

    /** RFC 9112 §3.2.2: an absolute target must name the same authority as Host, or two readers would disagree. */
    private @Nullable Refusal fromAbsoluteForm() {
        int scheme = target.regionMatches(true, 0, "http://", 0, 7)
                ? 7
                : target.regionMatches(true, 0, "https://", 0, 8) ? 8 : 0;
        if (scheme == 0) {
            return method.equals("CONNECT") ? Refusal.METHOD : Refusal.BAD_TARGET;
        }
        int end = scheme;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        String authority = target.substring(scheme, end);
        String field = fields.first(FieldName.HOST);
        if (field == null || !authority.equalsIgnoreCase(field)) {
            return Refusal.TARGET_MISMATCH;
        }
        String rest = target.substring(end);
        boolean ofServer = rest.isEmpty() && method.equals("OPTIONS");
        target = ofServer ? "*" : rest.startsWith("/") ? rest : "/" + rest;
        return null;
    }

    private @Nullable Refusal checkMethod() {
        return method.equalsIgnoreCase("CONNECT")
                        || method.equalsIgnoreCase("TRACE")
                        || method.equalsIgnoreCase("TRACK")
                ? Refusal.METHOD
                : null;
    }

    /** RFC 9112 §6: exactly one way to tell where the body ends, for every method alike. */
    private @Nullable Refusal checkFraming() {
        int codings = fields.occurrences(FieldName.TRANSFER_ENCODING);
        int lengths = fields.occurrences(FieldName.CONTENT_LENGTH);
        if (codings > 0) {
            if (codings > 1 || !fields.firstIs(FieldName.TRANSFER_ENCODING, CHUNKED) || !http11) {
                return Refusal.BAD_TRANSFER_CODING;
            }
            if (lengths > 0) {
                return Refusal.BAD_LENGTH;
            }
            framing = Framing.CHUNKED;
        } else if (lengths > 0) {
            long length = lengths > 1 ? -1 : fields.contentLength();
            if (length < 0) {
                return Refusal.BAD_LENGTH;
            }
            framing = Framing.ofLength(length);
        }
        return null;
    }

    private @Nullable Refusal checkExpectation() {
        int expectations = fields.occurrences(FieldName.EXPECT);
        if (expectations == 0) {
            return null;
        }
        if (expectations > 1 || !fields.firstIs(FieldName.EXPECT, CONTINUE)) {
            return Refusal.BAD_EXPECTATION;
        }
        expectsContinue = http11 && framing.mode() != Framing.Mode.NONE;
        return null;
    }

    /**
     * A WebSocket handshake (RFC 6455 §4.2.1) is taken only when it is exactly one; an Upgrade to anything else
     * is no part of what is forwarded.
     */
    private @Nullable Refusal checkUpgrade() {
        if (!fields.lists(FieldName.UPGRADE, WEBSOCKET)) {
            return null;
        }
        boolean handshake = fields.occurrences(FieldName.UPGRADE) == 1
                && fields.firstIs(FieldName.UPGRADE, WEBSOCKET)
                && fields.lists(FieldName.CONNECTION, UPGRADE)
                && method.equals("GET")
                && http11
                && framing.mode() == Framing.Mode.NONE;
        if (!handshake) {
            return Refusal.BAD_UPGRADE;
        }
        if (fields.occurrences(FieldName.SEC_WEBSOCKET_VERSION) != 1
                || !fields.firstIs(FieldName.SEC_WEBSOCKET_VERSION, WEBSOCKET_VERSION)) {
            return Refusal.WEBSOCKET_VERSION;
        }
        String key = fields.first(FieldName.SEC_WEBSOCKET_KEY);
        if (key == null || fields.occurrences(FieldName.SEC_WEBSOCKET_KEY) != 1 || !isKey(key)) {
            return Refusal.BAD_UPGRADE;
        }
        webSocket = true;
        return null;
    }

    /** 16 bytes in base64: 22 characters and two pads. */
    private static boolean isKey(String key) {
        if (key.length() != WEBSOCKET_KEY_LENGTH || !key.endsWith("==")) {
            return false;
        }
        for (int i = 0; i < WEBSOCKET_KEY_LENGTH - 2; i++) {
            char c = key.charAt(i);
            if (!isDigit(c) && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') && c != '+' && c != '/') {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /** The method's name; the two that nearly every request has are not made anew. */
    private String method(int end) {
        if (end == 3 && bytes[0] == 'G' && bytes[1] == 'E' && bytes[2] == 'T') {
            return "GET";
        }
        if (end == 4 && bytes[0] == 'P' && bytes[1] == 'O' && bytes[2] == 'S' && bytes[3] == 'T') {
            return "POST";
        }
        return text(0, end);
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    Fields fields() {
        return fields;
    }

    String method() {
        return method;
    }

    /** The target in origin form, or {@code *}: its bytes as they came. */
    String target() {
        return target;
    }

    /** The target without its query. */
    String path() {
        return path;
    }

    /** The canonical host name; empty for an HTTP/1.0 request without Host. */
    String host() {
        return host;
    }

    /** The canonical host name with the port as it came; null when there was no Host. */
    @Nullable
    String hostField() {
        return hostField;
    }

    boolean isHttp11() {
        return http11;
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    Framing framing() {
        return framing;
    }

    /** Whether this is a WebSocket handshake, checked. */
    boolean isWebSocket() {
        return webSocket;
    }

    @Nullable
    String webSocketKey() {
        return fields.first(FieldName.SEC_WEBSOCKET_KEY);
    }

    boolean expectsContinue() {
        return expectsContinue;
    }

    /** Whether the client wants the connection to go on after the answer. HTTP/1.0 connections never do here. */
    boolean isPersistent() {
        return http11 && !fields.lists(FieldName.CONNECTION, CLOSE);
    }

    /** A guess at the kind, from what the request says; the response may correct it. */
    Kind kind() {
        if (webSocket) {
            return Kind.WEBSOCKET;
        }
        int type = path.indexOf(RTTP_TYPE);
        char number =
                type < 0 || type + RTTP_TYPE.length() == path.length() ? ' ' : path.charAt(type + RTTP_TYPE.length());
        switch (number) {
            case '9' -> {
                return Kind.SSE;
            }
            case '3' -> {
                return Kind.POLL;
            }
            case '2', '5' -> {
                Kind stream = number == '2' ? Kind.HTTP_STREAM : Kind.FOREVER_FRAME;
                return method.equals("GET") ? stream : Kind.OTHER;
            }
            default -> {
                String accept = fields.first(FieldName.ACCEPT);
                return accept != null && accept.contains("text/event-stream") ? Kind.SSE : Kind.OTHER;
            }
        }
    }
}
