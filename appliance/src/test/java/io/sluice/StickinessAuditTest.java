package io.sluice;

import static io.sluice.Sluices.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.EndCause;
import io.sluice.account.Refusal;
import io.sluice.account.StickinessAudit;
import io.sluice.route.Liberator;
import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Shows that the audit can fail: what no request can bring about is brought about by force, inside the process, while
 * everything else is real.
 */
class StickinessAuditTest {
    @RegisterExtension
    final Sluices sluices = new Sluices();

    private FakeLiberator a;
    private TestClient client;
    private Conversation asked;

    private void serve() {
        a = sluices.liberator();
        FakeLiberator b = sluices.liberator();
        sluices.start("""
                liberators:
                  - { name: lib-a, address: "127.0.0.1:%d", health: off }
                  - { name: lib-b, address: "127.0.0.1:%d", health: off }
                listeners:
                  - { name: plain, bind: "127.0.0.1:0" }
                  - { name: direct, bind: "127.0.0.1:0", kind: direct, liberator: lib-a }
                routes:
                  - { host: a.example.com, liberator: lib-a }
                  - { host: b.example.com, liberator: lib-b }
                """.formatted(a.port(), b.port()));
    }

    /** A client whose request has reached its Liberator, which has not answered yet. */
    private void ask(String request) {
        client = sluices.client().send(request);
        asked = a.next();
        asked.expectHead("GET");
    }

    private void askForStream() {
        ask("GET /stream HTTP/1.1\r\nHost: a.example.com\r\n\r\n");
    }

    private static Object get(Object owner, String field) {
        try {
            return Objects.requireNonNull(opened(owner, field).get(owner));
        } catch (IllegalAccessException closed) {
            throw new AssertionError(closed);
        }
    }

    private static void set(Object owner, String field, Object value) {
        try {
            opened(owner, field).set(owner, value);
        } catch (IllegalAccessException closed) {
            throw new AssertionError(closed);
        }
    }

    private static Field opened(Object owner, String name) {
        try {
            Field field = owner.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException renamed) {
            throw new AssertionError("the test must follow the code: " + renamed.getMessage(), renamed);
        }
    }

    /** The connection to the Liberator of the one stream that is open. */
    private Object upstream() {
        return get(get(get(sluices.stream(), "ending"), "pair"), "upstream");
    }

    private Liberator liberator(String name) {
        return sluices.appliance().router().table().liberators().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void expectStopped(String found) {
        sluices.violationIsMade();
        client.awaitReset();
        StickinessAudit audit = sluices.appliance().accounts().streams().stickiness();
        await(() -> assertThat(sluices.appliance().accounts().stickinessViolations())
                .isEqualTo(1));
        assertThat(Objects.requireNonNull(audit.last()).toString()).contains("of lib-a: " + found);
        assertThat(sluices.ledger("lib-a").stickinessViolations()).isEqualTo(1);
        await(() ->
                assertThat(sluices.ledger("lib-a").ended(EndCause.APPLIANCE)).isEqualTo(1));
    }

    @Test
    void a_response_of_another_Liberator_is_not_delivered() {
        serve();
        askForStream();
        Object connection = upstream();
        Object own = get(connection, "liberator");
        set(connection, "liberator", liberator("lib-b"));
        asked.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked").sendChunk("price");
        expectStopped("connection made for lib-b");
        assertThat(sluices.refusals().count(Refusal.STICKINESS)).isEqualTo(1);
        set(connection, "liberator", own);
        liberator("lib-b").ledger().takeConnection(10); // what lib-b gave back was lib-a's
        liberator("lib-a").ledger().connectionGone();
    }

    @Test
    void an_upgrade_from_a_socket_that_leads_elsewhere_is_not_delivered() {
        serve();
        ask(WebSocketTest.HANDSHAKE.replace("fx.example.com", "a.example.com"));
        set(upstream(), "dialled", new InetSocketAddress("127.0.0.1", 9));
        asked.send101();
        expectStopped("socket connected to");
    }

    @Test
    void a_response_on_another_clients_connection_is_not_delivered() {
        serve();
        askForStream();
        set(upstream(), "client", get(upstream(), "wire"));
        asked.answer("hello");
        expectStopped("connection made for another client");
    }

    @Test
    void a_request_is_not_sent_to_a_Liberator_that_is_not_the_configured_one() {
        serve();
        Object route =
                get(Objects.requireNonNull(sluices.appliance().router().table().listener("direct")), "only");
        set(route, "liberatorName", "lib-b");
        sluices.violationIsMade();
        sluices.awaitRefused("direct");
        await(() -> assertThat(sluices.ledger("lib-a").stickinessViolations()).isEqualTo(1));
        assertThat(sluices.ledger("lib-a").stickinessChecks()).isEqualTo(1);
    }

    @Test
    void each_response_is_checked_once_whatever_went_before_it() {
        serve();
        askForStream();
        asked.sendHead("HTTP/1.1 103 Early Hints", "Link: </a.css>").answer("hello");
        client.readHead();
        client.readHead();
        assertThat(client.readText(5)).isEqualTo("hello");
        client.send("GET /again HTTP/1.1\r\nHost: a.example.com\r\n\r\n");
        asked.expectHead("GET /again");
        asked.answer("hello");
        client.readHead();
        assertThat(sluices.ledger("lib-a").stickinessChecks()).isEqualTo(2);
    }
}
