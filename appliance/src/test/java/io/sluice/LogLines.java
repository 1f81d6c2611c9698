package io.sluice;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What a logger says from INFO on, kept from the console until this is closed. */
final class LogLines implements AutoCloseable {
    private final Logger log;
    private final ListAppender<ILoggingEvent> heard = new ListAppender<>();

    LogLines(String logger) {
        log = (Logger) LoggerFactory.getLogger(logger);
        log.setLevel(Level.INFO);
        log.setAdditive(false);
        heard.start();
        log.addAppender(heard);
    }

    /** So far, in order. */
    List<ILoggingEvent> all() {
        return List.copyOf(heard.list);
    }

    @Override
    public void close() {
        log.detachAppender(heard);
        log.setAdditive(true);
        log.setLevel(null);
    }
}
