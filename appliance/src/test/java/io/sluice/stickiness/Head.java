package io.sluice.stickiness;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request or a response.
 *
 * @param start the first line
 * @param fields the other lines
 */
record Head(String start, List<String> fields) {
    /** Null when the stream has ended in order, before a head. */
    static @Nullable Head read(InputStream in) throws IOException {
        String start;
        try {
            start = Lines.line(in);
        } catch (EOFException end) {
            if ("ended".equals(end.getMessage())) {
                return null;
            }
            throw end;
        }
        List<String> fields = new ArrayList<>();
        for (String line = Lines.line(in); !line.isEmpty(); line = Lines.line(in)) {
            fields.add(line);
        }
        return new Head(start, fields);
    }

    /** Null when there is no such field. */
    @Nullable
    String field(String name) {
        for (String each : fields) {
            int colon = each.indexOf(':');
            if (colon > 0 && each.substring(0, colon).equalsIgnoreCase(name)) {
                return each.substring(colon + 1).strip();
            }
        }
        return null;
    }

    /** Of a response. */
    int status() {
        return Integer.parseInt(start.substring(9, 12));
    }
}
