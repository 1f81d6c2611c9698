package io.sluice.tls;

import io.sluice.route.HostName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the name that a TLS client asks for out of the first bytes of its connection, for those who pass them on as
 * they are (RFC 8446 §4.1.2, §5.1; RFC 6066 §3).
 *
 * <p>Strict where a lenient reader and the server behind might find different names: a doubled extension, a second
 * name, lengths that do not add up, bytes behind the message in its record. What a client proposes besides its name is
 * the server's affair; versions, suites and extensions nobody knows, GREASE (RFC 8701) and encrypted inner hellos pass.
 */
public final class ClientHello {
    /** The longest message that is taken. */
    public static final int MAX_BYTES = 16 * 1024;

    /** All records of it, with their headers; a message in more, or smaller, pieces is refused. */
    public static final int MAX_RECORDS_BYTES = 30 * 1024;

    private static final int RECORD_HEAD_BYTES = 5;
    private static final int MAX_RECORD_BYTES = 1 << 14;
    private static final int MESSAGE_HEAD_BYTES = 4;
    private static final int HANDSHAKE = 22;
    private static final int MAJOR_VERSION = 3;
    private static final int CLIENT_HELLO = 1;
    private static final int RANDOM_BYTES = 32;
    private static final int MAX_SESSION_BYTES = 32;
    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;

    /** How far the bytes lead. */
    public enum State {
        /** A ClientHello may come of it. */
        INCOMPLETE,
        NOT_TLS,
        /** TLS, but no ClientHello, or one that cannot be trusted to mean one thing. */
        BROKEN,
        /** The message is there. */
        COMPLETE
    }

    /**
     * What the bytes are.
     *
     * @param serverName canonical; null when the message is not complete, or asks for none
     */
    public record Reading(State state, @Nullable String serverName) {
        static final Reading INCOMPLETE = new Reading(State.INCOMPLETE, null);
        static final Reading NOT_TLS = new Reading(State.NOT_TLS, null);
        static final Reading BROKEN = new Reading(State.BROKEN, null);
        static final Reading NAMELESS = new Reading(State.COMPLETE, null);
    }

    private final ByteBuffer records;
    private final ByteBuffer message;
    /** Bytes of the message with its head; unknown until that is there. */
    private int wanted = Integer.MAX_VALUE;

    private ClientHello(ByteBuffer records) {
        this.records = records;
        this.message = ByteBuffer.allocate(Math.min(records.remaining(), MESSAGE_HEAD_BYTES + MAX_BYTES + 1));
    }

    /** Reads the ClientHello that {@code bytes} start with; moves nothing. */
    public static Reading read(ByteBuffer bytes) {
        return new ClientHello(bytes.slice()).read();
    }

    private Reading read() {
        while (message.position() < wanted) {
            if (!startsRecord()) {
                return message.position() == 0 ? Reading.NOT_TLS : Reading.BROKEN;
            }
            if (records.remaining() < RECORD_HEAD_BYTES) {
                return incomplete();
            }
            int length = records.getShort(records.position() + RECORD_HEAD_BYTES - 2) & 0xffff;
            if (length == 0 || length > MAX_RECORD_BYTES) {
                return Reading.BROKEN;
            }
            records.position(records.position() + RECORD_HEAD_BYTES);
            int there = Math.min(length, records.remaining());
            if (!take(there, length)) {
                return Reading.BROKEN;
            }
            if (there < length) {
                return incomplete();
            }
        }
        return named(message.flip().position(MESSAGE_HEAD_BYTES));
    }

    /** Whether what is there of the next record's head is that of a handshake record. */
    private boolean startsRecord() {
        int at = records.position();
        return (records.remaining() < 1 || records.get(at) == HANDSHAKE)
                && (records.remaining() < 2 || records.get(at + 1) == MAJOR_VERSION);
    }

    private Reading incomplete() {
        return records.limit() < MAX_RECORDS_BYTES ? Reading.INCOMPLETE : Reading.BROKEN;
    }

    /**
     * Takes a record's content, as far as it is there; false when it is not of one ClientHello.
     *
     * @param length bytes that the record has
     */
    private boolean take(int there, int length) {
        if (message.position() + length > MESSAGE_HEAD_BYTES + MAX_BYTES) {
            return false;
        }
        int before = message.position();
        message.put(message.position(), records, records.position(), there).position(before + there);
        records.position(records.position() + there);
        if (message.position() > 0 && message.get(0) != CLIENT_HELLO) {
            return false;
        }
        if (message.position() < MESSAGE_HEAD_BYTES) {
            return true;
        }
        wanted = MESSAGE_HEAD_BYTES + (message.getInt(0) & 0xffffff);
        return before + length <= wanted && wanted <= MESSAGE_HEAD_BYTES + MAX_BYTES;
    }

    private static Reading named(ByteBuffer hello) {
        if (hello.remaining() < 2 + RANDOM_BYTES || hello.get(hello.position()) != MAJOR_VERSION) {
            return Reading.BROKEN;
        }
        hello.position(hello.position() + 2 + RANDOM_BYTES);
        ByteBuffer session = vector(hello, 1);
        ByteBuffer suites = session == null ? null : vector(hello, 2);
        ByteBuffer compressions = suites == null ? null : vector(hello, 1);
        if (session == null || suites == null || compressions == null) {
            return Reading.BROKEN;
        }
        boolean sound = session.remaining() <= MAX_SESSION_BYTES
                && suites.hasRemaining()
                && suites.remaining() % 2 == 0
                && compressions.hasRemaining();
        if (!sound || !hello.hasRemaining()) {
            return sound ? Reading.NAMELESS : Reading.BROKEN;
        }
        ByteBuffer extensions = vector(hello, 2);
        return extensions == null || hello.hasRemaining() ? Reading.BROKEN : nameAmong(extensions);
    }

    private static Reading nameAmong(ByteBuffer extensions) {
        Set<Short> seen = new HashSet<>();
        Reading found = Reading.NAMELESS;
        while (extensions.hasRemaining()) {
            if (extensions.remaining() < 2) {
                return Reading.BROKEN;
            }
            short type = extensions.getShort();
            ByteBuffer content = vector(extensions, 2);
            if (content == null || !seen.add(type)) {
                return Reading.BROKEN;
            }
            if (type == SERVER_NAME) {
                found = onlyName(content);
                if (found.state == State.BROKEN) {
                    return found;
                }
            }
        }
        return found;
    }

    /** One name of the one type there is; other types were never given a meaning. */
    private static Reading onlyName(ByteBuffer content) {
        ByteBuffer list = vector(content, 2);
        if (list == null || content.hasRemaining() || !list.hasRemaining() || list.get() != HOST_NAME) {
            return Reading.BROKEN;
        }
        ByteBuffer name = vector(list, 2);
        if (name == null || list.hasRemaining() || !name.hasRemaining()) {
            return Reading.BROKEN;
        }
        byte[] bytes = new byte[name.remaining()];
        name.get(bytes);
        String canonical = HostName.canonical(new String(bytes, StandardCharsets.ISO_8859_1));
        return canonical == null ? Reading.NAMELESS : new Reading(State.COMPLETE, canonical);
    }

    /** Takes a length of so many bytes and what it stands for; null when that is not there. */
    private static @Nullable ByteBuffer vector(ByteBuffer in, int lengthBytes) {
        if (in.remaining() < lengthBytes) {
            return null;
        }
        int length = lengthBytes == 1 ? in.get() & 0xff : in.getShort() & 0xffff;
        if (length > in.remaining()) {
            return null;
        }
        ByteBuffer content = in.slice(in.position(), length);
        in.position(in.position() + length);
        return content;
    }
}
