package io.sluice.relay;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads bytes as the strictest server could: exactly one HTTP/1.1 request with its whole body, and nothing behind it.
 *
 * <p>Written for the fuzzers from RFC 9112 alone; shares no code with what it judges.
 */
final class OneRequest {
    private static final String TOKEN = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    final String method;
    final String target;
    final List<String[]> fields = new ArrayList<>();
    final String body;
    private final String text;
    private int at;

    private OneRequest(String text) {
        this.text = text;
        String[] line = line().split(" ", -1);
        check(line.length == 3 && isToken(line[0]) && line[2].equals("HTTP/1.1"), "request line");
        method = line[0];
        target = line[1];
        check(!target.isEmpty() && target.chars().allMatch(c -> c > ' ' && c < 127 && c != '#'), "target");
        readFields();
        check(values("host").size() == 1, "one Host");
        body = readBody();
        check(at == text.length(), "nothing behind the request");
    }

    /** @throws AssertionError when the bytes are anything else */
    static OneRequest of(byte[] bytes) {
        return new OneRequest(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    List<String> values(String lowerName) {
        List<String> values = new ArrayList<>();
        for (String[] field : fields) {
            if (field[0].toLowerCase(Locale.ROOT).equals(lowerName)) {
                values.add(field[1]);
            }
        }
        return values;
    }

    private void readFields() {
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            check(colon > 0 && isToken(line.substring(0, colon)), "field name");
            String value = line.substring(colon + 1);
            check(value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 127)), "field value");
            fields.add(new String[] {line.substring(0, colon), value.strip()});
        }
    }

    private String readBody() {
        List<String> lengths = values("content-length");
        List<String> codings = values("transfer-encoding");
        check(lengths.size() + codings.size() <= 1, "one framing");
        if (codings.size() == 1) {
            check(codings.get(0).equals("chunked"), "coding");
            return readChunks();
        }
        if (lengths.isEmpty()) {
            return "";
        }
        check(lengths.get(0).matches("0|[1-9][0-9]{0,17}"), "canonical length");
        long length = Long.parseLong(lengths.get(0));
        check(length <= text.length() - at, "whole body");
        at += (int) length;
        return text.substring(at - (int) length, at);
    }

    private String readChunks() {
        StringBuilder content = new StringBuilder();
        while (true) {
            String size = line();
            check(size.matches("0|[1-9a-f][0-9a-f]{0,7}"), "canonical chunk size");
            int length = Integer.parseInt(size, 16);
            if (length == 0) {
                break;
            }
            check(length + 2 <= text.length() - at, "whole chunk");
            content.append(text, at, at + length);
            at += length;
            check(line().isEmpty(), "end of chunk");
        }
        int before = fields.size();
        readFields();
        for (String[] trailer : fields.subList(before, fields.size())) {
            check(
                    !trailer[0].matches("(?i)host|content[-_]length|transfer[-_]encoding|cookie|authorization"),
                    "trailer");
        }
        fields.subList(before, fields.size()).clear();
        return content.toString();
    }

    private String line() {
        int end = text.indexOf("\r\n", at);
        check(end >= 0, "line end");
        String line = text.substring(at, end);
        check(line.indexOf('\r') < 0 && line.indexOf('\n') < 0 && line.indexOf(0) < 0, "line");
        at = end + 2;
        return line;
    }

    private static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> TOKEN.indexOf(c) >= 0);
    }

    private void check(boolean good, String what) {
        if (!good) {
            throw new AssertionError("not one request (" + what + " at " + at + "): " + text);
        }
    }
}
