package io.sluice.route;

import io.sluice.account.Refusal;

/**
 * Each Liberator has a prefix of the path, which is cut off before a request goes there. A path without one of them
 * leads nowhere: there is no new client to be given a Liberator.
 */
final class PathAffinity implements Affinity {
    @Override
    public Decision decide(Pool pool, Asked asked) {
        Pool.Member best = null;
        for (Pool.Member each : pool.members()) {
            boolean longer = best == null || each.path().length() > best.path().length();
            if (longer && isBelow(asked.path(), each.path())) {
                best = each;
            }
        }
        if (best == null) {
            return Decision.refused(Refusal.UNKNOWN_PATH);
        }
        String evidence = "path starts with " + best.path();
        return new Decision(
                best.route(),
                null,
                Assignment.withoutCookie(
                        pool.ledger(), best.name(), evidence, best.path().length()));
    }

    private static boolean isBelow(String path, String prefix) {
        return path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    @Override
    public String innerPath(Decision decision, String path) {
        Assignment assignment = decision.assignment();
        String inner = assignment == null ? path : path.substring(assignment.pathPrefix());
        return inner.isEmpty() ? "/" : inner;
    }
}
