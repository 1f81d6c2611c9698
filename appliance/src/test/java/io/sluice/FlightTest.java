package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.account.Flow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recording shows. */
class FlightTest {
    private static final byte[] UNIT = Peer.bytes("s3cr3t".repeat(166) + "end\n");

    @RegisterExtension
    final Sluices sluices = new Sluices();

    @TempDir
    Path folder;

    private FakeLiberator fake;
    private TestClient client;
    private Conversation liberator;

    private void serve(String... defaults) {
        fake = sluices.liberator();
        sluices.serve(fake, defaults);
    }

    private void openDirect() {
        client = sluices.smallClient("direct").send("s3cr3t\n");
        liberator = fake.next();
        liberator.readText(7);
    }

    /**
     * Our events while {@code life} goes on, at least until the one that is named is among them: it comes after what
     * can be seen from outside. Nothing in them tells what was carried.
     */
    private List<RecordedEvent> recorded(String last, Runnable life) {
        try (Recording recording = new Recording()) {
            recording.start();
            life.run();
            List<RecordedEvent> ours = new ArrayList<>();
            Sluices.await(() -> {
                ours.clear();
                ours.addAll(ours(recording));
                assertThat(ours).anyMatch(event -> isNamed(event, last));
            });
            assertThat(ours.toString()).doesNotContain("s3cr3t");
            return ours;
        }
    }

    private List<RecordedEvent> ours(Recording recording) throws IOException {
        Path file = folder.resolve("flight.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("sluice."))
                .toList();
    }

    private static boolean isNamed(RecordedEvent event, String name) {
        return event.getEventType().getName().equals("sluice." + name);
    }

    private static RecordedEvent one(List<RecordedEvent> events, String name) {
        List<RecordedEvent> found =
                events.stream().filter(event -> isNamed(event, name)).toList();
        assertThat(found).as(name).hasSize(1);
        return found.get(0);
    }

    @Test
    void has_the_opening_and_the_end_of_a_stream() {
        serve();
        List<RecordedEvent> events = recorded("StreamEnd", () -> {
            openDirect();
            liberator.send("s3cr3t too\n");
            client.readText(11);
            client.close();
            liberator.awaitClientGone();
            liberator.close();
            Sluices.await(
                    () -> assertThat(sluices.appliance().accounts().streams().active())
                            .isZero());
        });
        RecordedEvent open = one(events, "StreamOpen");
        assertThat(open.getString("kind")).isEqualTo("direct");
        assertThat(open.getString("listener")).isEqualTo("direct");
        assertThat(open.getString("client")).startsWith("127.0.0.1:");
        RecordedEvent end = one(events, "StreamEnd");
        assertThat(end.getString("stream")).isEqualTo(open.getString("stream"));
        assertThat(end.getString("cause")).isEqualTo("client-closed");
        assertThat(end.getString("closedBy")).isEqualTo("client");
        assertThat(end.getString("phase")).isEqualTo("relay");
        assertThat(end.getLong("fromClientBytes")).isEqualTo(7);
        assertThat(end.getLong("toClientBytes")).isEqualTo(11);
        assertThat(end.getDuration("openNanos")).isPositive();
    }

    @Test
    void has_a_client_that_falls_behind() {
        serve("slowClientAfter: 100ms");
        List<RecordedEvent> events = recorded("Backlog", () -> {
            openDirect();
            liberator.sendUntilStopped(UNIT, 16 << 20);
            Sluices.await(
                    () -> assertThat(sluices.ledger().flow(Flow.SLOW).active()).isOne());
        });
        RecordedEvent backlog = one(events, "Backlog");
        assertThat(backlog.getInt("behindBytes")).isPositive();
        assertThat(backlog.getDuration("behindNanos").toMillis()).isGreaterThanOrEqualTo(100);
    }

    @Test
    void has_a_stream_that_falls_silent() {
        serve("stalledStreamAfter: 100ms");
        List<RecordedEvent> events = recorded("Stall", () -> {
            openDirect();
            Sluices.await(() ->
                    assertThat(sluices.ledger().flow(Flow.STALLED).active()).isOne());
        });
        assertThat(one(events, "Stall").getDuration("quietNanos").toMillis()).isGreaterThanOrEqualTo(100);
    }

    @Test
    void has_what_was_refused() {
        serve();
        List<RecordedEvent> events = recorded(
                "Refused",
                () -> sluices.client()
                        .send("GET /s3cr3t HTTP/1.1\r\nHost: elsewhere.example.com\r\nX-Token: s3cr3t\r\n\r\n")
                        .readUntilEnd());
        RecordedEvent refused = one(events, "Refused");
        assertThat(refused.getString("reason")).isEqualTo("unknown-host");
        assertThat(refused.getString("host")).isEqualTo("elsewhere.example.com");
        assertThat(refused.getInt("status")).isEqualTo(404);
    }

    @Test
    void has_changes_of_the_table_and_of_a_Liberator() {
        serve();
        List<RecordedEvent> events = recorded("LiberatorState", () -> {
            try {
                sluices.appliance().change(Sluices.config(Sluices.one(fake.port())));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            var only =
                    sluices.appliance().router().table().liberators().iterator().next();
            sluices.appliance().drains().disable(only, "test");
        });
        RecordedEvent change = one(events, "RouteChange");
        assertThat(change.getLong("version")).isEqualTo(change.getLong("versionBefore") + 1);
        RecordedEvent state = one(events, "LiberatorState");
        assertThat(state.getString("to")).isEqualTo("DISABLED");
        assertThat(state.getString("reason")).isEqualTo("test: disabled");
    }
}
