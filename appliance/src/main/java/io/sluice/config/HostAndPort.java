package io.sluice.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An address to listen on or to connect to. It never resolves a name: that is for whoever opens the socket, off the
 * event threads.
 *
 * @param host lower-case name, or address; IPv6 without brackets
 * @param port 0 to 65535; 0 only to listen on, any free port
 */
public record HostAndPort(String host, int port) {
    public HostAndPort {
        host = HostSyntax.canonical(host);
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port " + port);
        }
    }

    /** From {@code host:port} or {@code [v6]:port}; null if it is neither. */
    public static @Nullable HostAndPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            return null;
        }
        String port = text.substring(colon + 1);
        if (!port.matches("0|[1-9][0-9]{0,4}") || Integer.parseInt(port) > 0xffff) {
            return null;
        }
        String host = HostSyntax.canonical(text.substring(0, colon));
        boolean brackets = host.startsWith("[") && host.endsWith("]") && host.indexOf(':') > 0;
        if (brackets) {
            host = host.substring(1, host.length() - 1);
        }
        boolean good = brackets ? IpLiteral.parse(host) != null : HostSyntax.isHost(host);
        return good ? new HostAndPort(host, Integer.parseInt(port)) : null;
    }

    /** The address if the host is written as numbers, null if it is a name. */
    public @Nullable InetAddress literal() {
        return IpLiteral.parse(host);
    }

    /** For APIs that want one; the name in it is unresolved, also if it is an address. */
    public InetSocketAddress unresolved() {
        return InetSocketAddress.createUnresolved(host, port);
    }

    /** 127.0.0.0/8, ::1 or {@code localhost}. */
    public boolean isLoopback() {
        InetAddress literal = literal();
        return literal == null ? host.equals("localhost") : literal.isLoopbackAddress();
    }

    /**
     * Whether two sockets cannot both listen on these. A wildcard address takes its port on every address, also
     * 0.0.0.0 on those of IPv6, because the JDK binds both wildcards alike.
     */
    boolean overlaps(HostAndPort other) {
        if (port != other.port || port == 0) {
            return false;
        }
        InetAddress ours = literal();
        InetAddress theirs = other.literal();
        return (ours != null && ours.isAnyLocalAddress())
                || (theirs != null && theirs.isAnyLocalAddress())
                || ((ours == null || theirs == null) ? host.equals(other.host) : ours.equals(theirs));
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
