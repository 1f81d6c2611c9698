package io.sluice.http2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.compression.EncodingException;
import org.eclipse.jetty.http.compression.HuffmanDecoder;
import org.eclipse.jetty.http.compression.NBitIntegerDecoder;
import org.eclipse.jetty.http2.hpack.HpackContext;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a client's field blocks (RFC 7541) to names and values exactly as they were sent, one character for each
 * byte. What they may hold is not decided here.
 *
 * <p>Static table, Huffman code and integers are Jetty's; the dynamic table is ours, because Jetty's decoder only
 * gives out a request that it has interpreted already.
 *
 * <p><b>Bounds:</b> the dynamic table holds at most {@value #MAX_TABLE_BYTES} bytes as RFC 7541 §4.1 counts them. A
 * block may name one large entry thousands of times; that costs a call to the receiver each, which must count and may
 * forget.
 */
final class HpackReader {
    /** The protocol's own default, so that it need not be announced. */
    static final int MAX_TABLE_BYTES = 4096;

    private static final int ENTRY_OVERHEAD = 32;
    private static final int STATIC_ENTRIES = HpackContext.STATIC_SIZE;

    /** RFC 7541 §4.2: one update to the least size meant and one to the last. */
    private static final int MAX_TABLE_UPDATES = 2;

    /** Who is given the fields, in order. */
    interface Receiver {
        void field(String name, String value);
    }

    private record Entry(String name, String value) {
        int bytes() {
            return name.length() + value.length() + ENTRY_OVERHEAD;
        }
    }

    private final NBitIntegerDecoder integers = new NBitIntegerDecoder();
    private final HuffmanDecoder huffman = new HuffmanDecoder();

    /** A ring whose newest entry stands before {@code next}; empty until a client makes use of it. */
    private @Nullable Entry[] table = new @Nullable Entry[0];

    private int next;
    private int entries;
    private int tableBytes;
    private int maxTableBytes = MAX_TABLE_BYTES;

    /**
     * Reads a whole field block.
     *
     * @return false when it is malformed: the tables of the two sides differ from then on
     */
    boolean read(ByteBuffer block, Receiver receiver) {
        boolean fieldSeen = false;
        int updates = 0;
        try {
            while (block.hasRemaining()) {
                int first = block.get(block.position());
                if (first >= 0x20 && first < 0x40) {
                    int size = integer(block, 5);
                    if (fieldSeen || ++updates > MAX_TABLE_UPDATES || size > MAX_TABLE_BYTES) {
                        return false;
                    }
                    maxTableBytes = size;
                    evict(0);
                    continue;
                }
                fieldSeen = true;
                Entry entry = first < 0 ? indexed(block) : literal(block, first >= 0x40);
                receiver.field(entry.name, entry.value);
            }
            return true;
        } catch (EncodingException | ArithmeticException malformed) {
            return false;
        }
    }

    private Entry indexed(ByteBuffer block) throws EncodingException {
        int index = integer(block, 7);
        return new Entry(name(index), value(index));
    }

    private Entry literal(ByteBuffer block, boolean added) throws EncodingException {
        int index = integer(block, added ? 6 : 4);
        String name = index == 0 ? text(block) : name(index);
        Entry entry = new Entry(name, text(block));
        if (added) {
            add(entry);
        }
        return entry;
    }

    private String name(int index) throws EncodingException {
        return index > STATIC_ENTRIES ? dynamic(index).name : fromStatic(index)[0];
    }

    private String value(int index) throws EncodingException {
        return index > STATIC_ENTRIES ? dynamic(index).value : fromStatic(index)[1];
    }

    private static String[] fromStatic(int index) throws EncodingException {
        if (index == 0) {
            throw new EncodingException("index 0");
        }
        return HpackContext.STATIC_TABLE[index];
    }

    private Entry dynamic(int index) throws EncodingException {
        int age = index - STATIC_ENTRIES - 1;
        Entry entry = age < entries ? table[Math.floorMod(next - 1 - age, table.length)] : null;
        if (entry == null) {
            throw new EncodingException("index beyond the table");
        }
        return entry;
    }

    private void add(Entry entry) {
        evict(entry.bytes());
        if (entry.bytes() > maxTableBytes) {
            return;
        }
        if (entries == table.length) {
            grow();
        }
        table[next] = entry;
        next = (next + 1) % table.length;
        entries++;
        tableBytes += entry.bytes();
    }

    private void grow() {
        @Nullable Entry[] grown = new @Nullable Entry[Math.max(8, 2 * table.length)];
        for (int i = 0; i < entries; i++) {
            grown[i] = table[Math.floorMod(next - entries + i, table.length)];
        }
        table = grown;
        next = entries;
    }

    /** Drops the oldest entries until there is room for {@code bytes} more, or none is left (RFC 7541 §4.4). */
    private void evict(int bytes) {
        while (entries > 0 && tableBytes + bytes > maxTableBytes) {
            int oldest = Math.floorMod(next - entries, table.length);
            Entry gone = table[oldest];
            table[oldest] = null;
            entries--;
            tableBytes -= gone == null ? 0 : gone.bytes();
        }
    }

    private String text(ByteBuffer block) throws EncodingException {
        if (!block.hasRemaining()) {
            throw new EncodingException("text missing");
        }
        boolean coded = block.get(block.position()) < 0;
        int length = integer(block, 7);
        if (length > block.remaining()) {
            throw new EncodingException("text longer than the block");
        }
        if (!coded) {
            byte[] bytes = new byte[length];
            block.get(bytes);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        try {
            huffman.setLength(length);
            String text = huffman.decode(block);
            if (text == null) {
                throw new EncodingException("text incomplete");
            }
            return text;
        } finally {
            huffman.reset();
        }
    }

    private int integer(ByteBuffer block, int prefixBits) throws EncodingException {
        try {
            integers.setPrefix(prefixBits);
            int value = integers.decodeInt(block);
            if (value < 0) {
                throw new EncodingException("integer incomplete");
            }
            return value;
        } finally {
            integers.reset();
        }
    }
}
