package io.sluice.config;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * What a listener lets in; a number of 0: no limit.
 *
 * @param connections most at a time
 * @param connectionsPerAddress most at a time from one client address
 * @param ipv6PrefixBits how many leading bits of an IPv6 address count as one client address, 1 to 128: a host can
 *     have every address of its /64
 * @param acceptPerSecond most new ones per second
 * @param rules which client addresses may come at all
 */
public record Limits(
        int connections, int connectionsPerAddress, int ipv6PrefixBits, int acceptPerSecond, AddressRules rules) {
    public static final Limits DEFAULTS = new Limits(50_000, 0, 64, 0, AddressRules.NONE);

    /** What {@code connectionsPerAddress} counts: an IPv4 address itself, the network of an IPv6 one. */
    public InetAddress host(InetAddress client) {
        return client instanceof Inet6Address ? new AddressRange(client, ipv6PrefixBits).network() : client;
    }
}
