package io.sluice.account;

import com.codahale.metrics.Histogram;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * The counts of one Liberator: its connections, its streams by kind, why they ended.
 *
 * <p>Handed from table to table by the Liberator's name, so that no reload resets a counter.
 *
 * <p><b>Threading:</b> written by the loops, read by anyone; reading is O(1) and takes no lock.
 */
public final class Ledger {
    private static final int MOST_STATE_CHANGES = 200;

    private final String liberator;
    private final Map<Kind, KindLedger> kinds = new EnumMap<>(Kind.class);
    private final Map<EndCause, Map<Phase, LongAdder>> ends = new EnumMap<>(EndCause.class);
    private final Places connections = new Places();
    private final RefusalLedger refusals = new RefusalLedger();
    private final WaitLedger newStreams = new WaitLedger();
    private final LongAdder connectionsTotal = new LongAdder();
    private final LongAdder connectRefused = new LongAdder();
    private final LongAdder connectTimedOut = new LongAdder();
    private final LongAdder connectTlsFailed = new LongAdder();
    private final LongAdder connectUnresolved = new LongAdder();
    private final LongAdder connectLimited = new LongAdder();
    private final LongAdder silent = new LongAdder();
    private final LongAdder heldForClientsBytes = new LongAdder();
    private final LongAdder heldForLiberatorBytes = new LongAdder();
    private final LongAdder stickinessChecks = new LongAdder();
    private final LongAdder stickinessViolations = new LongAdder();
    private final EndHistory endHistory = new EndHistory(Instant.now());
    private final FlowLedger slow = new FlowLedger();
    private final FlowLedger stalled = new FlowLedger();
    private volatile Consumer<StateChange> onStateChange = change -> {};
    private final Queue<StateChange> stateChanges = new ConcurrentLinkedQueue<>();
    private final Histogram connectMicros;
    private final HdrReservoir connectReservoir;

    /** @param connectReservoir the one of {@code connectMicros} */
    Ledger(String liberator, Histogram connectMicros, HdrReservoir connectReservoir) {
        this.connectReservoir = connectReservoir;
        this.liberator = liberator;
        this.connectMicros = connectMicros;
        for (Kind kind : Kind.values()) {
            kinds.put(kind, new KindLedger());
        }
        for (EndCause cause : EndCause.values()) {
            Map<Phase, LongAdder> phases = new EnumMap<>(Phase.class);
            for (Phase phase : Phase.values()) {
                phases.put(phase, new LongAdder());
            }
            ends.put(cause, phases);
        }
    }

    public String liberator() {
        return liberator;
    }

    public KindLedger kind(Kind kind) {
        return Objects.requireNonNull(kinds.get(kind));
    }

    /**
     * Takes a place among the connections to the Liberator, before connecting.
     *
     * @param limit the most connections at a time
     * @return whether there was a place; {@link #connectionGone} gives it back
     */
    public boolean takeConnection(int limit) {
        return connections.take(limit);
    }

    public void connectionGone() {
        connections.giveBack();
    }

    /** What was refused because this Liberator could not be reached or was at a limit of its own. */
    public RefusalLedger refusals() {
        return refusals;
    }

    /** New streams that had to wait for {@code newStreamsPerSecond}. */
    public WaitLedger newStreams() {
        return newStreams;
    }

    /** A connection was made, {@code nanos} after it was asked for. */
    public void connected(long nanos) {
        connectionsTotal.increment();
        connectMicros.update(nanos / 1000);
    }

    public void connectRefused() {
        connectRefused.increment();
    }

    public void connectTimedOut() {
        connectTimedOut.increment();
    }

    /** Connected, but the TLS handshake with it failed. */
    public void connectTlsFailed() {
        connectTlsFailed.increment();
    }

    /** Its name had no address. */
    public void connectUnresolved() {
        connectUnresolved.increment();
    }

    /** There was no place among its connections. */
    public void connectLimited() {
        connectLimited.increment();
    }

    /** TCP gave a connection up because the Liberator no longer answered. */
    public void fellSilent() {
        silent.increment();
    }

    /** The state of the Liberator has changed for {@code reason}. */
    public void stateChanged(String from, String to, String reason) {
        StateChange change = new StateChange(Instant.now(), from, to, reason);
        stateChanges.add(change);
        if (stateChanges.size() > MOST_STATE_CHANGES) {
            stateChanges.poll();
        }
        LiberatorStateEvent.commit(liberator, change);
        onStateChange.accept(change);
    }

    /** Who is told of each change of state, on the thread that makes it. */
    public void onStateChange(Consumer<StateChange> listener) {
        onStateChange = listener;
    }

    /** The latest changes of state, the oldest first. */
    public List<StateChange> stateChanges() {
        return List.copyOf(stateChanges);
    }

    /**
     * A change of a Liberator's state.
     *
     * @param reason by whom or what, and why
     */
    public record StateChange(Instant at, String from, String to, String reason) {}

    void heldForClients(int moreBytes) {
        if (moreBytes != 0) {
            heldForClientsBytes.add(moreBytes);
        }
    }

    void heldForLiberator(int moreBytes) {
        if (moreBytes != 0) {
            heldForLiberatorBytes.add(moreBytes);
        }
    }

    void stickinessChecked() {
        stickinessChecks.increment();
    }

    void stickinessViolated() {
        stickinessViolations.increment();
    }

    void ended(EndCause cause, Phase phase) {
        adder(cause, phase).increment();
    }

    public long ended(EndCause cause) {
        long sum = 0;
        for (Phase phase : Phase.values()) {
            sum += endedIn(cause, phase);
        }
        return sum;
    }

    public long endedIn(EndCause cause, Phase phase) {
        return adder(cause, phase).sum();
    }

    /** All ends so far. */
    public EndCounts ends() {
        return EndCounts.of(this::endedIn);
    }

    /** How the ends stood at earlier times. */
    public EndHistory endHistory() {
        return endHistory;
    }

    /** Makes a mark that ends can be counted from. */
    public void markEnds() {
        endHistory.mark(Instant.now(), ends());
    }

    void lookAtEnds(Instant now) {
        endHistory.look(now, ends());
    }

    /**
     * Of the slow, or of the stalled.
     *
     * @param flow not FLOWING, which is not counted
     */
    public FlowLedger flow(Flow flow) {
        return flow == Flow.SLOW ? slow : stalled;
    }

    private LongAdder adder(EndCause cause, Phase phase) {
        return Objects.requireNonNull(Objects.requireNonNull(ends.get(cause)).get(phase));
    }

    public int connectionsActive() {
        return connections.active();
    }

    public int connectionsPeak() {
        return connections.peak();
    }

    public long connectionsTotal() {
        return connectionsTotal.sum();
    }

    public long connectionsRefused() {
        return connectRefused.sum();
    }

    public long connectionsTimedOut() {
        return connectTimedOut.sum();
    }

    public long connectionsTlsFailed() {
        return connectTlsFailed.sum();
    }

    public long connectionsUnresolved() {
        return connectUnresolved.sum();
    }

    public long connectionsLimited() {
        return connectLimited.sum();
    }

    /** How many connections TCP gave up because the Liberator no longer answered. */
    public long fallenSilent() {
        return silent.sum();
    }

    /** Bytes of its streams that wait for sockets of clients now. */
    public long heldForClientsBytes() {
        return heldForClientsBytes.sum();
    }

    /** Bytes of its streams that wait for its own sockets now. */
    public long heldForLiberatorBytes() {
        return heldForLiberatorBytes.sum();
    }

    public long stickinessChecks() {
        return stickinessChecks.sum();
    }

    public long stickinessViolations() {
        return stickinessViolations.sum();
    }

    /** Time to connect, in microseconds. */
    public Histogram connectMicros() {
        return connectMicros;
    }

    /** The same, as it was distributed. */
    public HdrReservoir.Distribution connectMicrosDistribution() {
        return connectReservoir.distribution();
    }
}
