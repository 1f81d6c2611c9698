package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.route.Liberator;
import io.sluice.route.LiberatorState;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.Notification;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A Liberator taken out of service and put back, over JMX. */
class LiberatorServiceTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String LIB_A = "Liberator,name=lib-a";
    private static final String LIB_B = "Liberator,name=lib-b";

    private Managed managed;

    @BeforeEach
    void start() throws Exception {
        managed = new Managed();
    }

    @AfterEach
    void stop() throws Exception {
        managed.close();
    }

    /** A Direct stream to lib-a; in the middle of a line from it when {@code from} does not end with LF. */
    private Socket stream(String from) throws Exception {
        Socket client = managed.client("direct-a");
        client.getOutputStream().write('x');
        Socket liberator = managed.a.next();
        liberator.getOutputStream().write(from.getBytes("US-ASCII"));
        client.getInputStream().readNBytes(from.length());
        return client;
    }

    private void eventually(String attribute, Object value) {
        eventually(LIB_A, attribute, value);
    }

    private void eventually(String type, String attribute, Object value) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(managed.<Object>get(type, attribute))
                        .as(attribute)
                        .isEqualTo(value));
    }

    @Nested
    class A_drain {
        @Test
        void ends_the_streams_and_leaves_the_Liberator_disabled_until_it_is_called_off() throws Exception {
            try (Socket client = stream("whole line\n")) {
                assertThat(managed.invoke(LIB_A, "drain", 0, 60))
                        .isEqualTo("lib-a is DRAINING: 1 streams to end, at once, what is left after 60 s is ended"
                                + " then");
                assertThat(client.getInputStream().read()).isEqualTo(-1);
            }
            eventually("State", "DISABLED");
            assertThat(managed.<String>get(LIB_A, "StateReason"))
                    .isEqualTo("drained: 1 ended politely, 0 at the deadline");
            assertThat(managed.<Boolean>get(LIB_A, "Draining")).isFalse();
            assertThat(managed.<Integer>get(LIB_A, "DrainPolitelyTotal")).isOne();
            assertThat(managed.<Integer>get(LIB_A, "DrainForcedTotal")).isZero();
            assertThat(managed.<Long>get(LIB_A, "EndedDrainedTotal")).isOne();
            assertThat(managed.get("plain", "a.example.com", "/x")).startsWith("HTTP/1.1 503");
            assertThat(String.join("\n", managed.explain("plain", "", "a.example.com", "/")))
                    .contains("DISABLED")
                    .contains("result     refused, as out of service");
            assertThat(managed.invoke(LIB_A, "undrain"))
                    .isEqualTo("lib-a was DISABLED, is UNKNOWN and may have new streams");
            assertThat(managed.get("plain", "a.example.com", "/x")).startsWith("HTTP/1.1 204");
            assertThat(managed.<Integer>get(LIB_A, "StateChangesLastHourTotal")).isEqualTo(3);
            assertThat(managed.<String[]>get(LIB_A, "StateChanges"))
                    .hasSize(4)
                    .anyMatch(line -> line.matches("20\\S+Z +UNKNOWN +DRAINING"));
        }

        @Test
        void shows_what_is_left_and_can_be_held() throws Exception {
            try (Socket client = stream("half a line")) {
                managed.invoke(LIB_A, "drain", 10, 60);
                eventually("State", "DRAINING");
                assertThat(managed.<Boolean>get(LIB_A, "Draining")).isTrue();
                assertThat(managed.<Integer>get(LIB_A, "DrainRemainingActive")).isOne();
                assertThat(managed.<Long>get(LIB_A, "DrainEtaSeconds")).isBetween(1L, 60L);
                assertThat(managed.<String>get(LIB_A, "StateReason"))
                        .isEqualTo("anyone: drain, 10 a second, deadline 60 s");
                assertThat(managed.invoke(LIB_A, "pauseDrain"))
                        .isEqualTo("lib-a: the drain is paused; 1 streams and kept connections are open, no new ones"
                                + " come");
                assertThat(managed.<Boolean>get(LIB_A, "DrainPaused")).isTrue();
                assertThat(managed.invoke(LIB_A, "resumeDrain"))
                        .isEqualTo("lib-a: the drain goes on; 1 streams and kept connections are open");
                assertThat(managed.<Boolean>get(LIB_A, "DrainPaused")).isFalse();
                managed.invoke(LIB_A, "undrain");
                assertThat(managed.<Integer>get(LIB_A, "DrainRemainingActive")).isZero();
                assertThat(client.isConnected()).isTrue();
                assertThat(managed.<Integer>get(LIB_A, "StreamsActive")).isOne();
            }
        }

        @Test
        void of_the_whole_appliance_takes_every_Liberator_out() throws Exception {
            assertThat(managed.invoke("Appliance", "drain", 0, 5))
                    .isEqualTo("all Liberators are DRAINING: 0 streams to end, at once, what is left after 5 s is ended"
                            + " then");
            assertThat(managed.get("plain", "a.example.com", "/x")).startsWith("HTTP/1.1 503");
            assertThat(managed.get("plain", "x.b.example.com", "/x")).startsWith("HTTP/1.1 503");
            assertThat(managed.invoke("Appliance", "undrain")).isEqualTo("2 Liberators are in service");
            assertThat(managed.get("plain", "x.b.example.com", "/x")).startsWith("HTTP/1.1 204");
        }

        @Test
        void of_the_whole_appliance_shows_what_is_left_of_all_and_can_be_held() throws Exception {
            assertThatThrownBy(() -> managed.invoke("Appliance", "pauseDrain"))
                    .hasRootCauseMessage("no drain is under way; nothing was changed");
            try (Socket client = stream("half a line")) {
                managed.invoke("Appliance", "drain", 10, 60);
                eventually(LIB_B, "State", "DISABLED");
                assertThat(managed.<Integer>get("Appliance", "DrainRemainingActive"))
                        .isOne();
                assertThat(managed.<Long>get("Appliance", "DrainEtaSeconds")).isBetween(1L, 60L);
                assertThat(managed.invoke("Appliance", "pauseDrain"))
                        .isEqualTo("paused: lib-a; 1 streams and kept connections are open, no new ones come");
                assertThat(managed.<Boolean>get(LIB_A, "DrainPaused")).isTrue();
                assertThat(managed.invoke("Appliance", "resumeDrain"))
                        .isEqualTo("going on: lib-a; 1 streams and kept connections are open");
                assertThat(managed.<Boolean>get(LIB_A, "DrainPaused")).isFalse();
                managed.invoke("Appliance", "drain", 0, 1);
                assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            }
            eventually("State", "DISABLED");
            assertThat(managed.<Integer>get("Appliance", "DrainForcedTotal")).isOne();
            assertThat(managed.<Integer>get("Appliance", "DrainPolitelyTotal")).isZero();
            assertThat(managed.<Integer>get("Appliance", "DrainRemainingActive"))
                    .isZero();
            assertThat(managed.<Long>get("Appliance", "DrainEtaSeconds")).isZero();
        }

        @Test
        void of_the_whole_appliance_shows_of_each_Liberator_its_own_part_and_changes_it_alone() throws Exception {
            managed.b.silent = true;
            try (Socket first = stream("half a line");
                    Socket second = stream("half a line");
                    Socket request = managed.client("plain")) {
                request.getOutputStream()
                        .write("GET /x HTTP/1.1\r\nHost: x.b.example.com\r\n\r\n".getBytes("US-ASCII"));
                eventually(LIB_B, "ConnectionsActive", 1);
                assertThat(managed.invoke("Appliance", "drain", 10, 60))
                        .isEqualTo("all Liberators are DRAINING: 3 streams to end, 10 a second, what is left after 60 s"
                                + " is ended then");
                assertThat(managed.<String>get(LIB_B, "StateReason"))
                        .isEqualTo("anyone: drain, 10 a second for all 2 together, deadline 60 s");
                assertThat(managed.<Integer>get(LIB_A, "DrainRemainingActive")).isEqualTo(2);
                assertThat(managed.<Integer>get(LIB_B, "DrainRemainingActive")).isOne();
                assertThat(managed.<Integer>get("Appliance", "DrainRemainingActive"))
                        .isEqualTo(3);
                assertThat(managed.invoke(LIB_A, "pauseDrain"))
                        .isEqualTo("lib-a: the drain is paused; 2 streams and kept connections are open, no new ones"
                                + " come");
                assertThat(managed.<Boolean>get(LIB_A, "DrainPaused")).isTrue();
                assertThat(managed.<Boolean>get(LIB_B, "DrainPaused")).isFalse();
                managed.invoke(LIB_A, "undrain");
                assertThat(managed.<Integer>get(LIB_A, "DrainRemainingActive")).isZero();
                assertThat(managed.<Boolean>get(LIB_B, "Draining")).isTrue();
                assertThat(managed.<Integer>get("Appliance", "DrainRemainingActive"))
                        .isOne();
                assertThat(first.isConnected() && second.isConnected()).isTrue();
            }
        }

        @Test
        void of_the_whole_appliance_goes_on_without_a_Liberator_that_is_called_back() throws Exception {
            try (Socket client = stream("half a line")) {
                managed.invoke("Appliance", "drain", 0, 60);
                managed.invoke(LIB_A, "undrain");
                assertThat(managed.<Boolean>get(LIB_A, "Draining")).isFalse();
                await().atMost(LIMIT)
                        .untilAsserted(() ->
                                assertThat(managed.<String>get(LIB_B, "State")).isEqualTo("DISABLED"));
                assertThat(managed.get("plain", "a.example.com", "/x")).startsWith("HTTP/1.1 204");
                assertThat(client.isConnected()).isTrue();
            }
        }

        @Test
        void is_refused_with_numbers_that_make_no_sense() {
            assertThatThrownBy(() -> managed.invoke(LIB_A, "drain", -1, 5))
                    .hasRootCauseMessage(
                            "perSecond is -1 (expected 1 to 100000, or 0 for all at once); nothing was changed");
            assertThatThrownBy(() -> managed.invoke(LIB_A, "drain", 10, 0))
                    .hasRootCauseMessage("deadlineSeconds is 0 (expected 1 to 86400); nothing was changed");
            assertThatThrownBy(() -> managed.invoke(LIB_A, "pauseDrain"))
                    .hasRootCauseMessage("lib-a is UNKNOWN: no drain is under way");
            eventually("State", "UNKNOWN");
        }
    }

    @Test
    void each_change_of_state_is_a_notification_that_says_who_and_why() throws Exception {
        BlockingQueue<Notification> notes = new LinkedBlockingQueue<>();
        managed.mbeans.addNotificationListener(
                new ObjectName("sluice:type=" + LIB_A), (note, handback) -> notes.add(note), null, null);
        managed.invoke(LIB_A, "disable");
        managed.invoke(LIB_A, "enable");
        Notification first = notes.poll(10, TimeUnit.SECONDS);
        assertThat(first.getType()).isEqualTo("sluice.liberator.state");
        assertThat(first.getMessage()).isEqualTo("UNKNOWN -> DISABLED");
        assertThat(first.getUserData()).isEqualTo("anyone: disabled");
        assertThat(notes.poll(10, TimeUnit.SECONDS).getMessage()).isEqualTo("DISABLED -> UNKNOWN");
    }

    @Test
    void a_Liberator_whose_health_goes_down_three_times_an_hour_is_flapping() throws Exception {
        Liberator liberator = managed.appliance.router().table().liberators().stream()
                .filter(each -> each.name().equals("lib-a"))
                .findFirst()
                .orElseThrow();
        for (int i = 0; i < 4; i++) {
            managed.invoke(LIB_A, "disable");
            managed.invoke(LIB_A, "enable");
        }
        assertThat(managed.<Boolean>get(LIB_A, "Flapping"))
                .as("what operators do is no flapping")
                .isFalse();
        for (int downs = 1; downs <= 3; downs++) {
            liberator.health(LiberatorState.UP, "a test says so");
            liberator.health(LiberatorState.DOWN, "a test says so");
            assertThat(managed.<Boolean>get(LIB_A, "Flapping"))
                    .as(downs + " times")
                    .isEqualTo(downs == 3);
        }
        assertThat(managed.<String[]>get("Appliance", "Liberators"))
                .anyMatch(line -> line.matches("lib-a +DOWN, flapping +.*"));
    }

    @Test
    void a_Liberator_that_is_disabled_keeps_its_streams_and_gets_no_new_ones() throws Exception {
        try (Socket client = stream("line\n")) {
            assertThat(managed.invoke(LIB_A, "disable"))
                    .isEqualTo("lib-a was UNKNOWN, is DISABLED: no new streams; 1 that are open stay");
            assertThat(managed.get("plain", "a.example.com", "/x")).startsWith("HTTP/1.1 503");
            assertThat(managed.<Long>get(LIB_A, "EndedConnectFailedTotal")).isZero();
            assertThat(managed.<Integer>get(LIB_A, "DirectActive")).isOne();
            assertThat(managed.invoke(LIB_A, "enable"))
                    .isEqualTo("lib-a was DISABLED, is UNKNOWN and may have new streams");
            assertThat(client.isConnected()).isTrue();
        }
    }
}
