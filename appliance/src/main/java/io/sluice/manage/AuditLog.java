package io.sluice.manage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where audit lines go: a file of their own, or the log of everything else. A disk that is full or slow holds nobody
 * up: lines that cannot be written are dropped and counted, and writing goes on by itself when it can. The file is
 * opened for each batch, so it may be moved away at any time.
 *
 * <p><b>Threading:</b> {@link #accept} from any thread, never blocks; one thread writes.
 */
final class AuditLog implements Consumer<String>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final Logger AUDIT = LoggerFactory.getLogger("io.sluice.audit");
    private static final int QUEUE_LINES = 1024;

    private final @Nullable Path file;
    private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(QUEUE_LINES);
    private final LongAdder written = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final @Nullable Thread writer;
    private volatile boolean closed;
    private boolean failing;

    /** @param file null: the log of everything else */
    AuditLog(@Nullable Path file) {
        this.file = file;
        if (file == null) {
            writer = null;
        } else {
            Thread thread = new Thread(this::write, "sluice-audit");
            thread.setDaemon(true);
            thread.start();
            writer = thread;
        }
    }

    @Override
    public void accept(String line) {
        if (file == null) {
            AUDIT.info("audit {}", line);
            written.increment();
        } else if (!queue.offer(line)) {
            dropped.increment();
        }
    }

    private void write() {
        while (!closed || !queue.isEmpty()) {
            try {
                String first = queue.poll(1, TimeUnit.SECONDS);
                if (first != null) {
                    StringBuilder lines = new StringBuilder(first).append('\n');
                    int count = 1;
                    for (String next = queue.poll(); next != null; next = queue.poll()) {
                        lines.append(next).append('\n');
                        count++;
                    }
                    append(lines.toString(), count);
                }
            } catch (InterruptedException closing) {
                closed = true;
            }
        }
    }

    private void append(String lines, int count) {
        Path target = Objects.requireNonNull(file);
        try {
            Files.write(
                    target,
                    lines.getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            written.add(count);
            if (failing) {
                LOG.info("audit.resumed file={} dropped={}", target, dropped.sum());
            }
            failing = false;
        } catch (IOException full) {
            dropped.add(count);
            if (!failing) {
                LOG.error(
                        "audit.dropped file={} cause=\"{}\" action=\"free the disk; lines are counted\"",
                        target,
                        full.toString());
            }
            failing = true;
        }
    }

    long writtenTotal() {
        return written.sum();
    }

    long droppedTotal() {
        return dropped.sum();
    }

    String target() {
        return file == null ? "the log" : file.toString();
    }

    /** Writes what is queued, within a second or two. */
    @Override
    public void close() {
        Thread thread = writer;
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join(2000);
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
