package io.sluice.account;

import java.util.Locale;

/** Every reason for which Sluice refuses a connection or a request, with the HTTP status it is told with. */
public enum Refusal {
    BAD_REQUEST_LINE(400, "request line malformed"),
    BAD_FIELD(400, "header field malformed"),
    BAD_LINE_END(400, "line not ended by CR LF"),
    HTTP_VERSION(505, "HTTP version not supported"),
    NO_HOST(400, "Host missing, doubled or malformed"),
    TARGET_MISMATCH(400, "request target and Host name different hosts"),
    BAD_TARGET(400, "request target malformed"),
    BAD_LENGTH(400, "Content-Length malformed, doubled or beside Transfer-Encoding"),
    BAD_TRANSFER_CODING(400, "Transfer-Encoding other than one 'chunked'"),
    BAD_CHUNK(400, "chunk of the request body malformed"),
    BAD_CONNECTION_OPTION(400, "Connection names a field that must not be removed"),
    BAD_EXPECTATION(417, "Expect other than 100-continue"),
    BAD_UPGRADE(400, "Upgrade that is not a WebSocket handshake"),
    WEBSOCKET_VERSION(426, "WebSocket version other than 13"),
    METHOD(405, "method refused"),
    HEAD_TOO_LARGE(431, "request head larger than maxRequestHead"),
    URI_TOO_LONG(414, "request target longer than maxUri"),
    HEAD_TIMEOUT(408, "request head not complete within requestHeadTimeout"),
    BODY_TIMEOUT(408, "request body slower than requestBodyMinRate"),
    UNKNOWN_HOST(404, "no route for the host"),
    MISDIRECTED(421, "TLS server name and Host differ"),
    DENIED_PATH(403, "path denied by denyPaths"),
    UNKNOWN_PATH(404, "no Liberator of the pool for the path"),
    AFFINITY_FORGED(400, "affinity cookie forged, altered, expired or of an unknown key"),
    AFFINITY_RELEASED(503, "Liberator of the client gone for long: the client may start anew"),
    ROUTE_DISABLED(503, "route disabled by an operator"),
    LIBERATOR_DOWN(503, "Liberator refused the connection or cannot be reached"),
    CONNECT_TIMEOUT(504, "Liberator not connected within connectTimeout"),
    LIBERATOR_TLS(502, "no TLS connection to the Liberator: certificate not trusted, or nothing in common"),
    OUT_OF_SERVICE(503, "Liberator is being drained or is disabled: no new streams"),
    LIBERATOR_LIMIT(503, "Liberator at its maxConnections"),
    NEW_STREAM_LIMIT(503, "new streams of the Liberator wait for newStreamsPerSecond; no turn in time"),
    LIBERATOR_LOST(502, "Liberator ended the connection before its response head was complete"),
    LIBERATOR_FAULT(502, "Liberator's response head malformed, or a 101 that accepts nothing"),
    RESPONSE_HEAD_TIMEOUT(504, "Liberator sent no response head within responseHeadTimeout"),
    NO_DESCRIPTOR(503, "the appliance has no descriptor left for a connection to the Liberator"),
    APPLIANCE_LIMIT(0, "appliance at its limits.connections"),
    ADDRESS_DENIED(0, "client address denied by limits.deny, or not in limits.allow"),
    LISTENER_LIMIT(503, "listener at its limits.connections"),
    ADDRESS_LIMIT(503, "client address at its limits.connectionsPerAddress"),
    PROXY_PEER(0, "peer not in proxyProtocol.accept: it may not announce clients, nor be one"),
    PROXY_HEADER(0, "PROXY header missing, malformed, or to be read in two ways"),
    PROXY_TIMEOUT(0, "PROXY header not complete within proxyProtocol.timeout"),
    TLS_HANDSHAKE(0, "TLS handshake failed in another way"),
    TLS_LEFT(0, "client left during the TLS handshake"),
    NOT_TLS(0, "client did not speak TLS"),
    TLS_VERSION(0, "no TLS version in common"),
    TLS_CIPHER(0, "no TLS cipher suite or signature in common"),
    TLS_ALERT(0, "client refused the TLS handshake with an alert, as when it does not trust the certificate"),
    CLIENT_CERTIFICATE_MISSING(0, "client showed no certificate where one is needed"),
    CLIENT_CERTIFICATE_EXPIRED(0, "client certificate expired or not valid yet"),
    CLIENT_CERTIFICATE_UNTRUSTED(0, "client certificate not issued by an authority in trust, or not for clients"),
    TLS_TIMEOUT(0, "TLS handshake not complete within tlsHandshakeTimeout"),
    CLIENT_HELLO(0, "TLS ClientHello malformed, larger than 16 KiB, or to be read in two ways"),
    UNKNOWN_SNI(0, "TLS server name has no certificate; where TLS is passed through: no route, or is missing"),
    DATA_DURING_STREAM(0, "client sent data where only a stream's end was allowed"),
    H2_PREFACE(0, "HTTP/2 connection without its preface or first SETTINGS"),
    H2_FRAME(0, "HTTP/2 frame malformed, or none that may come now"),
    H2_FIELD_BLOCK(0, "HTTP/2 field block that cannot be decoded, or in too many pieces"),
    H2_MESSAGE(0, "HTTP/2 request malformed, or its body not as long as declared"),
    H2_STREAMS(0, "more HTTP/2 streams at a time than allowed"),
    H2_RESETS(0, "more HTTP/2 streams reset, or made to be reset, than allowed"),
    H2_FLOOD(0, "more HTTP/2 control frames or empty frames than allowed"),
    H2_STALLED(0, "HTTP/2 connection took no byte for longer than stalledClientTimeout"),
    STICKINESS(0, "connection and decision named different Liberators: a defect of Sluice");

    private final int status;
    private final String sentence;
    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    Refusal(int status, String sentence) {
        this.status = status;
        this.sentence = sentence;
    }

    /** The HTTP status, or 0 where no HTTP answer is possible. */
    public int status() {
        return status;
    }

    public String sentence() {
        return sentence;
    }

    /** As in the log: {@code unknown-host}. */
    public String label() {
        return label;
    }
}
