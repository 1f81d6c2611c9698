package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.Notification;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to streams, told to a management client. */
class StreamNotesTest {
    private final BlockingQueue<Notification> notes = new LinkedBlockingQueue<>();
    private final NotificationListener listener = (note, handback) -> notes.add(note);

    private Managed managed;

    @BeforeEach
    void start() throws Exception {
        managed = new Managed();
    }

    @AfterEach
    void stop() throws Exception {
        managed.close();
    }

    private Notification next() throws InterruptedException {
        Notification note = notes.poll(10, TimeUnit.SECONDS);
        assertThat(note).isNotNull();
        return note;
    }

    @Test
    void tells_of_the_opening_and_the_end_of_streams_and_of_refusals() throws Exception {
        managed.mbeans.addNotificationListener(new ObjectName("sluice:type=Streams"), listener, null, null);
        try (Socket client = managed.client("direct-a")) {
            client.getOutputStream().write('x');
            Notification opened = next();
            assertThat(opened.getType()).isEqualTo("sluice.stream.open");
            assertThat(opened.getMessage()).matches("opened [0-9a-f]+");
            assertThat((String) opened.getUserData())
                    .matches("id=[0-9a-f]+ kind=direct listener=direct-a liberator=lib-a client=127\\.0\\.0\\.1:\\d+");
        }
        Notification ended = next();
        assertThat(ended.getType()).isEqualTo("sluice.stream.end");
        assertThat((String) ended.getUserData()).contains(" end=client-").contains(" closed_by=client ");
        managed.get("plain", "nowhere.example.com", "/secret");
        Notification refused = next();
        assertThat(refused.getMessage()).isEqualTo("unknown-host");
        assertThat((String) refused.getUserData())
                .contains("host=nowhere.example.com ")
                .doesNotContain("secret");
    }

    @Test
    void says_nothing_of_requests_that_are_soon_over() throws Exception {
        managed.mbeans.addNotificationListener(new ObjectName("sluice:type=Streams"), listener, null, null);
        managed.get("plain", "a.example.com", "/x");
        managed.get("plain", "nowhere.example.com", "/x");
        assertThat(next().getType()).isEqualTo("sluice.refused");
    }

    @Test
    void tells_no_more_in_a_second_than_a_client_can_take_and_counts_the_rest() throws Exception {
        managed.mbeans.addNotificationListener(new ObjectName("sluice:type=Streams"), listener, null, null);
        for (int i = 0; managed.<Long>get("Streams", "NotificationsDroppedTotal") == 0; i++) {
            assertThat(i).isLessThan(5000);
            for (int k = 0; k < 50; k++) {
                managed.get("plain", "nowhere.example.com", "/x");
            }
        }
        assertThat(next().getType()).isEqualTo("sluice.refused");
    }

    @Test
    void tells_of_another_table() throws Exception {
        managed.mbeans.addNotificationListener(new ObjectName("sluice:type=RoutingTable"), listener, null, null);
        managed.change(Managed.CONFIG);
        Notification changed = next();
        assertThat(changed.getType()).isEqualTo("sluice.table");
        assertThat(changed.getMessage()).isEqualTo("version 1 -> 2");
        assertThat((String) changed.getUserData()).contains("version=2 was=1 routes=");
    }
}
