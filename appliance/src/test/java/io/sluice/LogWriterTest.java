package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.sluice.account.LogLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogWriterTest {
    @TempDir
    private Path directory;

    private final LoggerContext context = new LoggerContext();
    private final LogLedger ledger = new LogLedger();
    private Path file;
    private LogWriter writer;

    @BeforeEach
    void start() {
        file = directory.resolve("sluice.log");
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%msg%n");
        encoder.start();
        writer = new LogWriter(encoder, file.toString(), () -> new LogFile(file, 0), ledger);
        writer.setContext(context);
        writer.start();
    }

    @AfterEach
    void stop() {
        writer.stop();
    }

    private void say(String message) {
        writer.doAppend(new LoggingEvent("test", context.getLogger("test"), Level.INFO, message, null, null));
    }

    @Test
    void appends_to_its_file() throws IOException {
        Files.writeString(file, "before\n");
        say("one");
        say("two");
        assertThat(file).hasContent("before\none\ntwo\n");
        assertThat(ledger.isFailing()).isFalse();
        assertThat(ledger.linesDropped()).isZero();
    }

    @Test
    void drops_and_counts_on_a_full_disk_and_resumes_by_itself() throws IOException {
        Files.createSymbolicLink(file, Path.of("/dev/full"));
        say("lost");
        say("lost too");
        assertThat(ledger.isFailing()).isTrue();
        assertThat(ledger.failedAt()).isNotNull();
        assertThat(ledger.linesDropped()).isEqualTo(2);
        Files.delete(file);
        Sluices.await(() -> {
            say("back");
            assertThat(ledger.isFailing()).isFalse();
        });
        long dropped = ledger.linesDropped();
        assertThat(file).hasContent("log.resumed dropped_lines=" + dropped + "\nback\n");
        say("more");
        assertThat(ledger.linesDropped()).isEqualTo(dropped);
    }

    @Test
    void counts_where_the_file_cannot_be_opened() {
        file = directory.resolve("no/such/directory");
        say("lost");
        assertThat(ledger.isFailing()).isTrue();
        assertThat(ledger.linesDropped()).isOne();
    }
}
