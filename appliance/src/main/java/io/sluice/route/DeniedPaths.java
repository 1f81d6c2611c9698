package io.sluice.route;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Paths that no client may ask for, each with everything below it.
 *
 * <p>The comparison sees through the disguises that a Liberator might undo: percent-encoding (also of itself), overlong
 * UTF-8, letter case, doubled slashes, backslashes, dot segments, path parameters, NULs and blanks. Servers disagree on
 * what of it they undo, and in which order; a path is denied when any of these readings comes past a denied one. Only
 * the copy that is compared is normalised; what is forwarded stays byte for byte as it came.
 */
public final class DeniedPaths {
    /** How many things a server may do one after the other: a path that is encoded more often has no honest meaning. */
    private static final int MAX_ROUNDS = 4;

    /** A path of which servers could make more has none either; this bounds what a request can cost. */
    private static final int MAX_MEANINGS = 32;

    /**
     * One way to read a path.
     *
     * @param backslashes whether a backslash separates segments
     * @param parameters whether a segment ends at its parameters, at a NUL, and before blanks
     * @param empties whether an empty segment is one, which {@code ..} takes back
     */
    private record Reading(boolean backslashes, boolean parameters, boolean empties) {}

    private static final List<Reading> READINGS = List.of(
            new Reading(true, true, false),
            new Reading(true, true, true),
            new Reading(true, false, false),
            new Reading(true, false, true),
            new Reading(false, true, false),
            new Reading(false, true, true),
            new Reading(false, false, false),
            new Reading(false, false, true));

    private final List<String> prefixes;
    private final int maxSegments;

    /**
     * @param prefixes absolute paths such as {@code /status}
     */
    public DeniedPaths(List<String> prefixes) {
        this.prefixes =
                prefixes.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList();
        this.maxSegments = prefixes.stream()
                .mapToInt(each -> each.split("/", -1).length)
                .max()
                .orElse(0);
    }

    /** Whether {@code path}, without its query, is one of the denied ones or below one. */
    public boolean denies(String path) {
        if (prefixes.isEmpty()) {
            return false;
        }
        if (isPlain(path)) {
            return isDenied(path);
        }
        Set<String> meanings = new LinkedHashSet<>(Set.of(path));
        Set<String> unread = meanings;
        for (int i = 0; i <= MAX_ROUNDS && meanings.size() <= MAX_MEANINGS; i++) {
            Set<String> further = new LinkedHashSet<>();
            for (String each : unread) {
                if (meetsDenied(each, further)) {
                    return true;
                }
            }
            further.removeAll(meanings);
            if (further.isEmpty()) {
                return false;
            }
            meanings.addAll(further);
            unread = further;
        }
        return true;
    }

    /** Reads {@code path} in every way; puts what each makes of it, and what decoding does, into {@code further}. */
    private boolean meetsDenied(String path, Set<String> further) {
        if (path.indexOf('%') >= 0) {
            further.add(decode(path));
        }
        for (Reading reading : READINGS) {
            String resolved = resolved(path, reading);
            if (resolved == null) {
                return true;
            }
            further.add(resolved);
        }
        return false;
    }

    private boolean isDenied(CharSequence plain) {
        for (String prefix : prefixes) {
            int length = prefix.length();
            if (startsWith(plain, prefix)
                    && (plain.length() == length || prefix.endsWith("/") || plain.charAt(length) == '/')) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(CharSequence plain, String lower) {
        if (plain.length() < lower.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            if (Character.toLowerCase(plain.charAt(i)) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
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

    /** The path without dot segments; null when it is a denied one, or leads through one. */
    private @Nullable String resolved(String path, Reading reading) {
        String separated = reading.backslashes ? path.replace('\\', '/') : path;
        String below = separated.startsWith("/") ? separated.substring(1) : separated;
        List<String> open = new ArrayList<>();
        for (String segment : below.split("/", -1)) {
            String name = reading.parameters ? nameOf(segment) : segment;
            if (name.equals("..")) {
                if (!open.isEmpty()) {
                    open.remove(open.size() - 1);
                }
            } else if (!name.equals(".") && (reading.empties || !name.isEmpty())) {
                open.add(name);
                if (open.size() <= maxSegments && isDenied(joined(open, false))) {
                    return null;
                }
            }
        }
        return isDenied(joined(open, false)) ? null : joined(open, true);
    }

    private static String joined(List<String> segments, boolean withEmpties) {
        StringBuilder path = new StringBuilder();
        for (String each : segments) {
            if (withEmpties || !each.isEmpty()) {
                path.append('/').append(each);
            }
        }
        return path.toString();
    }

    /** A segment without its parameters, what a NUL, a query or a fragment would hide, and blanks at its end. */
    private static String nameOf(String segment) {
        int end = 0;
        while (end < segment.length() && ";?#\0".indexOf(segment.charAt(end)) < 0) {
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
        return withoutOverlong(new String(out, 0, length, StandardCharsets.ISO_8859_1));
    }

    /** ASCII in two bytes of UTF-8, which no encoder makes and some decoders take. */
    private static String withoutOverlong(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c == 0xC0 || c == 0xC1) && i + 1 < text.length() && (text.charAt(i + 1) & 0xC0) == 0x80) {
                i++;
                plain.append((char) (((c & 1) << 6) | (text.charAt(i) & 0x3F)));
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
