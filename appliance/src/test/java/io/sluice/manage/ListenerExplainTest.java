package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a client of an address is let in, said by the listener. */
class ListenerExplainTest {
    private static final String LISTENER = "Listener,name=plain";

    private Managed managed;

    private void serve(String limits) throws Exception {
        managed = new Managed(Managed.CONFIG.replaceFirst(
                "name: plain, bind: \"127.0.0.1:0\"",
                "name: plain, bind: \"127.0.0.1:0\", limits: { " + limits + " }"));
    }

    private String[] explain(String client) throws Exception {
        return (String[]) managed.invoke(LISTENER, "explain", client);
    }

    @AfterEach
    void stop() throws Exception {
        managed.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10.1.2.3    | allow 10.0.0.0/8               | let in
            10.9.0.1    | deny 10.9.0.0/16               | refused: address-denied
            192.0.2.1   | none of allow: it may not come | refused: address-denied
            2001:db8::7 | allow 2001:db8:0:0:0:0:0:0/32  | let in
            """)
    void names_the_rule_that_decides(String client, String rule, String result) throws Exception {
        serve("allow: [ 10.0.0.0/8, \"2001:db8::/32\" ], deny: [ 10.9.0.0/16 ]");
        assertThat(explain(client)).contains("rule       " + rule, "result     " + result);
    }

    @Test
    void names_the_limits_and_the_network_that_counts_as_one_client() throws Exception {
        serve("connections: 1, connectionsPerAddress: 5");
        assertThat(explain("2001:db8:0:1::9"))
                .contains(
                        "rule       none: all that is not denied may come",
                        "listener   0 connections open, at most 1",
                        "address    at most 5 connections, counted as 2001:db8:0:1:0:0:0:0",
                        "result     let in");
        try (Socket only = managed.client("plain")) {
            await().untilAsserted(() -> assertThat(managed.<Integer>get(LISTENER, "ConnectionsActive"))
                    .isOne());
            assertThat(only.isConnected()).isTrue();
            assertThat(explain("192.0.2.1")).contains("result     refused: listener-limit");
        }
    }

    @Test
    void is_all_there_is_to_say_of_a_client_that_is_not_let_in() throws Exception {
        serve("deny: [ 10.9.0.0/16 ]");
        String[] lines = (String[])
                managed.invoke("RoutingTable", "explainClient", "10.9.1.2", "plain", "", "a.example.com", "/", "");
        assertThat(lines)
                .contains("rule       deny 10.9.0.0/16")
                .endsWith("result     refused: address-denied")
                .noneMatch(line -> line.startsWith("route"));
    }

    @ParameterizedTest
    @CsvSource({"''", "String", "10.0.0", "client.example.com", "10.0.0.0/8"})
    void asks_for_an_address(String client) throws Exception {
        serve("connections: 1");
        assertThat(explain(client)).startsWith("nothing to explain yet:");
    }
}
