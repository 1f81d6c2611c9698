package io.sluice;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the log up as the configuration says.
 *
 * <p>Lines go through a bounded queue that drops rather than waits: a full disk or a slow terminal never holds
 * up a stream.
 */
final class Logging {
    private static final String LINE =
            "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\", UTC} %-5level %replace(%msg){'[\\r\\n\\x1b]','?'}%n%ex{short}";
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
        OutputStreamAppender<ILoggingEvent> target = file == null ? console(level) : file(file);
        target.setContext(context);
        target.setEncoder(encoder);
        target.start();
        AsyncAppender queue = new AsyncAppender();
        queue.setContext(context);
        queue.setQueueSize(QUEUE_LINES);
        queue.setDiscardingThreshold(0);
        queue.setNeverBlock(true);
        queue.addAppender(target);
        queue.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(level);
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(queue);
        context.getLogger("org.eclipse.jetty").setLevel(Level.WARN);
    }

    private static OutputStreamAppender<ILoggingEvent> console(Level level) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setTarget(level == Level.WARN ? "System.err" : "System.out");
        return console;
    }

    private static OutputStreamAppender<ILoggingEvent> file(Path file) {
        return new LogFile(file, LOOK_NANOS);
    }

    /** Writes what is queued and stops. */
    static void stop() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }
}
