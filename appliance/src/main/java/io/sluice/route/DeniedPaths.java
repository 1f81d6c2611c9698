package io.sluice.route;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Paths that no client may ask for, each with everything below it.
 *
 * <p>The comparison sees through the disguises that a Liberator might undo: percent-encoding (also twice),
 * letter case, doubled slashes, backslashes, dot segments, path parameters, NULs and blanks. Only the copy that is
 * compared is normalised;
 * what is forwarded stays byte for byte as it came.
 */
public final class DeniedPaths {
    private static final int DECODINGS = 2;

    private final List<String> prefixes;

    /**
     * @param prefixes absolute paths such as {@code /status}
     */
    public DeniedPaths(List<String> prefixes) {
        this.prefixes =
                prefixes.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList();
    }

    /** Whether {@code path}, without its query, is one of the denied ones or below one. */
    public boolean denies(String path) {
        if (prefixes.isEmpty()) {
            return false;
        }
        String plain = isPlain(path) ? path : normalised(path);
        for (String prefix : prefixes) {
            if (plain.regionMatches(true, 0, prefix, 0, prefix.length())
                    && (plain.length() == prefix.length()
                            || prefix.endsWith("/")
                            || plain.charAt(prefix.length()) == '/')) {
                return true;
            }
        }
        return false;
    }

    /** Whether nothing in {@code path} could be a disguise, letter case aside: what almost every request asks for. */
    private static boolean isPlain(String path) {
        char before = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean afterSlash = before == '/';
            if (c <= ' ' || c == '%' || c == ';' || c == '\\' || (afterSlash && (c == '/' || c == '.'))) {
                return false;
            }
            before = c;
        }
        return path.startsWith("/");
    }

    private static String normalised(String path) {
        String decoded = path;
        for (int i = 0; i < DECODINGS && decoded.indexOf('%') >= 0; i++) {
            decoded = decode(decoded);
        }
        StringBuilder plain = new StringBuilder(decoded.length());
        for (String segment : decoded.replace('\\', '/').split("/", -1)) {
            String name = nameOf(segment);
            if (name.equals("..")) {
                plain.setLength(Math.max(0, plain.lastIndexOf("/")));
            } else if (!name.isEmpty() && !name.equals(".")) {
                plain.append('/').append(name);
            }
        }
        return plain.toString().toLowerCase(Locale.ROOT);
    }

    /** A segment without its parameters, without what a NUL would hide, and without blanks at its end. */
    private static String nameOf(String segment) {
        int end = 0;
        while (end < segment.length() && segment.charAt(end) != ';' && segment.charAt(end) != 0) {
            end++;
        }
        while (end > 0 && segment.charAt(end - 1) <= ' ') {
            end--;
        }
        return segment.substring(0, end);
    }

    private static String decode(String text) {
        byte[] in = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%' && i + 2 < in.length) {
                int high = Character.digit(in[i + 1], 16);
                int low = Character.digit(in[i + 2], 16);
                if (high >= 0 && low >= 0) {
                    out[length++] = (byte) ((high << 4) | low);
                    i += 2;
                    continue;
                }
            }
            out[length++] = in[i];
        }
        return new String(out, 0, length, StandardCharsets.ISO_8859_1);
    }
}
