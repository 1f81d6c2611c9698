package io.sluice.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One address or a range of them (CIDR).
 *
 * @param network its first address
 * @param prefixBits how many leading bits are the same throughout: 32 or 128 for one address
 */
public record AddressRange(InetAddress network, int prefixBits) {
    /** What stands before the IPv4 address in an IPv4-mapped one: ::ffff:0:0/96 (RFC 4291 §2.5.5.2). */
    private static final int MAPPED_PREFIX_BITS = 96;

    public AddressRange {
        byte[] bytes = network.getAddress();
        if (prefixBits < 0 || prefixBits > bytes.length * 8) {
            throw new IllegalArgumentException("no range of " + network + " has " + prefixBits + " prefix bits");
        }
        for (int bit = prefixBits; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        try {
            network = InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** From {@code 10.0.0.0/8}, {@code fd00::/8} or a single address; null if it is none. */
    public static @Nullable AddressRange parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = IpLiteral.parse(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return null;
        }
        int allBits = address.getAddress().length * 8;
        if (slash < 0) {
            return new AddressRange(address, allBits);
        }
        String bits = text.substring(slash + 1);
        if (!bits.matches("0|[1-9][0-9]{0,2}")) {
            return null;
        }
        boolean mapped = allBits == 32 && text.indexOf(':') >= 0;
        int prefixBits = Integer.parseInt(bits) - (mapped ? MAPPED_PREFIX_BITS : 0);
        return prefixBits < 0 || prefixBits > allBits ? null : new AddressRange(address, prefixBits);
    }

    public static boolean anyContains(List<AddressRange> ranges, InetAddress address) {
        return firstOf(ranges, address) != null;
    }

    /** The first range that contains {@code address}; null if none does. */
    public static @Nullable AddressRange firstOf(List<AddressRange> ranges, InetAddress address) {
        for (AddressRange range : ranges) {
            if (range.contains(address)) {
                return range;
            }
        }
        return null;
    }

    /** Whether every address of {@code other} is one of these. */
    boolean covers(AddressRange other) {
        return prefixBits <= other.prefixBits && contains(other.network);
    }

    /** IPv4 and IPv6 never contain each other. */
    public boolean contains(InetAddress address) {
        byte[] theirs = address.getAddress();
        byte[] ours = network.getAddress();
        if (theirs.length != ours.length) {
            return false;
        }
        int whole = prefixBits / 8;
        for (int i = 0; i < whole; i++) {
            if (theirs[i] != ours[i]) {
                return false;
            }
        }
        int rest = prefixBits % 8;
        return rest == 0 || ((theirs[whole] ^ ours[whole]) & (0xff00 >> rest) & 0xff) == 0;
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefixBits;
    }
}
