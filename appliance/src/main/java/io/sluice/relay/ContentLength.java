package io.sluice.relay;

import org.jspecify.annotations.Nullable;

/** The value of Content-Length: digits and nothing else (RFC 9110 §8.6). */
final class ContentLength {
    private static final int MAX_DIGITS = 18;

    private ContentLength() {}

    /** The length in bytes, below 10^18; -1 when it is none. */
    static long parse(@Nullable String value) {
        if (value == null || value.isEmpty() || value.length() > MAX_DIGITS) {
            return -1;
        }
        long length = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            length = length * 10 + c - '0';
        }
        return length;
    }
}
