package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.Refusal;
import io.sluice.account.RefusalLedger;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AdmissionTest {
    @RegisterExtension
    final Sluices sluices = new Sluices();

    private FakeLiberator fake;

    private void serve(String limits, String top) {
        fake = sluices.liberator();
        sluices.start(text(limits, top));
    }

    private String text(String limits, String top) {
        return """
                %s
                liberators:
                  - { name: lib-a, address: "127.0.0.1:%d", health: off }
                listeners:
                  - { name: plain, bind: "127.0.0.1:0", limits: { %s } }
                  - { name: direct, bind: "127.0.0.1:0", kind: direct, liberator: lib-a }
                routes:
                  - { host: %s, liberator: lib-a }
                """.formatted(top, fake.port(), limits, Sluices.HOST);
    }

    private RefusalLedger refusals(String listener) {
        return sluices.appliance().accounts().listener(listener).refusals();
    }

    private void awaitRefusals(String listener, Refusal reason, long count) {
        Sluices.await(() -> assertThat(refusals(listener).count(reason)).isEqualTo(count));
        assertThat(refusals(listener).lastAt(reason)).isNotNull();
    }

    private void isServed(TestClient client) {
        client.get("/x");
        Conversation liberator = fake.next();
        liberator.expectHead("GET /x");
        liberator.answer("ok");
        assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
        client.readText(2);
    }

    @Nested
    class A_connection_above_a_limit {
        @Test
        void of_its_listener_is_reset_and_the_others_go_on() {
            serve("connections: 1", "");
            TestClient first = sluices.client();
            isServed(first);
            sluices.awaitRefused("plain");
            awaitRefusals("plain", Refusal.LISTENER_LIMIT, 1);
            assertThat(sluices.client("direct")).isNotNull();
        }

        @Test
        void of_its_address_is_reset() {
            serve("connectionsPerAddress: 1", "");
            isServed(sluices.client());
            sluices.awaitRefused("plain");
            awaitRefusals("plain", Refusal.ADDRESS_LIMIT, 1);
        }

        @Test
        void of_the_appliance_is_reset_at_whichever_listener_it_comes() {
            serve("connections: 10", "limits: { connections: 2 }");
            isServed(sluices.client());
            sluices.client("direct");
            fake.next();
            sluices.awaitRefused("plain");
            awaitRefusals("plain", Refusal.APPLIANCE_LIMIT, 1);
            sluices.awaitRefused("direct");
            awaitRefusals("direct", Refusal.APPLIANCE_LIMIT, 1);
            assertThat(sluices.appliance().accounts().clients().active()).isEqualTo(2);
        }

        @Test
        void finds_a_place_once_another_has_left() {
            serve("connections: 1, connectionsPerAddress: 1", "limits: { connections: 1 }");
            for (int i = 0; i < 3; i++) {
                TestClient client = sluices.client();
                isServed(client);
                client.close();
                Sluices.await(() -> assertThat(
                                sluices.appliance().accounts().clients().active())
                        .isZero());
            }
            assertThat(refusals("plain").total()).isZero();
        }
    }

    @Nested
    class An_address {
        @Test
        void that_is_denied_is_reset_and_nothing_reaches_a_Liberator() {
            serve("deny: [ 127.0.0.0/8 ]", "");
            sluices.awaitRefused("plain");
            awaitRefusals("plain", Refusal.ADDRESS_DENIED, 1);
            assertThat(fake.visits()).isZero();
        }

        @Test
        void that_is_not_among_those_allowed_is_reset() {
            serve("allow: [ 10.0.0.0/8, \"2001:db8::/32\" ]", "");
            sluices.awaitRefused("plain");
            awaitRefusals("plain", Refusal.ADDRESS_DENIED, 1);
        }

        @Test
        void that_is_allowed_and_denied_is_reset() {
            serve("allow: [ 127.0.0.0/8 ], deny: [ 127.0.0.1 ]", "");
            sluices.awaitRefused("plain");
            awaitRefusals("plain", Refusal.ADDRESS_DENIED, 1);
        }

        @Test
        void that_is_allowed_as_a_mapped_one_is_served() {
            serve("allow: [ \"::ffff:127.0.0.0/104\" ]", "");
            isServed(sluices.client());
        }

        @Test
        void that_a_reload_denies_keeps_its_connections_and_gets_no_new_one() throws IOException {
            serve("deny: []", "");
            TestClient before = sluices.client();
            isServed(before);
            InetSocketAddress address = sluices.address("plain");
            sluices.appliance().change(Sluices.config(text("deny: [ 127.0.0.1 ]", "")));
            assertThat(sluices.address("plain"))
                    .as("the listening socket stays")
                    .isEqualTo(address);
            sluices.awaitRefused("plain");
            before.get("/y");
            sluices.stream();
        }
    }

    @Nested
    class Connections_that_come_faster_than_acceptPerSecond {
        @Test
        void wait_and_are_all_served() {
            serve("acceptPerSecond: 10", "");
            List<TestClient> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                clients.add(sluices.client());
            }
            clients.forEach(AdmissionTest.this::isServed);
            var ledger = sluices.appliance().accounts().listener("plain");
            assertThat(ledger.slowed().total()).isPositive();
            assertThat(Objects.requireNonNull(ledger.slowed().lastAt())).isNotNull();
            assertThat(ledger.refusals().total()).isZero();
        }
    }
}
