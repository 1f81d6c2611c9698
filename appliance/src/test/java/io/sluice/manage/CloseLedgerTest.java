package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Why streams ended, who closed first, and since when it is counted. */
class CloseLedgerTest {
    private static final String LIB_A = "Liberator,name=lib-a";

    private Managed managed;

    @BeforeEach
    void start() throws Exception {
        managed = new Managed();
    }

    @AfterEach
    void stop() throws Exception {
        managed.close();
    }

    private void endDirect(boolean byClient) throws Exception {
        try (Socket client = managed.client("direct-a")) {
            client.getOutputStream().write('x');
            Socket liberator = managed.a.next();
            if (byClient) {
                client.shutdownOutput();
                client.getInputStream().readAllBytes();
            } else {
                liberator.close();
                client.getInputStream().readAllBytes();
            }
        }
    }

    private void awaitTotal(String attribute, long total) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(managed.<Long>get(LIB_A, attribute)).isEqualTo(total));
    }

    private String lines(String attribute) throws Exception {
        return String.join("\n", managed.<String[]>get(LIB_A, attribute));
    }

    @Test
    void tells_who_closed_first() throws Exception {
        endDirect(true);
        awaitTotal("ClosedFirstByClientTotal", 1);
        assertThat(managed.<Long>get(LIB_A, "ClosedFirstByLiberatorTotal")).isZero();
        endDirect(false);
        awaitTotal("ClosedFirstByLiberatorTotal", 1);
        assertThat(managed.<Long>get(LIB_A, "ClosedFirstByClientTotal")).isOne();
        assertThat(managed.<Long>get(LIB_A, "ClosedFirstBySluiceTotal")).isZero();
        assertThat(lines("Ends"))
                .containsPattern("client-closed +relay +client +1")
                .containsPattern("liberator-closed +relay +liberator +1");
    }

    @Test
    void counts_from_the_mark_and_loses_nothing() throws Exception {
        endDirect(true);
        awaitTotal("ClosedFirstByClientTotal", 1);
        assertThat(managed.<String[]>get(LIB_A, "EndsSinceMark")).hasSize(2);
        assertThat((String) managed.invoke(LIB_A, "markEnds"))
                .isEqualTo("lib-a: EndsSinceMark counts from now, " + managed.get(LIB_A, "EndsMarkAt"));
        assertThat(managed.<String[]>get(LIB_A, "EndsSinceMark")).hasSize(1);
        endDirect(false);
        awaitTotal("ClosedFirstByLiberatorTotal", 1);
        assertThat(lines("EndsSinceMark")).contains("liberator-closed").doesNotContain("client-closed");
        assertThat(lines("Ends")).contains("liberator-closed").contains("client-closed");
    }

    @Test
    void counts_since_a_time_and_says_from_when_on() throws Exception {
        String start = managed.get(LIB_A, "EndsMarkAt");
        endDirect(true);
        awaitTotal("ClosedFirstByClientTotal", 1);
        assertThat((String[]) managed.invoke(LIB_A, "endsSince", "2h"))
                .hasSize(3)
                .startsWith("from " + start)
                .anyMatch(line -> line.matches("client-closed +relay +client +1"));
        assertThat((String[]) managed.invoke(LIB_A, "endsSince", "2020-01-01T00:00:00Z"))
                .hasSize(3);
    }

    @Test
    void says_what_a_time_looks_like() {
        for (String text : new String[] {"String", "", "yesterday", "2100-01-01T00:00:00Z", "-5m"}) {
            assertThatThrownBy(() -> managed.invoke(LIB_A, "endsSince", text))
                    .hasRootCauseMessage(
                            "since is '" + text + "' (expected a time ago, as in 15m or 2h, or an instant in"
                                    + " the past, as in 2026-11-23T10:15:00Z)");
        }
    }
}
