package io.sluice.demo;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.x request (RFC 9112), strict about what a proxy could get wrong: two framings, two lengths, bare CR,
 * folded lines and white space before a colon are refused.
 *
 * @param path without the query
 * @param query as sent, empty if there is none
 * @param minor 0 or 1, of HTTP/1.x
 * @param headers by name without regard to case; repeated headers keep their order
 * @param body a session id and a command, or the parameters of a stream; empty if there is none
 */
record Request(String method, String path, String query, int minor, Map<String, List<String>> headers, String body) {
    static final int MOST_BODY_BYTES = 16 * 1024;
    private static final int MOST_LINE_BYTES = 8 * 1024;
    private static final int MOST_HEADERS = 100;
    private static final int KEEP_ALIVE_MILLIS = 75_000;
    private static final int SLOW_MILLIS = 20_000;
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** The next request of a connection; null once the client has left or has been silent for long. */
    static @Nullable Request read(Inbound in, OutputStream out) throws IOException {
        String line = in.readLine(MOST_LINE_BYTES, KEEP_ALIVE_MILLIS);
        if (line != null && line.isEmpty()) {
            line = in.readLine(MOST_LINE_BYTES, KEEP_ALIVE_MILLIS); // RFC 9112 §2.2: one empty line before is fine
        }
        if (line == null) {
            return null;
        }
        String[] parts = line.split(" ", -1);
        if (parts.length != 3 || !isToken(parts[0]) || !parts[1].startsWith("/") || !isVisible(parts[1])) {
            throw new BadRequest(400, "not a request line");
        }
        if (!parts[2].equals("HTTP/1.1") && !parts[2].equals("HTTP/1.0")) {
            throw new BadRequest(505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
        }
        int minor = parts[2].charAt(7) - '0';
        Map<String, List<String>> headers = readHeaders(in);
        if (minor == 1 && headers.getOrDefault("Host", List.of()).size() != 1) {
            throw new BadRequest(400, "needs exactly one Host");
        }
        int question = parts[1].indexOf('?');
        String path = question < 0 ? parts[1] : parts[1].substring(0, question);
        String query = question < 0 ? "" : parts[1].substring(question + 1);
        Request head = new Request(parts[0], path, query, minor, headers, "");
        return new Request(parts[0], path, query, minor, headers, readBody(head, in, out));
    }

    private static Map<String, List<String>> readHeaders(Inbound in) throws IOException {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int count = 0; count <= MOST_HEADERS; count++) {
            String line = lineOf(in);
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon <= 0 || !isToken(line.substring(0, colon))) {
                throw new BadRequest(400, "not a header line");
            }
            String value = line.substring(colon + 1).strip();
            if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 127)) {
                throw new BadRequest(400, "a control character in a header");
            }
            headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                    .add(value);
        }
        throw new BadRequest(431, "more than " + MOST_HEADERS + " headers");
    }

    private static String readBody(Request head, Inbound in, OutputStream out) throws IOException {
        List<String> lengths = head.headers.getOrDefault("Content-Length", List.of());
        List<String> codings = head.headers.getOrDefault("Transfer-Encoding", List.of());
        if (lengths.isEmpty() && codings.isEmpty()) {
            return "";
        }
        if (lengths.size() + codings.size() > 1) {
            throw new BadRequest(400, "more than one framing of the body");
        }
        if (!codings.isEmpty() && !codings.get(0).equalsIgnoreCase("chunked")) {
            throw new BadRequest(501, "only chunked is understood");
        }
        int length = codings.isEmpty() ? bounded(lengths.get(0), 10) : 0;
        if (head.minor == 1 && "100-continue".equalsIgnoreCase(head.header("Expect"))) {
            out.write(CONTINUE);
            out.flush();
        }
        byte[] body = codings.isEmpty() ? in.readExactly(length, SLOW_MILLIS) : readChunks(in);
        return new String(body, StandardCharsets.UTF_8).strip();
    }

    private static byte[] readChunks(Inbound in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String line = lineOf(in);
            int extension = line.indexOf(';');
            int length =
                    bounded(extension < 0 ? line : line.substring(0, extension).strip(), 16);
            if (length == 0) {
                readHeaders(in); // trailers
                return body.toByteArray();
            }
            body.writeBytes(in.readExactly(length, SLOW_MILLIS));
            if (body.size() > MOST_BODY_BYTES) {
                throw new BadRequest(413, "a body holds at most " + MOST_BODY_BYTES + " bytes");
            }
            if (!lineOf(in).isEmpty()) {
                throw new BadRequest(400, "a chunk is longer than it says");
            }
        }
    }

    private static String lineOf(Inbound in) throws IOException {
        String line = in.readLine(MOST_LINE_BYTES, SLOW_MILLIS);
        if (line == null) {
            throw new EOFException("left within a request");
        }
        return line;
    }

    private static int bounded(String digits, int radix) throws BadRequest {
        boolean wellFormed =
                !digits.isEmpty() && digits.chars().allMatch(c -> Character.digit(c, radix) >= 0 && c < 128);
        if (!wellFormed) {
            throw new BadRequest(400, "not a length");
        }
        if (digits.length() > 9 || Long.parseLong(digits, radix) > MOST_BODY_BYTES) {
            throw new BadRequest(413, "a body holds at most " + MOST_BODY_BYTES + " bytes");
        }
        return Integer.parseInt(digits, radix);
    }

    private static boolean isToken(String text) {
        return !text.isEmpty()
                && text.chars()
                        .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0));
    }

    private static boolean isVisible(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 127);
    }

    /** The only or first value; null if the header is absent. */
    @Nullable
    String header(String name) {
        List<String> values = headers.get(name);
        return values == null ? null : values.get(0);
    }

    /** Whether a comma-separated header names {@code token}, without regard to case. */
    boolean headerHas(String name, String token) {
        for (String value : headers.getOrDefault(name, List.of())) {
            for (String part : value.split(",", -1)) {
                if (part.strip().equalsIgnoreCase(token)) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean keepsAlive() {
        return minor == 1 ? !headerHas("Connection", "close") : headerHas("Connection", "keep-alive");
    }

    /** A parameter of the query or of the body, as sent; null if neither has it. */
    @Nullable
    String parameter(String name) {
        for (String source : List.of(query, body)) {
            for (String pair : source.split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0
                        && pair.substring(0, equals).toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
                    return pair.substring(equals + 1);
                }
            }
        }
        return null;
    }
}
