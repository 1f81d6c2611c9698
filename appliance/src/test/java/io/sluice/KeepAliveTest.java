package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When TCP probes the two sockets of a pair, read from the kernel's own table. */
class KeepAliveTest {
    /** Of {@code tm->when}: hundredths of a second on every system (proc(5)). */
    private static final int TICKS = 100;

    private static final int KEEP_ALIVE_TIMER = 2;
    private static final String DEFAULTS = "defaults: { tcpKeepAliveIdle: 100s }\n";
    private static final String ROUTE = "host: fx.example.com, liberator: lib-a";

    @RegisterExtension
    final Sluices sluices = new Sluices();

    private FakeLiberator fake;
    private TestClient client;
    private Conversation liberator;

    private void openStream() {
        client = sluices.client().get("/RTTP-TYPE2");
        liberator = fake.next();
        liberator.expectHead("GET");
        liberator.sendHead("HTTP/1.1 200 OK");
        client.readHead();
    }

    /** Seconds until the appliance's socket between two ports probes its peer; -1: never. */
    private static long secondsToProbe(int here, int there) throws IOException {
        String ports = String.format(Locale.ROOT, ".*:%04X [0-9A-F]+:%04X 01 .*", here, there);
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                if (line.matches(ports)) {
                    String[] timer = line.strip().split(" +")[5].split(":");
                    boolean probing = Integer.parseInt(timer[0], 16) == KEEP_ALIVE_TIMER;
                    return probing ? Long.parseLong(timer[1], 16) / TICKS : -1;
                }
            }
        }
        throw new AssertionError("no socket from " + here + " to " + there);
    }

    /** At most half of it has passed. */
    private static void assertProbedAfter(int seconds, int here, int there) {
        Sluices.await(() -> assertThat(secondsToProbe(here, there)).isBetween(seconds / 2L, (long) seconds));
    }

    private void assertClientProbedAfter(int seconds) {
        assertProbedAfter(seconds, client.peerPort(), client.localAddress().getPort());
    }

    private void assertLiberatorProbedAfter(int seconds) {
        assertProbedAfter(seconds, liberator.peerPort(), fake.port());
    }

    private String text(String defaults, String listener, String route) {
        return defaults
                + Sluices.one(fake.port())
                        .replace("name: plain,", "name: plain, " + listener)
                        .replace(ROUTE, ROUTE + route);
    }

    @Test
    void the_defaults_hold_on_both_sides() {
        fake = sluices.liberator();
        sluices.start(text(DEFAULTS, "", ""));
        openStream();
        assertClientProbedAfter(100);
        assertLiberatorProbedAfter(100);
    }

    @Test
    void the_listener_says_for_clients_and_the_route_for_its_Liberator() {
        fake = sluices.liberator();
        sluices.start(text(DEFAULTS, "tcpKeepAliveIdle: 1000s, ", ", tcpKeepAliveIdle: 300m"));
        openStream();
        assertClientProbedAfter(1000);
        assertLiberatorProbedAfter(18_000);
    }

    @Test
    void either_side_may_go_without() throws IOException {
        fake = sluices.liberator();
        sluices.start(text(DEFAULTS, "tcpKeepAliveIdle: 0, ", ", tcpKeepAliveIdle: 100s"));
        openStream();
        assertLiberatorProbedAfter(100);
        Sluices.await(() -> assertThat(
                        secondsToProbe(client.peerPort(), client.localAddress().getPort()))
                .isEqualTo(-1));
    }

    @Test
    void a_reload_changes_them_for_new_connections_and_leaves_the_open_ones() throws IOException {
        fake = sluices.liberator();
        sluices.start(text(DEFAULTS, "", ""));
        openStream();
        TestClient before = client;
        sluices.appliance().change(Sluices.config(text(DEFAULTS.replace("100s", "9000s"), "", "")));
        openStream();
        assertClientProbedAfter(9000);
        assertLiberatorProbedAfter(9000);
        client = before;
        assertClientProbedAfter(100);
    }

    @Test
    void a_reload_that_changes_the_listener_itself_changes_them_too() throws IOException {
        fake = sluices.liberator();
        sluices.start(text(DEFAULTS, "", ""));
        String next = text(DEFAULTS.replace("100s", "9000s"), "protocols: [ h2, http/1.1 ], ", "");
        sluices.appliance().change(Sluices.config(next));
        openStream();
        assertClientProbedAfter(9000);
    }
}
