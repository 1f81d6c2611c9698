package io.sluice.relay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The header fields of one message, as offsets into its bytes, so that what passes is passed byte for byte.
 *
 * <p>Strict (RFC 9112 §5): a name is a token followed at once by a colon, a value holds no control character,
 * nothing is folded, lines end in CR LF.
 *
 * <p><b>Threading:</b> one thread at a time.
 *
 * <p><b>Buffer:</b> the bytes are kept, not copied, and must not change any more.
 */
public final class Fields {
    /** More fields than any client sends, and fewer than Liberator's own limit would be hurt by. */
    static final int MAX_FIELDS = 100;

    private static final int STRIDE = 4;

    /** A field takes about as many: room for more fields than come is garbage with each message. */
    private static final int FIELD_BYTES = 32;

    private final byte[] bytes;
    private int[] offsets;
    private @Nullable FieldName[] names;
    private int count;

    /** Set for a field that must not be passed on, whatever its name. */
    private boolean[] dropped;

    public Fields(byte[] bytes) {
        this.bytes = bytes;
        int room = Math.max(4, Math.min(bytes.length / FIELD_BYTES, 16));
        this.offsets = new int[STRIDE * room];
        this.names = new @Nullable FieldName[room];
        this.dropped = new boolean[room];
    }

    /**
     * Reads the fields from {@code from} to the empty line that ends the bytes.
     *
     * @return false when a line is malformed or there are too many; see {@link #tooMany}
     */
    public boolean parse(int from) {
        int at = from;
        int end = bytes.length - 2;
        while (at < end) {
            if (count == MAX_FIELDS) {
                return false;
            }
            at = parseField(at, end);
            if (at < 0) {
                return false;
            }
        }
        return at == end;
    }

    boolean tooMany() {
        return count == MAX_FIELDS;
    }

    /** Reads one field line; returns where the next one starts, or -1. */
    private int parseField(int start, int end) {
        int at = start;
        while (at < end && Octets.isTokenCharacter(bytes[at])) {
            at++;
        }
        if (at == start || at == end || bytes[at] != ':') {
            return -1;
        }
        int nameEnd = at;
        at++;
        while (at < end && Octets.isSpace(bytes[at])) {
            at++;
        }
        int valueStart = at;
        while (at < end && Octets.isFieldText(bytes[at])) {
            at++;
        }
        if (at + 1 >= bytes.length || bytes[at] != '\r' || bytes[at + 1] != '\n') {
            return -1;
        }
        int valueEnd = at;
        while (valueEnd > valueStart && Octets.isSpace(bytes[valueEnd - 1])) {
            valueEnd--;
        }
        FieldName name = FieldName.of(bytes, start, nameEnd);
        if (name != null && name.fate() == FieldName.Fate.MASKED) {
            return -1;
        }
        add(name, start, nameEnd, valueStart, valueEnd);
        return at + 2;
    }

    private void add(@Nullable FieldName name, int nameStart, int nameEnd, int valueStart, int valueEnd) {
        if (count == names.length) {
            names = Arrays.copyOf(names, count * 2);
            dropped = Arrays.copyOf(dropped, count * 2);
            offsets = Arrays.copyOf(offsets, count * 2 * STRIDE);
        }
        names[count] = name;
        int at = count * STRIDE;
        offsets[at] = nameStart;
        offsets[at + 1] = nameEnd;
        offsets[at + 2] = valueStart;
        offsets[at + 3] = valueEnd;
        count++;
    }

    public int count() {
        return count;
    }

    /** The known name of field {@code index}; null for any other. */
    public @Nullable FieldName name(int index) {
        return names[index];
    }

    /** The name of field {@code index} in lower case. */
    public String lowerCaseName(int index) {
        int from = offsets[index * STRIDE];
        return new String(bytes, from, offsets[index * STRIDE + 1] - from, StandardCharsets.ISO_8859_1)
                .toLowerCase(Locale.ROOT);
    }

    public String value(int index) {
        int from = offsets[index * STRIDE + 2];
        return new String(bytes, from, offsets[index * STRIDE + 3] - from, StandardCharsets.ISO_8859_1);
    }

    /** The value of the first field of that name; null when there is none. */
    @Nullable
    String first(FieldName wanted) {
        int first = indexOf(wanted);
        return first < 0 ? null : value(first);
    }

    /** The values of all fields of that name, in their order. */
    List<String> all(FieldName wanted) {
        List<String> values = new ArrayList<>(1);
        for (int i = 0; i < count; i++) {
            if (names[i] == wanted) {
                values.add(value(i));
            }
        }
        return values;
    }

    private int indexOf(FieldName wanted) {
        for (int i = 0; i < count; i++) {
            if (names[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** Whether the first field of that name has the value {@code lower}, letter case ignored. */
    boolean firstIs(FieldName wanted, byte[] lower) {
        int first = indexOf(wanted);
        return first >= 0
                && Octets.equalsIgnoreCase(bytes, offsets[first * STRIDE + 2], offsets[first * STRIDE + 3], lower);
    }

    /** The length that the first Content-Length tells; -1 when there is none or it is malformed. */
    long contentLength() {
        int first = indexOf(FieldName.CONTENT_LENGTH);
        return first < 0 ? -1 : ContentLength.parse(bytes, offsets[first * STRIDE + 2], offsets[first * STRIDE + 3]);
    }

    /** Whether one of them tells where a message goes or ends. */
    boolean tellFraming() {
        for (int i = 0; i < count; i++) {
            FieldName name = names[i];
            if (name != null && name.fate() == FieldName.Fate.FRAMING) {
                return true;
            }
        }
        return false;
    }

    int occurrences(FieldName wanted) {
        int found = 0;
        for (int i = 0; i < count; i++) {
            if (names[i] == wanted) {
                found++;
            }
        }
        return found;
    }

    /** Whether a field of that name lists {@code lower} among its comma-separated elements, letter case ignored. */
    boolean lists(FieldName wanted, byte[] lower) {
        for (int i = 0; i < count; i++) {
            if (names[i] == wanted && valueLists(i, lower)) {
                return true;
            }
        }
        return false;
    }

    private boolean valueLists(int index, byte[] lower) {
        int end = offsets[index * STRIDE + 3];
        int from = offsets[index * STRIDE + 2];
        while (from <= end) {
            int comma = from;
            while (comma < end && bytes[comma] != ',') {
                comma++;
            }
            int to = comma;
            while (from < to && Octets.isSpace(bytes[from])) {
                from++;
            }
            while (to > from && Octets.isSpace(bytes[to - 1])) {
                to--;
            }
            if (Octets.equalsIgnoreCase(bytes, from, to, lower)) {
                return true;
            }
            from = comma + 1;
        }
        return false;
    }

    /**
     * Marks every field that a Connection field names as not to be passed on (RFC 9110 §7.6.1).
     *
     * @param kept fields that the message cannot do without, besides those that frame it
     * @return false when it names one of these
     */
    boolean dropNominated(Set<FieldName> kept) {
        for (int i = 0; i < count; i++) {
            if (names[i] == FieldName.CONNECTION) {
                for (String element : value(i).split(",", -1)) {
                    if (!drop(element.trim(), kept)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private boolean drop(String option, Set<FieldName> kept) {
        if (option.isEmpty()) {
            return true;
        }
        byte[] lower = option.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1);
        FieldName known = FieldName.of(lower, 0, lower.length);
        if (known != null && known.fate() == FieldName.Fate.HOP) {
            return true;
        }
        if (known != null && (known.fate() == FieldName.Fate.FRAMING || kept.contains(known))) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (Octets.equalsIgnoreCase(bytes, offsets[i * STRIDE], offsets[i * STRIDE + 1], lower)) {
                dropped[i] = true;
            }
        }
        return true;
    }

    boolean isDropped(int index) {
        return dropped[index];
    }

    /** Appends field {@code index} with its line end, its name and value byte for byte as they came. */
    void write(int index, ByteBuffer out) {
        int at = index * STRIDE;
        int nameStart = offsets[at];
        out.put(bytes, nameStart, offsets[at + 1] - nameStart).put((byte) ':').put((byte) ' ');
        int valueStart = offsets[at + 2];
        out.put(bytes, valueStart, offsets[at + 3] - valueStart)
                .put((byte) '\r')
                .put((byte) '\n');
    }
}
