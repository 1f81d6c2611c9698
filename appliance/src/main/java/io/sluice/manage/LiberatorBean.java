package io.sluice.manage;

import com.codahale.metrics.Snapshot;
import io.sluice.account.Closer;
import io.sluice.account.EndCause;
import io.sluice.account.Flow;
import io.sluice.account.Kind;
import io.sluice.account.KindLedger;
import io.sluice.account.Ledger;
import io.sluice.account.Ledger.StateChange;
import io.sluice.account.Refusal;
import io.sluice.config.LiberatorTlsConfig;
import io.sluice.drain.Drain;
import io.sluice.drain.Drains;
import io.sluice.route.Liberator;
import io.sluice.route.LiberatorState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One Liberator, from its first table to its last stream.
 *
 * <p><b>Threading:</b> {@link #inTable} and {@link #leftTable} come one at a time; getters from any thread.
 */
final class LiberatorBean implements LiberatorMXBean {
    private static final String REMOVED = "REMOVED";
    private static final int FLAPPING_DOWNS = 3;

    private final Ledger ledger;
    private final Rates.Of rates;
    private final Drains drains;
    private final ConnectTimes connectTimes;
    private volatile Liberator liberator;
    private volatile @Nullable Instant removedAt;

    LiberatorBean(Liberator liberator, Rates.Of rates, Drains drains) {
        this.drains = drains;
        this.liberator = liberator;
        this.ledger = liberator.ledger();
        this.rates = rates;
        this.connectTimes = new ConnectTimes(ledger);
    }

    /** A table came into force that has it, perhaps with another address. */
    void inTable(Liberator now) {
        liberator = now;
        removedAt = null;
    }

    /** A table came into force that has it no more. */
    void leftTable() {
        if (removedAt == null) {
            removedAt = Instant.now();
        }
    }

    /** Whether it left the table and its last stream ended. */
    boolean isOver() {
        return removedAt != null && Totals.active(ledger) == 0;
    }

    @Override
    public String getName() {
        return ledger.liberator();
    }

    @Override
    public String getAddress() {
        return liberator.config().address().toString();
    }

    @Override
    public String getDirectAddress() {
        return liberator.config().direct().toString();
    }

    @Override
    public String getTls() {
        LiberatorTlsConfig tls = liberator.config().tls();
        return tls == null ? "off" : tls.verified() ? "verified" : "UNVERIFIED";
    }

    @Override
    public String getState() {
        return removedAt == null ? liberator.state().state().name() : REMOVED;
    }

    @Override
    public String getStateSince() {
        Instant removed = removedAt;
        return TextTable.instant(removed == null ? liberator.state().since() : removed);
    }

    @Override
    public String getStateReason() {
        return removedAt == null ? liberator.state().reason() : "left the table; stays until its last stream ended";
    }

    @Override
    public int getStateChangesLastHourTotal() {
        return (int) stateChangesOfLastHour().count();
    }

    @Override
    public boolean isFlapping() {
        String up = LiberatorState.UP.name();
        String down = LiberatorState.DOWN.name();
        return stateChangesOfLastHour()
                        .filter(each -> each.from().equals(up) && each.to().equals(down))
                        .count()
                >= FLAPPING_DOWNS;
    }

    private Stream<StateChange> stateChangesOfLastHour() {
        Instant hourAgo = Instant.now().minus(Duration.ofHours(1));
        return ledger.stateChanges().stream().filter(each -> each.at().isAfter(hourAgo));
    }

    @Override
    public String[] getStateChanges() {
        TextTable table = new TextTable("<<<", "at", "from", "to");
        for (StateChange each : ledger.stateChanges()) {
            table.row(TextTable.instant(each.at()), each.from(), each.to());
        }
        return table.lines();
    }

    @Override
    public boolean isDraining() {
        Drain drain = drains.of(getName());
        return drain != null && !drain.isOver();
    }

    @Override
    public boolean isDrainPaused() {
        Drain drain = drains.of(getName());
        return drain != null && !drain.isOver() && drain.isPaused();
    }

    @Override
    public int getDrainRemainingActive() {
        Drain drain = drains.of(getName());
        return drain == null ? 0 : drain.remaining();
    }

    @Override
    public long getDrainEtaSeconds() {
        Drain drain = drains.of(getName());
        return drain == null ? 0 : DrainTerms.seconds(drain.eta(System.nanoTime()));
    }

    @Override
    public int getDrainPolitelyTotal() {
        Drain drain = drains.of(getName());
        return drain == null ? 0 : drain.politely();
    }

    @Override
    public int getDrainForcedTotal() {
        Drain drain = drains.of(getName());
        return drain == null ? 0 : drain.forced();
    }

    @Override
    public int getDrainKeptTotal() {
        Drain drain = drains.of(getName());
        return drain == null ? 0 : drain.departures().taken();
    }

    @Override
    public String drain(int perSecond, int deadlineSeconds) {
        Drain drain = drains.drain(
                inTable(),
                DrainTerms.perSecond(perSecond),
                DrainTerms.deadline(deadlineSeconds),
                Caller.current().user());
        return getName() + " is DRAINING: " + DrainTerms.sentence(List.of(drain), perSecond, deadlineSeconds);
    }

    @Override
    public String pauseDrain() {
        Drain drain = underWay();
        drains.pause(drain);
        return getName() + ": the drain is paused; " + drain.remaining()
                + " streams and kept connections are open, no new ones come";
    }

    @Override
    public String resumeDrain() {
        Drain drain = underWay();
        drains.resume(drain);
        return getName() + ": the drain goes on; " + drain.remaining() + " streams and kept connections are open";
    }

    @Override
    public String undrain() {
        return enable();
    }

    @Override
    public String enable() {
        String before = getState();
        drains.serve(inTable(), Caller.current().user());
        return getName() + " was " + before + ", is " + getState() + " and may have new streams";
    }

    @Override
    public String disable() {
        String before = getState();
        drains.disable(inTable(), Caller.current().user());
        return getName() + " was " + before + ", is " + getState() + ": no new streams; " + getStreamsActive()
                + " that are open stay";
    }

    private Liberator inTable() {
        if (removedAt != null) {
            throw new IllegalStateException(
                    getName() + " has left the table: it gets no new streams; end those that are open with"
                            + " Streams.killLiberator");
        }
        return liberator;
    }

    private Drain underWay() {
        Drain drain = drains.of(getName());
        if (drain == null || drain.isOver()) {
            throw new IllegalStateException(getName() + " is " + getState() + ": no drain is under way");
        }
        return drain;
    }

    @Override
    public int getConnectionsActive() {
        return ledger.connectionsActive();
    }

    @Override
    public int getConnectionsPeak() {
        return ledger.connectionsPeak();
    }

    @Override
    public int getConnectionsLimit() {
        return liberator.config().maxConnections();
    }

    @Override
    public long getConnectionsTotal() {
        return ledger.connectionsTotal();
    }

    @Override
    public long getConnectFailedTotal() {
        return ledger.connectionsRefused()
                + ledger.connectionsTimedOut()
                + ledger.connectionsTlsFailed()
                + ledger.connectionsUnresolved()
                + ledger.connectionsLimited();
    }

    @Override
    public long getConnectRefusedTotal() {
        return ledger.connectionsRefused();
    }

    @Override
    public long getConnectTimedOutTotal() {
        return ledger.connectionsTimedOut();
    }

    @Override
    public long getConnectTlsFailedTotal() {
        return ledger.connectionsTlsFailed();
    }

    @Override
    public int getNewStreamsWaitingActive() {
        return ledger.newStreams().waiting();
    }

    @Override
    public long getNewStreamsDelayedTotal() {
        return ledger.newStreams().delayed().total();
    }

    @Override
    public long getNewStreamsWaitMicrosMax() {
        return ledger.newStreams().longestMicros();
    }

    @Override
    public long getRefusedTotal() {
        return ledger.refusals().total();
    }

    @Override
    public String getLastRefusedAt() {
        return TextTable.instant(ledger.refusals().lastAt());
    }

    @Override
    public String[] getRefusals() {
        return RefusalTable.lines(ledger.refusals());
    }

    @Override
    public String[] getLimits() {
        return new LimitTable()
                .row("connections", liberator.config().maxConnections(), ledger.refusals(), Refusal.LIBERATOR_LIMIT)
                .row(
                        "new streams/s",
                        liberator.config().newStreamsPerSecond(),
                        ledger.refusals(),
                        Refusal.NEW_STREAM_LIMIT)
                .lines();
    }

    @Override
    public long getConnectUnresolvedTotal() {
        return ledger.connectionsUnresolved();
    }

    @Override
    public long getConnectLimitedTotal() {
        return ledger.connectionsLimited();
    }

    @Override
    public long getConnectMicrosP50() {
        return connectTimes.at(0.5);
    }

    @Override
    public long getConnectMicrosP99() {
        return connectTimes.at(0.99);
    }

    @Override
    public long getConnectMicrosMax() {
        return connectTimes.at(1);
    }

    @Override
    public int getStreamsActive() {
        return Totals.active(ledger);
    }

    @Override
    public long getStreamsTotal() {
        return Totals.opened(ledger);
    }

    @Override
    public double getStreamsPerSecond() {
        return rates.streams();
    }

    @Override
    public int getDirectActive() {
        return ledger.kind(Kind.DIRECT).active();
    }

    @Override
    public long getDirectTotal() {
        return ledger.kind(Kind.DIRECT).total();
    }

    @Override
    public int getHttpStreamActive() {
        return ledger.kind(Kind.HTTP_STREAM).active();
    }

    @Override
    public long getHttpStreamTotal() {
        return ledger.kind(Kind.HTTP_STREAM).total();
    }

    @Override
    public int getPollActive() {
        return ledger.kind(Kind.POLL).active();
    }

    @Override
    public long getPollTotal() {
        return ledger.kind(Kind.POLL).total();
    }

    @Override
    public int getForeverFrameActive() {
        return ledger.kind(Kind.FOREVER_FRAME).active();
    }

    @Override
    public long getForeverFrameTotal() {
        return ledger.kind(Kind.FOREVER_FRAME).total();
    }

    @Override
    public int getWebsocketActive() {
        return ledger.kind(Kind.WEBSOCKET).active();
    }

    @Override
    public long getWebsocketTotal() {
        return ledger.kind(Kind.WEBSOCKET).total();
    }

    @Override
    public int getSseActive() {
        return ledger.kind(Kind.SSE).active();
    }

    @Override
    public long getSseTotal() {
        return ledger.kind(Kind.SSE).total();
    }

    @Override
    public int getTlsActive() {
        return ledger.kind(Kind.TLS).active();
    }

    @Override
    public long getTlsTotal() {
        return ledger.kind(Kind.TLS).total();
    }

    @Override
    public int getOtherActive() {
        return ledger.kind(Kind.OTHER).active();
    }

    @Override
    public long getOtherTotal() {
        return ledger.kind(Kind.OTHER).total();
    }

    @Override
    public String[] getKinds() {
        return kindLines();
    }

    @Override
    public long getFromClientBytes() {
        return sum(KindLedger::fromClientBytes);
    }

    @Override
    public long getToLiberatorBytes() {
        return sum(KindLedger::toLiberatorBytes);
    }

    @Override
    public long getFromLiberatorBytes() {
        return sum(KindLedger::fromLiberatorBytes);
    }

    @Override
    public long getToClientBytes() {
        return sum(KindLedger::toClientBytes);
    }

    @Override
    public long getHeldForClientsBytes() {
        return ledger.heldForClientsBytes();
    }

    @Override
    public long getHeldForLiberatorBytes() {
        return ledger.heldForLiberatorBytes();
    }

    @Override
    public double getFromClientBytesPerSecond() {
        return rates.fromClientBytes();
    }

    @Override
    public double getToClientBytesPerSecond() {
        return rates.toClientBytes();
    }

    @Override
    public long getEndedCompletedTotal() {
        return ledger.ended(EndCause.COMPLETED);
    }

    @Override
    public long getEndedClientClosedTotal() {
        return ledger.ended(EndCause.CLIENT_CLOSED);
    }

    @Override
    public long getEndedClientLostTotal() {
        return ledger.ended(EndCause.CLIENT_LOST);
    }

    @Override
    public long getEndedLiberatorClosedTotal() {
        return ledger.ended(EndCause.LIBERATOR_CLOSED);
    }

    @Override
    public long getEndedLiberatorLostTotal() {
        return ledger.ended(EndCause.LIBERATOR_LOST);
    }

    @Override
    public long getEndedLiberatorFaultTotal() {
        return ledger.ended(EndCause.LIBERATOR_FAULT);
    }

    @Override
    public long getEndedConnectFailedTotal() {
        return ledger.ended(EndCause.CONNECT_FAILED);
    }

    @Override
    public long getEndedHeadTimeoutTotal() {
        return ledger.ended(EndCause.HEAD_TIMEOUT);
    }

    @Override
    public long getEndedIdleTotal() {
        return ledger.ended(EndCause.IDLE);
    }

    @Override
    public long getEndedClientStalledTotal() {
        return ledger.ended(EndCause.CLIENT_STALLED);
    }

    @Override
    public long getEndedClientSlowTotal() {
        return ledger.ended(EndCause.CLIENT_SLOW);
    }

    @Override
    public long getEndedRefusedTotal() {
        return ledger.ended(EndCause.REFUSED);
    }

    @Override
    public long getEndedDrainedTotal() {
        return ledger.ended(EndCause.DRAINED);
    }

    @Override
    public long getEndedKilledTotal() {
        return ledger.ended(EndCause.KILLED);
    }

    @Override
    public long getEndedApplianceTotal() {
        return ledger.ended(EndCause.APPLIANCE);
    }

    @Override
    public String[] getEnds() {
        return EndTable.lines(ledger.ends());
    }

    @Override
    public String[] getEndsSinceMark() {
        return EndTable.lines(ledger.ends().since(ledger.endHistory().mark().counts()));
    }

    @Override
    public String getEndsMarkAt() {
        return TextTable.instant(ledger.endHistory().mark().at());
    }

    @Override
    public String[] endsSince(@Nullable String since) {
        return EndTable.since(ledger, since, Instant.now());
    }

    @Override
    public String markEnds() {
        ledger.markEnds();
        return getName() + ": EndsSinceMark counts from now, " + getEndsMarkAt();
    }

    @Override
    public long getClosedFirstByClientTotal() {
        return ledger.ends().closedBy(Closer.CLIENT);
    }

    @Override
    public long getClosedFirstByLiberatorTotal() {
        return ledger.ends().closedBy(Closer.LIBERATOR);
    }

    @Override
    public long getClosedFirstBySluiceTotal() {
        return ledger.ends().closedBy(Closer.SLUICE);
    }

    @Override
    public int getSlowClientsActive() {
        return ledger.flow(Flow.SLOW).active();
    }

    @Override
    public long getSlowClientsTotal() {
        return ledger.flow(Flow.SLOW).total();
    }

    @Override
    public int getStalledStreamsActive() {
        return ledger.flow(Flow.STALLED).active();
    }

    @Override
    public long getStalledStreamsTotal() {
        return ledger.flow(Flow.STALLED).total();
    }

    @Override
    public long getStickinessChecksTotal() {
        return ledger.stickinessChecks();
    }

    @Override
    public long getStickinessViolationsTotal() {
        return ledger.stickinessViolations();
    }

    private long sum(ToLongFunction<KindLedger> counter) {
        long sum = 0;
        for (Kind kind : Kind.values()) {
            sum += counter.applyAsLong(ledger.kind(kind));
        }
        return sum;
    }

    private String[] kindLines() {
        TextTable table = new TextTable("<>>>>>", "kind", "active", "peak", "total", "fr.client", "to client");
        for (Kind kind : Kind.values()) {
            KindLedger counts = ledger.kind(kind);
            table.row(
                    kind.label(),
                    counts.active(),
                    counts.peak(),
                    counts.total(),
                    TextTable.bytes(counts.fromClientBytes()),
                    TextTable.bytes(counts.toClientBytes()));
        }
        return table.lines();
    }

    /** One look at the histogram serves all attributes that are read within a second. */
    private static final class ConnectTimes {
        private static final long FRESH_NANOS = 900_000_000;

        private record Look(long takenNanos, Snapshot snapshot) {}

        private final Ledger ledger;
        private volatile @Nullable Look last;

        ConnectTimes(Ledger ledger) {
            this.ledger = ledger;
        }

        long at(double quantile) {
            Look look = last;
            if (look == null || System.nanoTime() - look.takenNanos > FRESH_NANOS) {
                look = new Look(System.nanoTime(), ledger.connectMicros().getSnapshot());
                last = look;
            }
            return (long) look.snapshot.getValue(quantile);
        }
    }
}
