package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.EndCause;
import io.sluice.account.Flow;
import io.sluice.account.FlowLedger;
import io.sluice.account.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Slow clients and stalled streams: seen, and cut off only where the route says so. */
class FlowTest {
    private static final byte[] UNIT = Peer.bytes("x".repeat(999) + "\n");

    @RegisterExtension
    final Sluices sluices = new Sluices();

    private FakeLiberator fake;
    private TestClient client;
    private Conversation liberator;

    private void open(String... defaults) {
        fake = sluices.liberator();
        sluices.serve(fake, defaults);
        client = sluices.smallClient("direct").send("hello");
        liberator = fake.next();
        liberator.readText(5);
    }

    private FlowLedger ledger(Flow flow) {
        return sluices.ledger().flow(flow);
    }

    @Test
    void a_client_that_is_behind_is_slow_until_it_has_caught_up_and_is_left_alone() {
        open("slowClientAfter: 100ms");
        long sent = liberator.sendUntilStopped(UNIT, 16 << 20);
        Sluices.await(() -> assertThat(ledger(Flow.SLOW).active()).isOne());
        assertThat(Flow.of(sluices.stream(), System.nanoTime())).isEqualTo(Flow.SLOW);
        client.readRepeated(UNIT, sent);
        Sluices.await(() -> assertThat(ledger(Flow.SLOW).active()).isZero());
        assertThat(ledger(Flow.SLOW).total()).isOne();
        assertThat(ledger(Flow.STALLED).total()).isZero();
        liberator.send("more\n");
        assertThat(client.readText(5)).isEqualTo("more\n");
    }

    @Test
    void a_client_that_is_behind_for_longer_than_its_route_allows_is_cut_off() {
        open("slowClientAfter: 100ms", "slowClientTimeout: 200ms");
        liberator.sendAside(new byte[16 << 20]);
        Sluices.await(() -> assertThat(sluices.ledger().endedIn(EndCause.CLIENT_SLOW, Phase.RELAY))
                .isOne());
        Sluices.await(() -> assertThat(ledger(Flow.SLOW).active()).isZero());
        liberator.awaitClientGone();
        client.readUntilGone();
    }

    @Test
    void a_client_that_is_behind_and_leaves_is_slow_no_more() {
        open("slowClientAfter: 100ms");
        liberator.sendUntilStopped(UNIT, 16 << 20);
        Sluices.await(() -> assertThat(ledger(Flow.SLOW).active()).isOne());
        client.reset();
        Sluices.await(() -> assertThat(ledger(Flow.SLOW).active()).isZero());
        assertThat(sluices.ledger().ended(EndCause.CLIENT_SLOW)).isZero();
    }

    @Test
    void a_stream_that_is_silent_both_ways_is_stalled_until_something_comes() {
        open("stalledStreamAfter: 100ms");
        Sluices.await(() -> assertThat(ledger(Flow.STALLED).active()).isOne());
        Sluices.await(() -> {
            liberator.send("tick\n");
            client.readText(5);
            assertThat(ledger(Flow.STALLED).active()).isZero();
        });
        assertThat(ledger(Flow.STALLED).total()).isPositive();
        assertThat(ledger(Flow.SLOW).total()).isZero();
    }

    @Test
    void a_request_that_takes_its_time_is_not_stalled() {
        fake = sluices.liberator();
        sluices.serve(fake, "stalledStreamAfter: 1ms");
        client = sluices.client().get("/report.csv");
        liberator = fake.next();
        liberator.expectHead("GET");
        assertThat(Flow.of(sluices.stream(), System.nanoTime() + 60_000_000_000L))
                .isEqualTo(Flow.FLOWING);
        liberator.answer("whole");
        client.readHead();
    }
}
