package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.EndCause;
import io.sluice.account.Refusal;
import io.sluice.account.WaitLedger;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LoginStormTest {
    @RegisterExtension
    final Sluices sluices = new Sluices();

    private FakeLiberator fake;

    private void serve(String gate, String... defaults) {
        fake = sluices.liberator();
        sluices.start(text(gate, defaults));
    }

    private String text(String gate, String... defaults) {
        return Sluices.one(fake.port(), defaults).replace("health: off", "health: off, " + gate);
    }

    private WaitLedger ledger() {
        return sluices.ledger().newStreams();
    }

    private void awaitWaiting(int count) {
        Sluices.await(() -> assertThat(ledger().waiting()).isEqualTo(count));
    }

    /** Takes what passes at once, at one a second. */
    private void first() {
        sluices.client("direct");
        fake.next();
    }

    @Test
    void clients_that_come_too_fast_wait_and_are_all_served() {
        serve("newStreamsPerSecond: 20");
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            clients.add(sluices.client().get("/stream" + i));
        }
        for (int i = 0; i < 12; i++) {
            Conversation liberator = fake.next();
            liberator.expectHead("GET /stream");
            liberator.answer("ok");
        }
        for (TestClient each : clients) {
            assertThat(each.readHead()).startsWith("HTTP/1.1 200 ");
        }
        assertThat(ledger().delayed().total()).isPositive();
        assertThat(ledger().waiting()).isZero();
        assertThat(ledger().longestMicros()).isPositive();
        assertThat(sluices.refusals().total()).isZero();
    }

    @Test
    void who_has_no_turn_in_time_is_told_to_come_again() {
        serve("newStreamsPerSecond: 1, newStreamsMaxWait: 100ms");
        first();
        TestClient client = sluices.client().get("/x");
        assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 503 ").contains("Retry-After: ");
        assertThat(sluices.refusals().count(Refusal.NEW_STREAM_LIMIT)).isOne();
        assertThat(sluices.ledger().refusals().count(Refusal.NEW_STREAM_LIMIT)).isOne();
        assertThat(fake.visits()).isOne();
    }

    @Test
    void where_onDown_refuses_it_is_reset() {
        serve("newStreamsPerSecond: 1, newStreamsMaxWait: 100ms", "onDown: refuse");
        first();
        sluices.client().get("/x").awaitReset();
        sluices.client("direct").awaitReset();
    }

    @Test
    void who_finds_no_place_to_wait_is_told_at_once() {
        serve("newStreamsPerSecond: 1, newStreamsMaxWait: 1s");
        first();
        sluices.client().get("/waits");
        awaitWaiting(1);
        assertThat(sluices.client().get("/x").readUntilEnd()).startsWith("HTTP/1.1 503 ");
        assertThat(ledger().waiting()).isOne();
        fake.next().expectHead("GET /waits");
    }

    @Test
    void a_client_that_leaves_gives_its_place_up_at_once() {
        serve("newStreamsPerSecond: 1, newStreamsMaxWait: 10m");
        first();
        TestClient web = sluices.client().get("/x");
        awaitWaiting(1);
        TestClient direct = sluices.client("direct").send("login");
        awaitWaiting(2);
        TestClient reset = sluices.client("direct");
        awaitWaiting(3);
        reset.reset();
        awaitWaiting(2);
        direct.close();
        awaitWaiting(1);
        web.close();
        awaitWaiting(0);
        assertThat(sluices.ledger().ended(EndCause.CLIENT_CLOSED)).isEqualTo(2);
    }

    @Test
    void what_a_Direct_client_sends_while_it_waits_comes_first() {
        serve("newStreamsPerSecond: 2");
        first();
        TestClient client = sluices.client("direct").send("login ");
        Sluices.await(() -> assertThat(ledger().delayed().total()).isOne());
        client.send("now");
        Conversation liberator = fake.next();
        client.send(" more");
        assertThat(liberator.readText(14)).isEqualTo("login now more");
        liberator.send("welcome");
        assertThat(client.readText(7)).isEqualTo("welcome");
    }

    @Test
    void a_further_request_of_a_client_that_is_in_waits_for_nothing() {
        serve("newStreamsPerSecond: 1");
        TestClient client = sluices.client();
        Conversation liberator = null;
        for (int i = 0; i < 5; i++) {
            client.get("/poll" + i);
            liberator = liberator == null ? fake.next() : liberator;
            liberator.expectHead("GET /poll" + i);
            liberator.answer("ok");
            client.readHead();
            client.readText(2);
        }
        assertThat(ledger().delayed().total()).isZero();
    }

    @Test
    void a_reload_that_lifts_the_limit_lets_newcomers_pass_and_those_that_wait_keep_their_turn() throws IOException {
        serve("newStreamsPerSecond: 1");
        first();
        sluices.client().get("/waits");
        awaitWaiting(1);
        sluices.appliance().change(Sluices.config(text("newStreamsPerSecond: 0")));
        sluices.client().get("/passes");
        fake.next().expectHead("GET /passes");
        fake.next().expectHead("GET /waits");
    }
}
