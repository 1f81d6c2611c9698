package io.sluice.route;

/** What keeps each client of a pool with its Liberator. */
sealed interface Affinity permits CookieAffinity, AddressAffinity, PathAffinity {
    /** Decides one request to {@code pool}; denied paths are not its business. */
    Decision decide(Pool pool, Asked asked);

    /** The path as the Liberator will see it. */
    default String innerPath(Decision decision, String path) {
        return path;
    }
}
