package io.sluice.relay;

import io.sluice.account.Refusal;
import io.sluice.config.OnDown;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Sluice's own answers: a status, no body that could be taken for data, and the end of the connection.
 */
final class Answer {
    /** How long a client may well wait before it tries a Liberator that is down again. */
    private static final int RETRY_AFTER_SECONDS = 5;

    /** From {@link #status}: no answer, a reset. */
    static final int NONE = 0;

    private Answer() {}

    /** The status that {@code refusal} is answered with where {@code onDown} holds for Liberators that are gone. */
    static int status(Refusal refusal, OnDown onDown) {
        return switch (refusal) {
            case LIBERATOR_DOWN, OUT_OF_SERVICE, ROUTE_DISABLED ->
                switch (onDown) {
                    case SERVICE_UNAVAILABLE_503 -> 503;
                    case BAD_GATEWAY_502 -> 502;
                    case NOT_FOUND_404 -> 404;
                    case REFUSE -> NONE;
                };
            case CONNECT_TIMEOUT, NEW_STREAM_LIMIT -> onDown == OnDown.REFUSE ? NONE : refusal.status();
            default -> refusal.status();
        };
    }

    /**
     * The bytes of the answer to a refused request, with the status given.
     *
     * @param setCookie the value of a Set-Cookie field; null for none
     */
    static ByteBuffer of(int status, Refusal reason, @Nullable String setCookie) {
        StringBuilder text = new StringBuilder(160);
        text.append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(phrase(status))
                .append("\r\n");
        text.append("Content-Length: 0\r\nCache-Control: no-store\r\n");
        if (status == 503) {
            text.append("Retry-After: ").append(RETRY_AFTER_SECONDS).append("\r\n");
        }
        if (reason == Refusal.METHOD) {
            text.append("Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n");
        }
        if (reason == Refusal.WEBSOCKET_VERSION) {
            text.append("Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
        }
        if (setCookie != null) {
            text.append("Set-Cookie: ").append(setCookie).append("\r\n");
        }
        text.append("Connection: close\r\n\r\n");
        return ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** RFC 9110 §15. */
    private static String phrase(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 414 -> "URI Too Long";
            case 417 -> "Expectation Failed";
            case 421 -> "Misdirected Request";
            case 426 -> "Upgrade Required";
            case 431 -> "Request Header Fields Too Large";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            default -> "Refused";
        };
    }
}
