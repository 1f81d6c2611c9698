package io.sluice.relay;

import java.nio.charset.StandardCharsets;

/** The character classes of RFC 9110 §5.6 over bytes. */
public final class Octets {
    private static final boolean[] TCHAR = new boolean[128];

    static {
        for (char c = '0'; c <= '9'; c++) {
            TCHAR[c] = true;
        }
        for (char c = 'a'; c <= 'z'; c++) {
            TCHAR[c] = true;
            TCHAR[Character.toUpperCase(c)] = true;
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            TCHAR[c] = true;
        }
    }

    private Octets() {}

    /** The bytes of a word of the protocol, to be written or compared with. */
    static byte[] of(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }

    public static boolean isTokenCharacter(byte b) {
        return b >= 0 && TCHAR[b];
    }

    /** VCHAR, obs-text, SP or HTAB: what a field value may hold. */
    public static boolean isFieldText(byte b) {
        return b < 0 || (b >= ' ' && b != 127) || b == '\t';
    }

    public static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }

    /**
     * Whether the bytes from {@code from} to {@code to} are {@code lower}, which is in lower case, letter case ignored.
     */
    static boolean equalsIgnoreCase(byte[] bytes, int from, int to, byte[] lower) {
        if (to - from != lower.length) {
            return false;
        }
        for (int i = 0; i < lower.length; i++) {
            int b = bytes[from + i];
            if (b >= 'A' && b <= 'Z') {
                b += 'a' - 'A';
            }
            if (b != lower[i]) {
                return false;
            }
        }
        return true;
    }
}
