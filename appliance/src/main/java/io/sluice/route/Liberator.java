package io.sluice.route;

import io.sluice.account.Ledger;
import io.sluice.config.HostAndPort;
import io.sluice.config.LiberatorConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One Liberator: where it is, how it is, and its ledger.
 *
 * <p>Lives in this room, not beside the connecting, because a route <em>is</em> the choice of a Liberator:
 * the path asks a route for it and never looks a name up.
 *
 * <p><b>Threading:</b> any thread. Addresses are resolved by {@link #resolve}, off the loops; the path reads
 * the last result.
 */
public final class Liberator {
    /**
     * How it is, since when and why: one value, so that readers never mix two states.
     *
     * @param since for people
     * @param sinceNanos the same as {@link System#nanoTime}, for everything that is decided: clocks jump
     */
    public record Health(LiberatorState state, Instant since, long sinceNanos, String reason) {
        static Health now(LiberatorState state, String reason) {
            return new Health(state, Instant.now(), System.nanoTime(), reason);
        }

        boolean hasLasted(Duration time, long nowNanos) {
            return nowNanos - sinceNanos >= time.toNanos();
        }
    }

    private final LiberatorConfig config;
    private final Ledger ledger;
    private final StreamGate gate;
    private final Standing standing;
    private volatile @Nullable InetSocketAddress http;
    private volatile @Nullable InetSocketAddress direct;
    private volatile Health health;
    private volatile Runnable suspicion = () -> {};
    private volatile @Nullable LiberatorTls tls;

    /**
     * @param before the Liberator of the same name in the table before, whose health is taken over when the
     *     address is the same
     */
    Liberator(LiberatorConfig config, Ledger ledger, @Nullable Liberator before) {
        this.config = config;
        this.ledger = ledger;
        this.gate = before == null ? new StreamGate(System.nanoTime()) : before.gate;
        this.standing = before == null ? new Standing() : before.standing;
        boolean same = before != null
                && before.config.address().equals(config.address())
                && before.config.direct().equals(config.direct());
        this.health = same && before != null ? before.health : Health.now(LiberatorState.UNKNOWN, "not probed yet");
        this.http = same && before != null ? before.http : literal(config.address());
        this.direct = same && before != null ? before.direct : literal(config.direct());
    }

    public String name() {
        return config.name();
    }

    public LiberatorConfig config() {
        return config;
    }

    public Ledger ledger() {
        return ledger;
    }

    /** Where its new streams wait when they come faster than {@code newStreamsPerSecond}. */
    public StreamGate gate() {
        return gate;
    }

    /** Where HTTP streams and requests go; null while its name has never been resolved. */
    public @Nullable InetSocketAddress http() {
        return http;
    }

    /** Where Direct connections go; null while its name has never been resolved. */
    public @Nullable InetSocketAddress direct() {
        return direct;
    }

    /** What is known of its health, whatever an operator has decided. */
    public Health health() {
        return health;
    }

    /** Whether a pool may give it clients that have no Liberator yet. */
    boolean takesNewClients() {
        return standing.isInService() && health.state() != LiberatorState.DOWN;
    }

    /** Whether it has been down, or drained, for at least {@code time}. */
    boolean isGoneFor(Duration time, long nowNanos) {
        Health drained = standing.drained();
        Health now = health;
        return (drained != null && drained.hasLasted(time, nowNanos))
                || (now.state() == LiberatorState.DOWN && now.hasLasted(time, nowNanos));
    }

    /** What an operator has decided, or else its health. */
    public Health state() {
        Health decided = standing.decided();
        return decided == null ? health : decided;
    }

    /** Whether an operator wants new streams on it. */
    public Standing standing() {
        return standing;
    }

    /** Sets what is known of its health; keeps {@code since} when the state is the old one. */
    public synchronized void health(LiberatorState state, String reason) {
        Health old = health;
        change(
                () -> health = old.state() == state
                        ? new Health(state, old.since(), old.sinceNanos(), reason)
                        : Health.now(state, reason),
                "health: " + reason);
    }

    /**
     * It is being drained: no new streams, and those that are open are ended one after another.
     *
     * @param departures by which its kept connections leave
     */
    public synchronized void draining(Departures departures, String reason) {
        change(() -> standing.drain(departures, reason), reason);
    }

    /** Its drain is over: it gets nothing any more, not even on connections that lead to it. */
    public synchronized void drained(String reason) {
        change(() -> standing.disable(true, reason), reason);
    }

    /** An operator wants no new streams on it; what is open stays. */
    public synchronized void disable(String reason) {
        change(() -> standing.disable(false, reason), reason);
    }

    /** Takes back what an operator has decided. */
    public synchronized void serve(String reason) {
        change(standing::serve, reason);
    }

    private void change(Runnable change, String reason) {
        LiberatorState before = state().state();
        change.run();
        LiberatorState now = state().state();
        if (now != before) {
            ledger.stateChanged(before.name(), now.name(), reason);
        }
    }

    /**
     * Looks its names up. Blocks as long as the resolver does: never call it on a loop.
     *
     * @throws UnknownHostException when a name has no address; what was known before stays in use
     */
    public void resolve() throws UnknownHostException {
        http = lookUp(config.address());
        direct = lookUp(config.direct());
    }

    private static InetSocketAddress lookUp(HostAndPort address) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
    }

    /** The address when it is a literal, which needs no look-up. */
    private static @Nullable InetSocketAddress literal(HostAndPort address) {
        InetAddress literal = address.literal();
        return literal == null ? null : new InetSocketAddress(literal, address.port());
    }

    /** How TLS is spoken to it; given before its table comes into force, when its configuration asks for TLS. */
    public void secure(LiberatorTls terms) {
        tls = terms;
    }

    /** Null when it is spoken to plainly. */
    public @Nullable LiberatorTls tls() {
        return tls;
    }

    /** Who wants to know at once that a connection to it failed. */
    public void onSuspicion(Runnable listener) {
        suspicion = listener;
    }

    /** A connection to it failed: its health should be looked at now. */
    public void suspect() {
        suspicion.run();
    }
}
