package io.sluice;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import io.sluice.account.LogLedger;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines to a file or to standard output, and gives up none of them for good: while they cannot be written, they
 * are dropped and counted, and once a second the file is opened anew. Logback's own appenders stop, or wait up to five
 * minutes, and count nothing.
 *
 * <p><b>Threading:</b> the one thread of the queue before it.
 */
final class LogWriter extends UnsynchronizedAppenderBase<ILoggingEvent> {
    /** Opens what is written to. */
    interface Target {
        OutputStream open() throws IOException;
    }

    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Encoder<ILoggingEvent> encoder;
    private final String targetName;
    private final Target target;
    private final LogLedger ledger;
    private @Nullable OutputStream out;
    private long failedNanos;
    private long droppedBefore;

    /**
     * @param targetName what is written to, for people
     * @param ledger told of failures
     */
    LogWriter(Encoder<ILoggingEvent> encoder, String targetName, Target target, LogLedger ledger) {
        this.encoder = encoder;
        this.targetName = targetName;
        this.target = target;
        this.ledger = ledger;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (ledger.isFailing() && System.nanoTime() - failedNanos < RETRY_NANOS) {
            ledger.dropped();
            return;
        }
        try {
            write(event);
        } catch (IOException failure) {
            ledger.dropped();
            fail(failure);
        }
    }

    private void write(ILoggingEvent event) throws IOException {
        OutputStream to = out;
        if (to == null) {
            to = target.open();
            out = to;
        }
        if (ledger.isFailing()) {
            to.write(encoder.encode(resumed()));
            ledger.recovered();
        }
        to.write(encoder.encode(event));
        to.flush();
    }

    private void fail(IOException failure) {
        failedNanos = System.nanoTime();
        closeTarget();
        if (!ledger.isFailing()) {
            droppedBefore = ledger.linesDropped() - 1;
            ledger.failed();
            System.err.println("sluice: the log cannot be written to " + targetName + " (" + failure.getMessage()
                    + "): lines are dropped and counted until it can");
        }
    }

    private LoggingEvent resumed() {
        LoggerContext context = (LoggerContext) getContext();
        return new LoggingEvent(
                LogWriter.class.getName(),
                context.getLogger(LogWriter.class),
                Level.WARN,
                "log.resumed dropped_lines=" + (ledger.linesDropped() - droppedBefore),
                null,
                null);
    }

    private void closeTarget() {
        OutputStream open = out;
        out = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException alreadyKnown) {
                // It has just failed to write.
            }
        }
    }

    @Override
    public void stop() {
        super.stop();
        closeTarget();
    }
}
