package io.sluice.relay;

/** The value of Content-Length: digits and nothing else (RFC 9110 §8.6). */
public final class ContentLength {
    private static final int MAX_DIGITS = 18;

    private ContentLength() {}

    /** The length in bytes, below 10^18; -1 when it is none. */
    public static long parse(byte[] bytes, int from, int to) {
        if (from == to || to - from > MAX_DIGITS) {
            return -1;
        }
        long length = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            length = length * 10 + digit;
        }
        return length;
    }
}
