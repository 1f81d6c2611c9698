package io.sluice.http2;

import io.sluice.relay.FieldName;
import io.sluice.relay.Fields;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.http.compression.NBitIntegerEncoder;
import org.eclipse.jetty.http2.hpack.HpackContext;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the fields that go to a client (RFC 7541), with the static table alone: nothing is remembered from one
 * response to the next, so that no connection holds a table and nothing of one response can be guessed from the length
 * of another.
 *
 * <p><b>Threading:</b> stateless.
 */
final class HpackWriter {
    /** What a field may need beyond its name and value: two lengths. */
    static final int MAX_FIELD_OVERHEAD = 8;

    /** What the start of a block and its status may need. */
    static final int MAX_START_BYTES = 8;

    /** Sets the size of the dynamic table to 0 (RFC 7541 §6.3). */
    private static final byte NO_TABLE = 0x20;

    private static final int INDEXED = 0x80;
    private static final int LITERAL = 0x00;
    private static final int NEVER_INDEXED = 0x10;
    private static final String STATUS = ":status";
    private static final Map<String, Integer> NAMES = new HashMap<>();
    private static final Map<String, Integer> STATUSES = new HashMap<>();

    static {
        for (int i = 1; i <= HpackContext.STATIC_SIZE; i++) {
            NAMES.putIfAbsent(HpackContext.STATIC_TABLE[i][0], i);
            if (HpackContext.STATIC_TABLE[i][0].equals(STATUS)) {
                STATUSES.put(HpackContext.STATIC_TABLE[i][1], i);
            }
        }
    }

    private HpackWriter() {}

    /** Tells the client's decoder once, in the first block of a connection, that no table will be used. */
    static void noTable(ByteBuffer out) {
        out.put(NO_TABLE);
    }

    static void status(int status, ByteBuffer out) {
        String digits = Integer.toString(status);
        Integer index = STATUSES.get(digits);
        if (index != null) {
            out.put((byte) (INDEXED | index));
        } else {
            field(STATUS, digits, out);
        }
    }

    /** All of {@code fields} that are not meant for the hop they came over. */
    static void fields(Fields fields, boolean webSocket, ByteBuffer out) {
        for (int i = 0; i < fields.count(); i++) {
            if (passes(fields.name(i), webSocket)) {
                field(fields.lowerCaseName(i), fields.value(i), out);
            }
        }
    }

    /** Those of {@code fields} that may stand in a trailer section: none that means something to us. */
    static void trailers(Fields fields, ByteBuffer out) {
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) == null) {
                field(fields.lowerCaseName(i), fields.value(i), out);
            }
        }
    }

    /** RFC 9113 §8.2.2; RFC 8441 §5 for what an accepted WebSocket does without. */
    private static boolean passes(@Nullable FieldName name, boolean webSocket) {
        return name == null
                || (name.fate() != FieldName.Fate.HOP
                        && name != FieldName.TRANSFER_ENCODING
                        && !(webSocket && name == FieldName.SEC_WEBSOCKET_ACCEPT));
    }

    static void field(String name, String value, ByteBuffer out) {
        boolean secret = name.equals("set-cookie");
        out.put((byte) (secret ? NEVER_INDEXED : LITERAL));
        Integer index = NAMES.get(name);
        NBitIntegerEncoder.encode(out, 4, index == null ? 0 : index);
        if (index == null) {
            text(name, out);
        }
        text(value, out);
    }

    private static void text(String text, ByteBuffer out) {
        out.put((byte) 0);
        NBitIntegerEncoder.encode(out, 7, text.length());
        out.put(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
