package io.sluice.config;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * Who announces the clients of a listener with the PROXY protocol.
 *
 * @param accept the peers that do, on each connection; empty: nobody, and a client is who connects
 * @param timeout how long the header may take from accepting on
 */
public record ProxyProtocolConfig(List<AddressRange> accept, Duration timeout) {
    public static final ProxyProtocolConfig OFF = new ProxyProtocolConfig(List.of(), Duration.ofSeconds(5));

    public ProxyProtocolConfig {
        accept = List.copyOf(accept);
    }

    public boolean isOff() {
        return accept.isEmpty();
    }

    public boolean mayAnnounce(InetAddress peer) {
        return AddressRange.anyContains(accept, peer);
    }
}
