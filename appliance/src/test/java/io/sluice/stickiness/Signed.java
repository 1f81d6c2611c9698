package io.sluice.stickiness;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The records that a Liberator sends: {@code <its name> <session> <number> <checksum>}, a line each. The checksum is
 * over all of it and a secret of the Liberator's, so that a record that was altered, or put together from two, shows.
 *
 * <p><b>Threading:</b> one thread for each.
 */
final class Signed {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int CHECKSUM = 8;

    private final byte[] start;
    private final byte[] secret;
    private final CRC32C crc = new CRC32C();
    private final byte[] digits = new byte[20];
    private final byte[] sum = new byte[CHECKSUM];
    private long next;

    /** @param secret only {@code liberator} and the judge know it */
    Signed(String liberator, long session, String secret) {
        this.start = (liberator + ' ' + session + ' ').getBytes(StandardCharsets.US_ASCII);
        this.secret = secret.getBytes(StandardCharsets.US_ASCII);
    }

    /** The length of the next record, in bytes. */
    int length() {
        return start.length + digitsOf(next) + 1 + CHECKSUM + 1;
    }

    private static int digitsOf(long number) {
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        return digits;
    }

    /** Writes the next record at {@code at} and returns where it ends. */
    int write(byte[] to, int at) {
        int count = number(next);
        checksum(count);
        int end = at;
        System.arraycopy(start, 0, to, end, start.length);
        end += start.length;
        System.arraycopy(digits, 0, to, end, count);
        end += count;
        to[end++] = ' ';
        System.arraycopy(sum, 0, to, end, CHECKSUM);
        end += CHECKSUM;
        to[end++] = '\n';
        next++;
        return end;
    }

    /** Whether the bytes from {@code from} to {@code to}, without the end of the line, are the next record. */
    boolean isNext(byte[] line, int from, int to) {
        int count = number(next);
        checksum(count);
        boolean same = to - from == start.length + count + 1 + CHECKSUM
                && equal(line, from, start, start.length)
                && equal(line, from + start.length, digits, count)
                && line[from + start.length + count] == ' '
                && equal(line, to - CHECKSUM, sum, CHECKSUM);
        next++;
        return same;
    }

    private static boolean equal(byte[] line, int from, byte[] wanted, int length) {
        return java.util.Arrays.equals(line, from, from + length, wanted, 0, length);
    }

    private int number(long number) {
        int count = digitsOf(number);
        long rest = number;
        for (int i = count - 1; i >= 0; i--) {
            digits[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return count;
    }

    private void checksum(int count) {
        crc.reset();
        crc.update(secret, 0, secret.length);
        crc.update(start, 0, start.length);
        crc.update(digits, 0, count);
        long value = crc.getValue();
        for (int i = CHECKSUM - 1; i >= 0; i--) {
            sum[i] = HEX[(int) (value & 15)];
            value >>>= 4;
        }
    }
}
