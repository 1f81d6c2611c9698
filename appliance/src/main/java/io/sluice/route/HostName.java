package io.sluice.route;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The one canonical form of a host name: lower case, without port and without a final dot.
 *
 * <p>It is computed once for each request and used for routing, for comparing with the TLS server name and
 * in the log, so that no two places can read a name differently.
 */
public final class HostName {
    private static final int MAX_LENGTH = 253;

    private HostName() {}

    /**
     * The host of an authority as in Host or an absolute request target: {@code uri-host [ ":" port ]}
     * (RFC 9110 §7.2, RFC 3986 §3.2.2), without user information.
     *
     * @return the canonical name, an IPv6 literal in its brackets; null when the authority is malformed
     */
    public static @Nullable String ofAuthority(String authority) {
        if (authority.startsWith("[")) {
            int close = authority.indexOf(']');
            if (close < 0 || !isIpv6(authority, 1, close) || !isPort(authority, close + 1)) {
                return null;
            }
            return authority.substring(0, close + 1).toLowerCase(Locale.ROOT);
        }
        int colon = authority.indexOf(':');
        int end = colon < 0 ? authority.length() : colon;
        if (!isPort(authority, end)) {
            return null;
        }
        return canonical(authority.substring(0, end));
    }

    /**
     * A name without a port, as in a TLS server name or in the configuration.
     *
     * @return the canonical name, or null when it is none
     */
    public static @Nullable String canonical(String name) {
        int end = name.endsWith(".") ? name.length() - 1 : name.length();
        if (end == 0 || end > MAX_LENGTH) {
            return null;
        }
        boolean upper = false;
        char before = '.';
        for (int i = 0; i < end; i++) {
            char c = name.charAt(i);
            if (c == '.' && before == '.') {
                return null;
            }
            if (!isNameCharacter(c)) {
                return null;
            }
            upper |= c >= 'A' && c <= 'Z';
            before = c;
        }
        if (before == '.') {
            return null;
        }
        String canonical = end == name.length() ? name : name.substring(0, end);
        return upper ? canonical.toLowerCase(Locale.ROOT) : canonical;
    }

    private static boolean isNameCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_';
    }

    private static boolean isIpv6(String text, int from, int to) {
        int colons = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == ':') {
                colons++;
            } else if ((Character.digit(c, 16) < 0 && c != '.') || c > 'f') {
                return false;
            }
        }
        return colons >= 2 && isAddress(text.substring(from - 1, to + 1));
    }

    /** In brackets the JDK takes it for an IPv6 literal or nothing, and looks nothing up. */
    private static boolean isAddress(String inBrackets) {
        try {
            return InetAddress.getByName(inBrackets) != null;
        } catch (UnknownHostException none) {
            return false;
        }
    }

    /** Whether {@code text} from {@code at} is empty or a colon and a port of up to five digits, 1 to 65535. */
    private static boolean isPort(String text, int at) {
        if (at == text.length()) {
            return true;
        }
        int digits = text.length() - at - 1;
        if (text.charAt(at) != ':' || digits < 1 || digits > 5) {
            return false;
        }
        int port = 0;
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            port = port * 10 + c - '0';
        }
        return port >= 1 && port <= 65535;
    }
}
