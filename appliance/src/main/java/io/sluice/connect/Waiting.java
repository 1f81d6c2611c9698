package io.sluice.connect;

import io.sluice.account.WaitLedger;
import io.sluice.config.LiberatorConfig;
import io.sluice.loop.Deadline;
import io.sluice.loop.EdgeLoop;
import io.sluice.loop.Wire;
import io.sluice.route.Liberator;
import io.sluice.route.StreamGate;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;

/**
 * A {@link Dial} at the gate of its Liberator: until its turn has come, it has waited too long, or its client has
 * left.
 *
 * <p><b>Threading:</b> the thread of the client's loop; {@link #onTurn} and {@link #onDisplaced} come from any loop.
 */
final class Waiting extends Deadline implements StreamGate.Turn {
    private final EdgeLoop loop;
    private final InetAddress client;
    private final Liberator liberator;
    private final Dial dial;
    private final long enteredNanos = System.nanoTime();
    private boolean over;

    Waiting(Wire client, Liberator liberator, Dial dial) {
        this.loop = client.loop();
        this.client = client.remoteAddress().getAddress();
        this.liberator = liberator;
        this.dial = dial;
    }

    /** Comes to the gate; tells the dial at once when there is nothing to wait for. */
    void start() {
        LiberatorConfig config = liberator.config();
        int perSecond = config.newStreamsPerSecond();
        long maxWaitNanos = config.newStreamsMaxWait().toNanos();
        switch (liberator.gate().enter(this, client, perSecond, places(perSecond, maxWaitNanos), enteredNanos)) {
            case PASSED -> dial.connect();
            case FULL -> dial.turnedAway();
            case QUEUED -> queued(maxWaitNanos);
            case QUEUED_FIRST -> {
                queued(maxWaitNanos);
                new Usher(loop, liberator).admit();
            }
        }
    }

    /** As many as can have their turn before they have waited too long. */
    private static int places(int perSecond, long maxWaitNanos) {
        double places = (double) perSecond * maxWaitNanos / TimeUnit.SECONDS.toNanos(1);
        return (int) Math.min(Integer.MAX_VALUE, Math.ceil(places));
    }

    private void queued(long maxWaitNanos) {
        ledger().entered();
        loop.arm(this, maxWaitNanos);
    }

    private WaitLedger ledger() {
        return liberator.ledger().newStreams();
    }

    @Override
    public void onTurn() {
        loop.execute(() -> {
            if (finish()) {
                dial.connect();
            }
        });
    }

    @Override
    public void onDisplaced() {
        loop.execute(this::giveUp);
    }

    @Override
    protected void onDeadline() {
        liberator.gate().leave(this, client);
        giveUp();
    }

    private void giveUp() {
        if (finish()) {
            dial.turnedAway();
        }
    }

    /** The client has left: its place is free at once. */
    void leave() {
        liberator.gate().leave(this, client);
        finish();
    }

    private boolean finish() {
        boolean first = !over;
        if (first) {
            over = true;
            cancel();
            ledger().left(System.nanoTime() - enteredNanos);
        }
        return first;
    }

    /** Opens the gate again and again until nobody waits at it. */
    private static final class Usher extends Deadline {
        private final EdgeLoop loop;
        private final Liberator liberator;

        Usher(EdgeLoop loop, Liberator liberator) {
            this.loop = loop;
            this.liberator = liberator;
        }

        void admit() {
            long pauseNanos = liberator.gate().admit(liberator.config().newStreamsPerSecond(), System.nanoTime());
            if (pauseNanos > 0) {
                loop.arm(this, pauseNanos);
            }
        }

        @Override
        protected void onDeadline() {
            admit();
        }
    }
}
