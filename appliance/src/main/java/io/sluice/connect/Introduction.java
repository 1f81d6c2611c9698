package io.sluice.connect;

import io.sluice.config.ProxyVersion;
import io.sluice.loop.Wire;
import io.sluice.proxy.ProxyHeader;

/** What a Liberator that wants it is told first on a connection: whose it is. */
final class Introduction {
    static final byte[] NONE = {};

    private Introduction() {}

    /** For the connection that belongs to {@code client}; empty when the Liberator wants none. */
    static byte[] of(Wire client, ProxyVersion version) {
        if (version == ProxyVersion.OFF) {
            return NONE;
        }
        ProxyHeader header = new ProxyHeader(client.remoteAddress(), client.localAddress());
        return version == ProxyVersion.V1 ? header.v1() : header.v2();
    }

    /** For a connection of our own. */
    static byte[] ofOurselves(ProxyVersion version) {
        return switch (version) {
            case OFF -> NONE;
            case V1 -> ProxyHeader.localV1();
            case V2 -> ProxyHeader.localV2();
        };
    }
}
