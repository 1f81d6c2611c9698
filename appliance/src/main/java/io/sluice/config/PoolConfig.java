package io.sluice.config;

import java.util.List;

/** Several Liberators behind one host (layout C), and how each client stays with the one it was given. */
public record PoolConfig(List<Member> members, AffinityConfig affinity) {
    public PoolConfig {
        members = List.copyOf(members);
    }

    /**
     * One Liberator of a pool.
     *
     * @param weight its share of new clients, 1 or more
     * @param path the prefix of its paths, without a slash at the end; empty unless clients are told apart by path
     */
    public record Member(String liberator, int weight, String path) {}
}
