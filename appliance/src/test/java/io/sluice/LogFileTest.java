package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log's file under logrotate. */
class LogFileTest {
    @TempDir
    private Path folder;

    private LogFile log;

    @BeforeEach
    void open() throws IOException {
        log = new LogFile(file(), 0);
    }

    @AfterEach
    void close() throws IOException {
        log.close();
    }

    private Path file() {
        return folder.resolve("sluice.log");
    }

    private void write(String line) throws IOException {
        log.write(Peer.bytes(line + "\n"));
    }

    @Test
    void a_file_that_stays_is_appended_to() throws IOException {
        write("one");
        write("two");
        assertThat(file()).hasContent("one\ntwo\n");
    }

    @Test
    void a_file_that_was_moved_away_is_opened_anew_and_no_line_is_lost() throws IOException {
        write("one");
        Path old = Files.move(file(), folder.resolve("sluice.log.1"));
        write("two");
        write("three");
        assertThat(old).hasContent("one\n");
        assertThat(file()).hasContent("two\nthree\n");
    }

    @Test
    void a_file_that_logrotate_has_made_anew_is_the_one_written_to() throws IOException {
        write("one");
        Files.move(file(), folder.resolve("sluice.log.1"));
        Files.createFile(file());
        write("two");
        assertThat(file()).hasContent("two\n");
    }

    @Test
    void a_file_that_was_deleted_is_made_again() throws IOException {
        write("one");
        Files.delete(file());
        write("two");
        assertThat(file()).hasContent("two\n");
    }

    @Test
    void lines_go_on_to_the_open_file_when_the_new_one_cannot_be_opened() throws IOException {
        write("one");
        Path old = Files.move(file(), folder.resolve("sluice.log.1"));
        Files.createDirectory(file());
        write("two");
        Files.delete(file());
        write("three");
        assertThat(old).hasContent("one\ntwo\n");
        assertThat(file()).hasContent("three\n");
    }
}
