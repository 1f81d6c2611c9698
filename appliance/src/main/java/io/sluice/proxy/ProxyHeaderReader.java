package io.sluice.proxy;

import io.sluice.config.AddressRange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads a PROXY header of either version from the first bytes of a connection, strictly: what two readers could take
 * for two things is broken.
 *
 * <p>Both versions can be told by their first byte, and a header says where it ends; so nothing behind it is looked at.
 */
public final class ProxyHeaderReader {
    /** A header with everything that may hang on it; what says that it is longer is refused. */
    public static final int MAX_BYTES = 4096;

    /** With its CR LF (specification §2.1). */
    private static final int MAX_LINE_BYTES = 107;

    private static final byte[] LINE_START = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final int UNIX_BYTES = 108;
    private static final int LENGTH_AT = 14;
    private static final int TLV_HEAD_BYTES = 3;
    private static final int TYPE_CRC32C = 0x03;
    private static final int CRC_BYTES = 4;
    private static final int MAX_PORT = 65535;

    private ProxyHeaderReader() {}

    /** How far the bytes lead. */
    public enum State {
        /** A header may come of it. */
        INCOMPLETE,
        /** No header, or one that cannot be believed. */
        BROKEN,
        /** The header is there. */
        COMPLETE
    }

    /**
     * What the bytes are.
     *
     * @param length bytes of the header; 0 unless it is complete
     * @param announced whose connection it is; null when it is the sender's own, or the sender does not say
     */
    public record Reading(State state, int length, @Nullable ProxyHeader announced) {
        static final Reading INCOMPLETE = new Reading(State.INCOMPLETE, 0, null);
        static final Reading BROKEN = new Reading(State.BROKEN, 0, null);
    }

    /** Reads the header that {@code bytes} start with; moves nothing. */
    public static Reading read(ByteBuffer bytes) {
        ByteBuffer in = bytes.slice();
        if (!in.hasRemaining()) {
            return Reading.INCOMPLETE;
        }
        return in.get(0) == LINE_START[0] ? readLine(in) : readBlock(in);
    }

    /** Whether {@code in} is as far as it goes the start of {@code wanted}, or starts with it. */
    private static boolean startsLike(ByteBuffer in, byte[] wanted) {
        for (int i = 0; i < Math.min(in.limit(), wanted.length); i++) {
            if (in.get(i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    // ---------------------------------------------------------------- version 1

    private static Reading readLine(ByteBuffer in) {
        if (!startsLike(in, LINE_START)) {
            return Reading.BROKEN;
        }
        for (int i = LINE_START.length; i < Math.min(in.limit(), MAX_LINE_BYTES); i++) {
            byte next = in.get(i);
            if (next == '\r') {
                if (i + 1 == MAX_LINE_BYTES) {
                    return Reading.BROKEN;
                }
                return i + 1 == in.limit() ? Reading.INCOMPLETE : endOfLine(in, i);
            }
            if (next < ' ' || next > '~') {
                return Reading.BROKEN;
            }
        }
        return in.limit() < MAX_LINE_BYTES ? Reading.INCOMPLETE : Reading.BROKEN;
    }

    private static Reading endOfLine(ByteBuffer in, int end) {
        if (in.get(end + 1) != '\n') {
            return Reading.BROKEN;
        }
        byte[] said = new byte[end - LINE_START.length];
        in.get(LINE_START.length, said);
        String text = new String(said, StandardCharsets.US_ASCII);
        if (text.equals("UNKNOWN") || text.startsWith("UNKNOWN ")) {
            return new Reading(State.COMPLETE, end + 2, null);
        }
        ProxyHeader header = addresses(text.split(" ", -1));
        return header == null ? Reading.BROKEN : new Reading(State.COMPLETE, end + 2, header);
    }

    /** @param parts family, two addresses, two ports */
    private static @Nullable ProxyHeader addresses(String[] parts) {
        if (parts.length != 5 || !(parts[0].equals("TCP4") || parts[0].equals("TCP6"))) {
            return null;
        }
        boolean ipv6 = parts[0].equals("TCP6");
        InetSocketAddress source = socket(parts[1], parts[3], ipv6);
        InetSocketAddress destination = socket(parts[2], parts[4], ipv6);
        return source == null || destination == null ? null : new ProxyHeader(source, destination);
    }

    private static @Nullable InetSocketAddress socket(String address, String port, boolean ipv6) {
        boolean plain = address.indexOf('/') < 0 && ipv6 == address.indexOf(':') >= 0;
        AddressRange one = plain ? AddressRange.parse(address) : null;
        if (one == null || !port.matches("0|[1-9][0-9]{0,4}") || Integer.parseInt(port) > MAX_PORT) {
            return null;
        }
        return new InetSocketAddress(one.network(), Integer.parseInt(port));
    }

    // ---------------------------------------------------------------- version 2

    private static Reading readBlock(ByteBuffer in) {
        if (!startsLike(in, ProxyHeader.SIGNATURE)) {
            return Reading.BROKEN;
        }
        if (in.limit() < ProxyHeader.FIXED_BYTES) {
            return Reading.INCOMPLETE;
        }
        int command = in.get(12) & 0xff;
        int family = in.get(13) & 0xff;
        int end = ProxyHeader.FIXED_BYTES + (in.getShort(LENGTH_AT) & 0xffff);
        boolean local = command == ProxyHeader.COMMAND_LOCAL;
        if ((!local && command != ProxyHeader.COMMAND_PROXY) || end > MAX_BYTES) {
            return Reading.BROKEN;
        }
        int partsAt = ProxyHeader.FIXED_BYTES + addressBytes(family);
        if (!local && (partsAt < ProxyHeader.FIXED_BYTES || partsAt > end)) {
            return Reading.BROKEN;
        }
        if (in.limit() < end) {
            return Reading.INCOMPLETE;
        }
        if (local) {
            return new Reading(State.COMPLETE, end, null);
        }
        ByteBuffer block = in.slice(0, end);
        return holdTogether(block, partsAt)
                ? new Reading(State.COMPLETE, end, announced(block, family))
                : Reading.BROKEN;
    }

    /** Bytes of the two addresses; negative for what the specification gives no meaning. */
    private static int addressBytes(int family) {
        return switch (family) {
            case 0x00 -> 0;
            case ProxyHeader.TCP_OVER_IPV4, 0x12 -> 2 * IPV4_BYTES + 4;
            case ProxyHeader.TCP_OVER_IPV6, 0x22 -> 2 * IPV6_BYTES + 4;
            case 0x31, 0x32 -> 2 * UNIX_BYTES;
            default -> -ProxyHeader.FIXED_BYTES - 1;
        };
    }

    /** The further parts (type, length, value) fill the block to its end; a checksum among them is right. */
    private static boolean holdTogether(ByteBuffer block, int partsAt) {
        int checksumAt = 0;
        int at = partsAt;
        while (at < block.limit()) {
            if (at + TLV_HEAD_BYTES > block.limit()) {
                return false;
            }
            int length = block.getShort(at + 1) & 0xffff;
            int valueAt = at + TLV_HEAD_BYTES;
            if (block.get(at) == TYPE_CRC32C) {
                if (checksumAt != 0 || length != CRC_BYTES || valueAt + CRC_BYTES > block.limit()) {
                    return false;
                }
                checksumAt = valueAt;
            }
            at = valueAt + length;
        }
        return at == block.limit() && (checksumAt == 0 || isChecksum(block, checksumAt));
    }

    /** §2.2.3: over the whole header, with zeros where the checksum stands. */
    private static boolean isChecksum(ByteBuffer block, int at) {
        byte[] bytes = new byte[block.limit()];
        block.get(0, bytes);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, at);
        crc.update(new byte[CRC_BYTES]);
        crc.update(bytes, at + CRC_BYTES, bytes.length - at - CRC_BYTES);
        return (int) crc.getValue() == block.getInt(at);
    }

    /** Null where what is announced is no TCP connection: the sender's own addresses count then (§2.2). */
    private static @Nullable ProxyHeader announced(ByteBuffer block, int family) {
        if (family != ProxyHeader.TCP_OVER_IPV4 && family != ProxyHeader.TCP_OVER_IPV6) {
            return null;
        }
        int size = family == ProxyHeader.TCP_OVER_IPV4 ? IPV4_BYTES : IPV6_BYTES;
        int portsAt = ProxyHeader.FIXED_BYTES + 2 * size;
        return new ProxyHeader(
                socket(block, ProxyHeader.FIXED_BYTES, size, portsAt),
                socket(block, ProxyHeader.FIXED_BYTES + size, size, portsAt + 2));
    }

    /** An IPv4-mapped address comes back as IPv4, so that limits count it with its like. */
    private static InetSocketAddress socket(ByteBuffer block, int at, int size, int portAt) {
        byte[] address = new byte[size];
        block.get(at, address);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), block.getShort(portAt) & 0xffff);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
