package io.sluice;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Appends to a file by its name: a file that was moved away or deleted is opened anew.
 *
 * <p>So logrotate needs neither a signal nor {@code copytruncate}, which loses lines. When the new file cannot be
 * opened, lines go on to the old one.
 *
 * <p><b>Threading:</b> the one thread that writes the log. Looks at the name at most once in {@code checkNanos}.
 */
final class LogFile extends FileAppender<ILoggingEvent> {
    private final Path path;
    private final long checkNanos;
    private long checkedNanos;
    private @Nullable Object opened;

    /**
     * @param checkNanos least time between two looks at the name; 0 = before each line
     */
    LogFile(Path path, long checkNanos) {
        this.path = path;
        this.checkNanos = checkNanos;
        setFile(path.toString());
    }

    @Override
    public void start() {
        super.start();
        checkedNanos = System.nanoTime();
        opened = identity();
    }

    @Override
    protected void subAppend(ILoggingEvent event) {
        long now = System.nanoTime();
        if (now - checkedNanos >= checkNanos) {
            checkedNanos = now;
            reopenIfMoved();
        }
        super.subAppend(event);
    }

    private void reopenIfMoved() {
        Object named = identity();
        if (named != null && named.equals(opened)) {
            return;
        }
        try {
            openFile(Objects.requireNonNull(getFile()));
            opened = identity();
        } catch (IOException kept) {
            addWarn("the log stays in the file that was open: " + kept.getMessage());
        }
    }

    /** What stands under the name now (device and inode); null = nothing. */
    private @Nullable Object identity() {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException gone) {
            return null;
        } catch (IOException unreadable) {
            return opened;
        }
    }
}
