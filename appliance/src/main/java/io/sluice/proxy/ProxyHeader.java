package io.sluice.proxy;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Whose connection it is: where it came from and where it was made to, as the PROXY protocol tells it.
 *
 * @param source the client's address
 * @param destination the address that the client connected to
 */
public record ProxyHeader(InetSocketAddress source, InetSocketAddress destination) {
    /** Most bytes that {@link #v1} and {@link #v2} make. */
    public static final int MAX_WRITTEN_BYTES = 107;

    /** What no other protocol starts with (specification §2.2). */
    static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};

    static final int COMMAND_LOCAL = 0x20;
    static final int COMMAND_PROXY = 0x21;
    static final int TCP_OVER_IPV4 = 0x11;
    static final int TCP_OVER_IPV6 = 0x21;
    static final int FIXED_BYTES = 16;
    private static final int IPV6_BYTES = 16;
    private static final int PORT_BYTES = 2;

    /** A connection of the sender's own, as for a health check: its real addresses count. Version 1 (§2.1). */
    public static byte[] localV1() {
        return ascii("PROXY UNKNOWN\r\n");
    }

    /** The same in version 2 (§2.2). */
    public static byte[] localV2() {
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES);
        out.put(SIGNATURE).put((byte) COMMAND_LOCAL).put((byte) 0).putShort((short) 0);
        return out.array();
    }

    /** As a line of text (§2.1). */
    public byte[] v1() {
        return ascii("PROXY " + (isIpv4() ? "TCP4 " : "TCP6 ") + text(source.getAddress()) + " "
                + text(destination.getAddress()) + " " + source.getPort() + " " + destination.getPort() + "\r\n");
    }

    /** As a block of bytes (§2.2), without further parts. */
    public byte[] v2() {
        byte[] from = bytes(source.getAddress());
        byte[] to = bytes(destination.getAddress());
        int length = from.length + to.length + 2 * PORT_BYTES;
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + length);
        out.put(SIGNATURE).put((byte) COMMAND_PROXY).put((byte) (isIpv4() ? TCP_OVER_IPV4 : TCP_OVER_IPV6));
        out.putShort((short) length).put(from).put(to);
        out.putShort((short) source.getPort()).putShort((short) destination.getPort());
        return out.array();
    }

    /** One family stands for both addresses; an IPv4 one beside an IPv6 one is told as mapped (RFC 4291 §2.5.5.2). */
    private boolean isIpv4() {
        return source.getAddress() instanceof Inet4Address && destination.getAddress() instanceof Inet4Address;
    }

    private byte[] bytes(InetAddress address) {
        byte[] own = address.getAddress();
        if (isIpv4() || address instanceof Inet6Address) {
            return own;
        }
        ByteBuffer mapped = ByteBuffer.allocate(IPV6_BYTES).position(10);
        return mapped.putShort((short) 0xffff).put(own).array();
    }

    private String text(InetAddress address) {
        if (!isIpv4() && address instanceof Inet4Address) {
            return "::ffff:" + address.getHostAddress();
        }
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
