package io.sluice.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong; a handover that goes well needs two processes: dist/tests/handover. */
@Timeout(30)
class HandoverTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final List<String> did = new CopyOnWriteArrayList<>();
    private @Nullable ControlSocket socket;

    private final Incumbent incumbent = new Incumbent() {
        @Override
        public void share(boolean sharing) {
            did.add("share " + sharing);
        }

        @Override
        public void announce(long pid) {
            did.add("announce");
        }

        @Override
        public void leave() {
            did.add("leave");
        }

        @Override
        public int retire(@Nullable Duration drain) {
            did.add("retire");
            return 0;
        }
    };

    @AfterEach
    void close() {
        if (socket != null) {
            socket.close();
        }
    }

    private Path control() {
        return folder.resolve("control");
    }

    private void listen(String... command) throws IOException {
        socket = ControlSocket.open(control(), new Handover(incumbent, List.of(command)));
    }

    private String lastAnswer(String line) throws IOException {
        try (Conversation conversation = Conversation.with(control())) {
            conversation.say(line);
            String last = "";
            for (String heard = conversation.hear(); heard != null; heard = conversation.hear()) {
                last = heard;
            }
            return last;
        }
    }

    @Test
    void a_new_process_that_ends_leaves_everything_as_it_was() throws IOException {
        listen("sh", "-c", "exit 3");

        assertThat(lastAnswer("handover")).isEqualTo("failed the new process did not start: it ended with exit code 3");
        assertThat(did).containsExactly("share true", "share false");
    }

    @Test
    void after_a_failure_it_can_be_asked_again() throws IOException {
        listen("sh", "-c", "exit 3");

        assertThat(lastAnswer("handover")).startsWith("failed");
        assertThat(lastAnswer("handover PT5S")).contains("exit code 3");
        assertThat(did).containsExactly("share true", "share false", "share true", "share false");
    }

    @Test
    void a_command_that_is_not_there_is_a_failure() throws IOException {
        listen("/nonexistent/sluice");

        assertThat(lastAnswer("handover")).startsWith("failed").contains("/nonexistent/sluice");
        assertThat(did).containsExactly("share true", "share false");
    }

    @Test
    void without_a_launcher_there_is_no_handover() throws IOException {
        listen();

        assertThat(lastAnswer("handover")).startsWith("failed").contains("launcher");
        assertThat(did).isEmpty();
    }

    @Test
    void a_drain_that_is_no_duration_is_refused_before_anything_happens() throws IOException {
        listen("sh", "-c", "exit 3");

        assertThat(lastAnswer("handover soon")).isEqualTo("failed 'soon' is no duration");
        assertThat(did).isEmpty();
    }

    @Test
    void nobody_but_the_process_that_was_started_can_be_the_successor() throws IOException {
        listen("sh", "-c", "exit 3");

        assertThat(lastAnswer("successor 1")).isEqualTo("no");
        assertThat(did).isEmpty();
    }

    @Test
    void a_second_handover_waits_for_none() throws IOException {
        listen("sleep", "60");
        try (Conversation first = Conversation.with(control())) {
            first.say("handover");
            String starting = first.hear();
            assertThat(starting).startsWith("starting ");

            assertThat(lastAnswer("handover")).startsWith("failed a handover is under way");

            ProcessHandle.of(Long.parseLong(starting.split(" ")[1]))
                    .orElseThrow()
                    .destroyForcibly();
            assertThat(first.hear()).startsWith("failed the new process did not start: it ended with exit code 137");
        }
    }

    @Test
    void another_word_is_answered_and_does_nothing() throws IOException {
        listen("sh", "-c", "exit 3");

        assertThat(lastAnswer("stop")).isEqualTo("failed 'handover' was expected");
        assertThat(did).isEmpty();
    }

    @Test
    void a_line_without_an_end_is_not_read_for_ever() throws IOException {
        listen("sh", "-c", "exit 3");

        String answer = null;
        try (Conversation conversation = Conversation.with(control())) {
            conversation.say("handover " + "x".repeat(5000));
            answer = conversation.hear();
        } catch (SocketException closedWithBytesUnread) {
            assertThat(closedWithBytesUnread).hasMessageMatching("Connection reset|Broken pipe");
        }
        assertThat(answer).isNull();
        assertThat(did).isEmpty();
    }

    @Test
    void the_socket_is_for_its_user_only() throws IOException {
        listen("sh");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(control())))
                .isEqualTo("rw-------");
    }

    @Test
    void it_takes_the_place_of_one_that_was_left_behind() throws IOException {
        Files.createFile(control());
        listen();

        assertThat(lastAnswer("handover")).contains("launcher");
    }

    @Test
    void closing_removes_its_own_file_and_not_that_of_a_successor() throws IOException {
        listen("sh");
        ControlSocket successor = ControlSocket.open(control(), new Handover(incumbent, List.of()));
        close();

        assertThat(lastAnswer("handover")).contains("launcher");
        successor.close();
        assertThat(control()).doesNotExist();
    }
}
