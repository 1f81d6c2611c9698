package io.sluice.demo;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One HTTP answer, put together and then written at once. */
final class Reply {
    private final StringBuilder head = new StringBuilder(512);
    private byte @Nullable [] body;

    Reply(int status) {
        head.append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason(status))
                .append("\r\n");
    }

    static Reply preflight(Request request) {
        Reply reply = new Reply(204)
                .header("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
                .header("Access-Control-Max-Age", "600");
        String asked = request.header("Access-Control-Request-Headers");
        return asked == null ? reply : reply.header("Access-Control-Allow-Headers", asked);
    }

    Reply header(String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
        return this;
    }

    Reply text(String text) {
        return body("text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    Reply body(String contentType, byte[] bytes) {
        body = bytes;
        return header("Content-Type", contentType)
                .header("Content-Length", String.valueOf(bytes.length))
                .header("Cache-Control", "no-store");
    }

    Reply stream(String contentType, boolean chunked) {
        return header("Content-Type", contentType)
                .header("Cache-Control", "no-store")
                .header(chunked ? "Transfer-Encoding" : "Connection", chunked ? "chunked" : "close");
    }

    /** The asking origin is let in, as Liberator does when {@code http-access-control-header} allows it. */
    Reply cors(Request request) {
        String origin = request.header("Origin");
        return origin == null
                ? this
                : header("Access-Control-Allow-Origin", origin).header("Vary", "Origin");
    }

    byte[] bytes(boolean closing, boolean headOnly) {
        header("Server", "Demo-Liberator");
        header("X-Content-Type-Options", "nosniff");
        if (closing) {
            header("Connection", "close");
        }
        byte[] top = (head + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] rest = body;
        if (rest == null || headOnly) {
            return top;
        }
        byte[] all = new byte[top.length + rest.length];
        System.arraycopy(top, 0, all, 0, top.length);
        System.arraycopy(rest, 0, all, top.length, rest.length);
        return all;
    }

    private static String reason(int status) {
        return switch (status) {
            case 101 -> "Switching Protocols";
            case 200 -> "OK";
            case 204 -> "No Content";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 413 -> "Content Too Large";
            case 426 -> "Upgrade Required";
            case 431 -> "Request Header Fields Too Large";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            case 505 -> "HTTP Version Not Supported";
            default -> "Unknown";
        };
    }
}
