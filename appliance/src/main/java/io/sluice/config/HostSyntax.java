package io.sluice.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** The forms that a host name may have in a configuration. */
final class HostSyntax {
    private static final String LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";
    private static final Pattern NAME = Pattern.compile("(?=.{1,253}$)" + LABEL + "(\\." + LABEL + ")*");
    private static final Pattern NUMERIC_END = Pattern.compile("(.*\\.)?[0-9]+");

    private HostSyntax() {}

    static String canonical(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** A canonical name or IPv4 address. What ends in a number must be an address (as browsers have it). */
    static boolean isHost(String canonical) {
        return NAME.matcher(canonical).matches()
                && (!NUMERIC_END.matcher(canonical).matches() || IpLiteral.parse(canonical) != null);
    }

    /** What a route may stand for: a host, an IPv6 address in brackets, or {@code *.} and a name. */
    static boolean isRouteHost(String canonical) {
        if (canonical.startsWith("*.")) {
            String rest = canonical.substring(2);
            return isHost(rest) && !NUMERIC_END.matcher(rest).matches();
        }
        if (canonical.startsWith("[") && canonical.endsWith("]")) {
            return canonical.indexOf(':') > 0
                    && IpLiteral.parse(canonical.substring(1, canonical.length() - 1)) != null;
        }
        return isHost(canonical);
    }
}
