package io.sluice;

import static io.sluice.Sluices.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.AffinityFinding;
import io.sluice.account.AffinityOutcome;
import io.sluice.account.PoolLedger;
import io.sluice.account.Refusal;
import io.sluice.drain.Drain;
import io.sluice.route.Liberator;
import io.sluice.route.LiberatorState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two Liberators behind one host (layout C). */
class PoolTest {
    private static final String HOST = "trading.example.com";
    private static final String SECRET = "A".repeat(43) + "=";
    private static final String OTHER_SECRET = "B".repeat(42) + "A=";
    private static final Pattern COOKIE = Pattern.compile("\r\nSet-Cookie: (sluice=[^;]*)(;[^\r]*)?\r\n");

    @RegisterExtension
    final Sluices sluices = new Sluices();

    @TempDir
    Path folder;

    private FakeLiberator a;
    private FakeLiberator b;

    @BeforeEach
    void writeKeys() throws IOException {
        keys("k1 " + SECRET);
    }

    private void keys(String text) throws IOException {
        Path file = folder.resolve("keys");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private void serve(String affinity) {
        a = sluices.liberator();
        b = sluices.liberator();
        sluices.start(text(affinity));
    }

    private String text(String affinity) {
        return text("{ name: lib-a }, { name: lib-b }", affinity);
    }

    private String text(String members, String affinity) {
        return """
                liberators:
                  - { name: lib-a, address: "127.0.0.1:%d", health: off }
                  - { name: lib-b, address: "127.0.0.1:%d", health: off }
                listeners:
                  - { name: plain, bind: "127.0.0.1:0" }
                routes:
                  - host: %s
                    pool:
                      liberators: [ %s ]
                      affinity: { %s }
                """.formatted(
                        a.port(), b.port(), HOST, members, affinity.replace("KEYS", "keys: " + folder.resolve("keys")));
    }

    private static String get(String path, String... fields) {
        StringBuilder text = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: " + HOST + "\r\n");
        for (String each : fields) {
            text.append(each).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    private PoolLedger ledger() {
        return sluices.appliance().accounts().pool(HOST);
    }

    /** The cookie pair set by a head; fails when there is none. */
    private static String cookieOf(String head) {
        Matcher set = COOKIE.matcher(head);
        assertThat(set.find()).as("Set-Cookie in %s", head).isTrue();
        return set.group(1);
    }

    /** A new client that is given a Liberator: its connection, that Liberator, and its cookie. */
    private record Newcomer(TestClient client, FakeLiberator liberator, String cookie) {}

    private Newcomer newcomer() {
        int visitsToA = a.visits();
        TestClient client = sluices.client().send(get("/first"));
        await(() -> assertThat(a.visits() + b.visits()).isEqualTo(before + 1));
        FakeLiberator chosen = a.visits() > visitsToA ? a : b;
        Conversation asked = chosen.next();
        asked.expectHead("GET /first");
        asked.answer("hello");
        String head = client.readHead();
        assertThat(client.readText(5)).isEqualTo("hello");
        before++;
        return new Newcomer(client, chosen, cookieOf(head));
    }

    private int before;

    @Nested
    class A_client_with_a_cookie {
        @Test
        void stays_with_its_Liberator_on_every_new_connection() {
            serve("KEYS");
            Newcomer one = newcomer();
            for (int i = 0; i < 5; i++) {
                TestClient again = sluices.client().send(get("/again", "Cookie: " + one.cookie()));
                Conversation asked = one.liberator().next();
                asked.expectHead("GET /again");
                asked.answer("still here");
                assertThat(again.readHead()).doesNotContain("Set-Cookie");
                again.close();
            }
            assertThat(ledger().count(AffinityOutcome.ASSIGNED)).isEqualTo(1);
            assertThat(ledger().count(AffinityOutcome.KEPT)).isEqualTo(5);
        }

        @Test
        void is_not_shown_to_the_Liberator_while_other_cookies_are() {
            serve("KEYS");
            Newcomer one = newcomer();
            sluices.client().send(get("/x", "Cookie: a=1; " + one.cookie() + "; b=2"));
            String head = one.liberator().next().expectHead("GET /x");
            assertThat(head).contains("Cookie: a=1; b=2\r\n").doesNotContain("sluice=");
            sluices.client().send(get("/y", "Cookie: " + one.cookie()));
            assertThat(one.liberator().next().expectHead("GET /y")).doesNotContain("Cookie");
        }

        @Test
        void stays_when_another_appliance_with_the_same_keys_serves_it() {
            serve("KEYS");
            Newcomer one = newcomer();
            sluices.start(text("KEYS"));
            sluices.client().send(get("/there", "Cookie: " + one.cookie()));
            one.liberator().next().expectHead("GET /there");
        }

        @Test
        void is_told_when_its_Liberator_is_down_and_keeps_its_cookie() {
            serve("KEYS");
            Newcomer one = newcomer();
            one.client().close();
            one.liberator().stopListening();
            TestClient again = sluices.client().send(get("/x", "Cookie: " + one.cookie()));
            assertThat(again.readUntilEnd()).startsWith("HTTP/1.1 503 ").doesNotContain("Set-Cookie");
            assertThat((one.liberator() == a ? b : a).visits()).isZero();
        }

        @Test
        void whose_Liberator_left_the_pool_is_told_to_start_anew_and_never_served_by_another() throws IOException {
            serve("KEYS");
            Newcomer one = newcomer();
            FakeLiberator other = one.liberator() == a ? b : a;
            String left = one.liberator() == a ? "{ name: lib-b }" : "{ name: lib-a }";
            sluices.appliance().change(Sluices.config(text(left, "KEYS")));
            TestClient again = sluices.client().send(get("/x", "Cookie: " + one.cookie()));
            String answer = again.readUntilEnd();
            assertThat(answer).startsWith("HTTP/1.1 503 ").contains("Set-Cookie: sluice=; Path=/; Secure; HttpOnly");
            assertThat(answer).contains("Max-Age=0");
            assertThat(other.visits()).isZero();
            assertThat(ledger().count(AffinityOutcome.RELEASED_REMOVED)).isEqualTo(1);
            assertThat(sluices.refusals().count(Refusal.AFFINITY_RELEASED)).isEqualTo(1);
        }

        @Test
        void whose_Liberator_left_the_pool_is_held_where_the_operator_says_so() throws IOException {
            serve("KEYS, release: { removed: off }");
            Newcomer one = newcomer();
            String left = one.liberator() == a ? "{ name: lib-b }" : "{ name: lib-a }";
            sluices.appliance().change(Sluices.config(text(left, "KEYS, release: { removed: off }")));
            TestClient again = sluices.client().send(get("/x", "Cookie: " + one.cookie()));
            assertThat(again.readUntilEnd()).startsWith("HTTP/1.1 503 ").doesNotContain("Set-Cookie");
            assertThat(ledger().count(AffinityOutcome.GONE)).isEqualTo(1);
        }

        @Test
        void is_kept_over_a_change_of_keys_and_given_a_cookie_of_the_new_one() throws IOException {
            serve("KEYS");
            Newcomer one = newcomer();
            keys("k2 " + OTHER_SECRET + "\nk1 " + SECRET);
            sluices.appliance().change(Sluices.config(text("KEYS")));
            TestClient again = sluices.client().send(get("/x", "Cookie: " + one.cookie()));
            Conversation asked = one.liberator().next();
            asked.expectHead("GET /x");
            asked.answer("y");
            assertThat(cookieOf(again.readHead())).startsWith("sluice=1.k2.");
        }

        @Test
        void that_shows_two_goes_where_the_one_set_last_says() {
            serve("KEYS");
            Newcomer one = newcomer();
            sluices.client().send(get("/x", "Cookie: sluice=1.k1.lib-a.0.forged; " + one.cookie()));
            one.liberator().next().expectHead("GET /x");
        }
    }

    @Nested
    class A_forged_cookie {
        @Test
        void is_refused_counted_and_taken_back() {
            serve("KEYS");
            for (String forged : new String[] {
                "sluice=1.k1.lib-a.t0000.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "sluice=",
                "sluice=lib-a",
                "sluice=1.k9.lib-a.t0000.AAAA",
                "sluice=2.k1.lib-a.t0000.AAAA",
                "sluice=....",
                "sluice=1.k1.lib-a.t0000." + "A".repeat(5000)
            }) {
                TestClient client = sluices.client().send(get("/x", "Cookie: " + forged));
                assertThat(client.readUntilEnd())
                        .as(forged)
                        .startsWith("HTTP/1.1 400 ")
                        .contains("Set-Cookie: sluice=; ");
            }
            assertThat(a.visits() + b.visits()).isZero();
            assertThat(ledger().count(AffinityOutcome.REFUSED)).isEqualTo(7);
            assertThat(ledger().count(AffinityFinding.UNKNOWN_KEY)).isEqualTo(1);
            assertThat(ledger().count(AffinityFinding.FORGED)).isEqualTo(6);
            assertThat(sluices.refusals().count(Refusal.AFFINITY_FORGED)).isEqualTo(7);
        }

        @Test
        void with_another_Liberators_name_and_a_good_signature_is_refused() {
            serve("KEYS");
            Newcomer one = newcomer();
            String altered = one.cookie().contains(".lib-a.")
                    ? one.cookie().replace(".lib-a.", ".lib-b.")
                    : one.cookie().replace(".lib-b.", ".lib-a.");
            assertThat(sluices.client().send(get("/x", "Cookie: " + altered)).readUntilEnd())
                    .startsWith("HTTP/1.1 400 ");
        }

        @Test
        void makes_a_new_client_where_the_operator_says_so() {
            serve("KEYS, forged: new");
            TestClient client = sluices.client().send(get("/x", "Cookie: sluice=nonsense"));
            await(() -> assertThat(a.visits() + b.visits()).isEqualTo(1));
            Conversation asked = (a.visits() == 1 ? a : b).next();
            asked.expectHead("GET /x");
            asked.answer("welcome");
            cookieOf(client.readHead());
            assertThat(ledger().count(AffinityFinding.FORGED)).isEqualTo(1);
            assertThat(ledger().count(AffinityOutcome.ASSIGNED)).isEqualTo(1);
        }
    }

    @Nested
    class A_new_client {
        @Test
        void goes_where_the_fewest_connections_are_and_stays_on_its_connection_without_a_cookie() {
            serve("KEYS");
            Newcomer one = newcomer();
            Newcomer two = newcomer();
            assertThat(two.liberator()).isNotSameAs(one.liberator());
            assertThat(ledger().assigned("lib-a")).isEqualTo(1);
            assertThat(ledger().assigned("lib-b")).isEqualTo(1);
        }

        @Test
        void is_given_its_cookie_on_the_101_of_a_WebSocket() {
            serve("KEYS");
            TestClient client = sluices.client()
                    .send(get(
                            "/RTTP-TYPE8",
                            "Upgrade: websocket",
                            "Connection: Upgrade",
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
            await(() -> assertThat(a.visits() + b.visits()).isEqualTo(1));
            Conversation asked = (a.visits() == 1 ? a : b).next();
            asked.expectHead("GET /RTTP-TYPE8");
            asked.send101();
            String head = client.readHead();
            assertThat(head).startsWith("HTTP/1.1 101 ");
            assertThat(cookieOf(head)).contains(a.visits() == 1 ? ".lib-a." : ".lib-b.");
        }

        @Test
        void is_given_no_cookie_by_an_answer_that_is_not_a_Liberators() {
            serve("KEYS");
            a.stopListening();
            b.stopListening();
            TestClient client = sluices.client().send(get("/x"));
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 503 ").doesNotContain("Set-Cookie");
        }

        @Test
        void stays_with_the_Liberator_of_its_connection_while_it_shows_no_cookie() {
            serve("KEYS");
            Newcomer one = newcomer();
            newcomer();
            newcomer();
            one.client().send(get("/second"));
            // On the connection it has already: no new one is made.
            assertThat(a.visits() + b.visits()).isEqualTo(3);
            assertThat(ledger().count(AffinityOutcome.ASSIGNED)).isEqualTo(3);
        }
    }

    @Nested
    class A_Liberator_taken_out_of_service {
        private Liberator of(Newcomer one) {
            String name = one.liberator() == a ? "lib-a" : "lib-b";
            return sluices.appliance().router().table().liberators().stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        @Test
        void gets_no_new_clients_while_those_it_has_stay_also_on_new_connections() {
            serve("KEYS");
            Newcomer one = newcomer();
            sluices.appliance().drains().disable(of(one), "test");
            for (int i = 0; i < 3; i++) {
                assertThat(newcomer().liberator()).isNotSameAs(one.liberator());
            }
            sluices.client().send(get("/again", "Cookie: " + one.cookie()));
            one.liberator().next().expectHead("GET /again");
            assertThat(sluices.refusals().total()).isZero();
        }

        @Test
        void and_drained_is_closed_to_its_clients_who_keep_their_cookies() {
            serve("KEYS");
            Newcomer one = newcomer();
            one.client().close();
            sluices.appliance().drains().drain(List.of(of(one)), Drain.AT_ONCE, Duration.ofSeconds(60), "test");
            TestClient again = sluices.client().send(get("/x", "Cookie: " + one.cookie()));
            assertThat(again.readUntilEnd()).startsWith("HTTP/1.1 503 ").doesNotContain("Set-Cookie");
            assertThat(sluices.refusals().count(Refusal.OUT_OF_SERVICE)).isOne();
            assertThat(newcomer().liberator()).isNotSameAs(one.liberator());
        }

        @Test
        void and_drained_for_long_releases_its_clients() {
            serve("KEYS, release: { downFor: 1ms }");
            Newcomer one = newcomer();
            one.client().close();
            sluices.appliance().drains().drain(List.of(of(one)), Drain.AT_ONCE, Duration.ofSeconds(60), "test");
            await(() -> assertThat(of(one).state().state()).isEqualTo(LiberatorState.DISABLED));
            await(() -> {
                TestClient again = sluices.client().send(get("/x", "Cookie: " + one.cookie()));
                assertThat(again.readUntilEnd()).startsWith("HTTP/1.1 503 ").contains("Set-Cookie: sluice=; ");
            });
            assertThat(ledger().count(AffinityOutcome.RELEASED_DOWN)).isPositive();
        }
    }

    @Nested
    class By_address {
        @Test
        void every_connection_of_one_address_goes_to_one_Liberator_and_never_to_another() {
            serve("kind: address");
            TestClient first = sluices.client().send(get("/1"));
            await(() -> assertThat(a.visits() + b.visits()).isEqualTo(1));
            FakeLiberator chosen = a.visits() == 1 ? a : b;
            for (int i = 0; i < 5; i++) {
                sluices.client().send(get("/more"));
            }
            await(() -> assertThat(chosen.visits()).isEqualTo(6));
            first.close();
            chosen.stopListening();
            assertThat(sluices.client().send(get("/down")).readUntilEnd()).startsWith("HTTP/1.1 503 ");
            assertThat((chosen == a ? b : a).visits()).isZero();
        }
    }

    @Nested
    class By_path {
        private static final String MEMBERS = "{ name: lib-a, path: /a }, { name: lib-b, path: /b/c }";

        private void serveByPath() {
            a = sluices.liberator();
            b = sluices.liberator();
            sluices.start(text(MEMBERS, "kind: path"));
        }

        @Test
        void the_prefix_leads_to_the_Liberator_and_is_cut_off() {
            serveByPath();
            sluices.client().send(get("/a/RTTP-TYPE3?x=/b/c"));
            assertThat(a.next().expectHead("GET ")).startsWith("GET /RTTP-TYPE3?x=/b/c HTTP/1.1\r\n");
            sluices.client().send(get("/b/c"));
            assertThat(b.next().expectHead("GET ")).startsWith("GET / HTTP/1.1\r\n");
            sluices.client().send(get("/a?q"));
            assertThat(a.next().expectHead("GET ")).startsWith("GET /?q HTTP/1.1\r\n");
        }

        @Test
        void a_path_without_one_leads_nowhere() {
            serveByPath();
            for (String path : new String[] {"/", "/b", "/ab/x", "/c"}) {
                assertThat(sluices.client().send(get(path)).readUntilEnd()).startsWith("HTTP/1.1 404 ");
            }
            assertThat(sluices.refusals().count(Refusal.UNKNOWN_PATH)).isEqualTo(4);
        }

        @Test
        void what_is_denied_stays_denied_behind_the_prefix() {
            serveByPath();
            for (String path :
                    new String[] {"/a/status", "/a/%73tatus", "/a//status", "/b/c/x/../status", "/a/./diagnostics"}) {
                assertThat(sluices.client().send(get(path)).readUntilEnd())
                        .as(path)
                        .startsWith("HTTP/1.1 403 ");
            }
            assertThat(a.visits() + b.visits()).isZero();
        }
    }
}
