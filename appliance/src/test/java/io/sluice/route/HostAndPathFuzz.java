package io.sluice.route;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Host names and denied paths. A name has one canonical form or none; a path that some server, undoing disguises in
 * some order, would take for a denied one is denied.
 */
public final class HostAndPathFuzz {
    private static final DeniedPaths DENIED = new DeniedPaths(List.of("/status", "/a/b"));

    private HostAndPathFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        checkHost(text);
        if (text.length() > 1 && text.length() < 200) {
            checkPath(text.charAt(0), "/" + text.substring(1));
        }
    }

    private static void checkHost(String authority) {
        String name = HostName.ofAuthority(authority);
        if (name != null) {
            check(name.matches("[-a-z0-9._]{1,253}|\\[[0-9a-f:.]{2,45}]"), "odd name '" + name + "'");
            check(name.equals(HostName.ofAuthority(name)), "canonical form of '" + name + "' differs");
            check(!name.endsWith(".") && !name.startsWith(".") && !name.contains(".."), "empty label in " + name);
            check(authority.toLowerCase(Locale.ROOT).startsWith(name), "another name than was asked for");
        }
    }

    /** Servers that differ in what they undo; each bit of {@code server} is one of their habits. */
    private static void checkPath(int server, String path) {
        if (path.chars().anyMatch(c -> c <= ' ' || c >= 127 || c == '#' || c == '?')) {
            return;
        }
        String read = path;
        int decodings = server & 3;
        if ((server & 4) != 0) {
            read = resolved(read, (server & 64) != 0);
        }
        for (int i = 0; i < decodings; i++) {
            read = decoded(read);
        }
        if ((server & 8) != 0) {
            read = read.replace('\\', '/');
        }
        if ((server & 16) != 0) {
            read = read.replaceAll(";[^/]*", "");
        }
        if ((server & 32) != 0) {
            int nul = read.indexOf(0);
            read = nul < 0 ? read : read.substring(0, nul);
        }
        if ((server & 4) == 0) {
            read = resolved(read, (server & 64) != 0);
        }
        String seen = read.replaceAll("/+", "/").toLowerCase(Locale.ROOT);
        for (String denied : List.of("/status", "/a/b")) {
            if (seen.equals(denied) || seen.startsWith(denied + "/")) {
                check(DENIED.denies(path), "a server of habits " + server + " takes " + path + " for " + seen);
            }
        }
    }

    /** RFC 3986 §5.2.4. */
    private static String resolved(String path, boolean collapsing) {
        List<String> open = new ArrayList<>();
        String from = collapsing ? path.replaceAll("/+", "/") : path;
        for (String segment : from.substring(1).split("/", -1)) {
            if (segment.equals("..")) {
                if (!open.isEmpty()) {
                    open.remove(open.size() - 1);
                }
            } else if (!segment.equals(".")) {
                open.add(segment);
            }
        }
        return "/" + String.join("/", open);
    }

    private static String decoded(String path) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            String hex = path.charAt(i) == '%' && i + 2 < path.length() ? path.substring(i + 1, i + 3) : "";
            if (hex.matches("[0-9a-fA-F]{2}")) {
                plain.append((char) Integer.parseInt(hex, 16));
                i += 2;
            } else {
                plain.append(path.charAt(i));
            }
        }
        return plain.toString();
    }

    private static void check(boolean good, String what) {
        if (!good) {
            throw new AssertionError(what);
        }
    }
}
