package io.sluice.stickiness;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Lines of ASCII from a stream that is read byte by byte: give it a buffered one. */
final class Lines {
    private static final int LONGEST = 16 * 1024;

    private Lines() {}

    /**
     * The next line without its end.
     *
     * @throws EOFException when the stream ends before the line does
     */
    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.length() > LONGEST) {
                throw new EOFException(line.isEmpty() ? "ended" : "ended in a line");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
