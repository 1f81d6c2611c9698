package io.sluice.config;

import java.net.InetAddress;
import java.util.List;

/**
 * Which client addresses a listener lets in. What is denied stays out, allowed or not.
 *
 * @param allow empty: all
 */
public record AddressRules(List<AddressRange> allow, List<AddressRange> deny) {
    public static final AddressRules NONE = new AddressRules(List.of(), List.of());

    public AddressRules {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    public boolean admit(InetAddress client) {
        return !AddressRange.anyContains(deny, client) && (allow.isEmpty() || AddressRange.anyContains(allow, client));
    }
}
