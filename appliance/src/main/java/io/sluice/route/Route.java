package io.sluice.route;

import io.sluice.account.Patience;
import io.sluice.account.Refusal;
import io.sluice.account.Terms;
import io.sluice.config.Settings;

/**
 * Which Liberator serves a virtual host or a listener, and under which rules.
 *
 * <p>Immutable; a stream keeps the route it was opened with, whatever the table says later.
 */
public final class Route implements Destination {
    private final String host;
    private final String liberatorName;
    private final Liberator liberator;
    private final Settings settings;
    private final boolean disabled;
    private final Terms terms;
    private final DeniedPaths deniedPaths;
    private final Decision passed = new Decision(this, null, null);
    private final long connectTimeoutNanos;
    private final long responseHeadTimeoutNanos;
    private final long streamIdleTimeoutNanos;
    private final long stalledClientTimeoutNanos;

    /** @param liberatorName as the configuration gives it */
    Route(
            String host,
            String liberatorName,
            Liberator liberator,
            Settings settings,
            boolean disabled,
            long tableVersion) {
        this.host = host;
        this.liberatorName = liberatorName;
        this.liberator = liberator;
        this.settings = settings;
        this.disabled = disabled;
        this.terms = new Terms(
                host,
                tableVersion,
                new Patience(
                        settings.slowClientAfter().toNanos(),
                        settings.slowClientTimeout().toNanos(),
                        settings.stalledStreamAfter().toNanos()));
        this.deniedPaths = new DeniedPaths(settings.denyPaths());
        this.connectTimeoutNanos = settings.connectTimeout().toNanos();
        this.responseHeadTimeoutNanos = settings.responseHeadTimeout().toNanos();
        this.streamIdleTimeoutNanos = settings.streamIdleTimeout().toNanos();
        this.stalledClientTimeoutNanos = settings.stalledClientTimeout().toNanos();
    }

    @Override
    public String host() {
        return host;
    }

    public Liberator liberator() {
        return liberator;
    }

    /** What the configuration says it leads to: the audit compares by this name, not by {@link #liberator}. */
    public String liberatorName() {
        return liberatorName;
    }

    public Settings settings() {
        return settings;
    }

    /** What its streams are opened under. */
    public Terms terms() {
        return terms;
    }

    @Override
    public boolean isLike(Destination other) {
        return other instanceof Route route
                && disabled == route.disabled
                && liberator.config().equals(route.liberator.config())
                && settings.equals(route.settings);
    }

    public boolean denies(String path) {
        return deniedPaths.denies(path);
    }

    @Override
    public Decision decide(Asked asked) {
        if (disabled) {
            return disabled();
        }
        return denies(asked.path()) ? new Decision(this, Refusal.DENIED_PATH, null) : passed;
    }

    /** What everybody is told while an operator has disabled it: the same as if its Liberator were down. */
    Decision disabled() {
        return new Decision(this, Refusal.ROUTE_DISABLED, null);
    }

    public long connectTimeoutNanos() {
        return connectTimeoutNanos;
    }

    /** 0 = none. */
    public long responseHeadTimeoutNanos() {
        return responseHeadTimeoutNanos;
    }

    /** 0 = none. */
    public long streamIdleTimeoutNanos() {
        return streamIdleTimeoutNanos;
    }

    /** 0 = none. */
    public long stalledClientTimeoutNanos() {
        return stalledClientTimeoutNanos;
    }
}
