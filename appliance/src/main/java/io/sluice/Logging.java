package io.sluice;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import io.sluice.account.LogLedger;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the log up as the configuration says.
 *
 * <p>Lines go through a bounded queue that drops rather than waits: a full disk or a slow terminal never holds
 * up a stream. What is dropped is counted. Control characters, which can only come from outside, do not get into a
 * line.
 */
final class Logging {
    static final String LINE =
            "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\", UTC} %-5level %replace(%msg){'[\\x00-\\x1f\\x7f-\\x9f]','?'}%n"
                    + "%replace(%ex{short}){'[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]','?'}%nopex";
    private static final int QUEUE_LINES = 16 * 1024;
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private Logging() {}

    /** Until a configuration says otherwise: warnings and errors to standard error. */
    static void quiet() {
        start(null, Level.WARN);
    }

    /**
     * @param file where lines are appended; null = standard output
     */
    static void start(@Nullable Path file) {
        start(file, Level.INFO);
    }

    private static void start(@Nullable Path file, Level level) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(LINE);
        encoder.start();
        LogLedger ledger = LogLedger.ofProcess();
        LogWriter writer = writer(file, level, encoder, ledger);
        writer.setContext(context);
        writer.start();
        AsyncAppender queue = new Queue(ledger);
        queue.setContext(context);
        queue.setQueueSize(QUEUE_LINES);
        queue.setDiscardingThreshold(0);
        queue.setNeverBlock(true);
        queue.addAppender(writer);
        queue.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(level);
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(queue);
        context.getLogger("org.eclipse.jetty").setLevel(Level.WARN);
    }

    private static LogWriter writer(
            @Nullable Path file, Level level, Encoder<ILoggingEvent> encoder, LogLedger ledger) {
        if (file != null) {
            return new LogWriter(encoder, file.toString(), () -> new LogFile(file, LOOK_NANOS), ledger);
        }
        boolean toErrors = level == Level.WARN;
        FileDescriptor standard = toErrors ? FileDescriptor.err : FileDescriptor.out;
        String name = toErrors ? "standard error" : "standard output";
        return new LogWriter(encoder, name, () -> unclosed(new FileOutputStream(standard)), ledger);
    }

    /** The process's own streams stay open. */
    private static OutputStream unclosed(OutputStream standard) {
        return new FilterOutputStream(standard) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() {}
        };
    }

    /** Counts what it has no room for. */
    private static final class Queue extends AsyncAppender {
        private final LogLedger ledger;

        Queue(LogLedger ledger) {
            this.ledger = ledger;
        }

        @Override
        protected void append(ILoggingEvent event) {
            if (getRemainingCapacity() == 0) {
                ledger.dropped();
            } else {
                super.append(event);
            }
        }
    }

    /** Writes what is queued and stops. */
    static void stop() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }
}
