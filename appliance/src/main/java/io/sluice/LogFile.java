package io.sluice;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Appends to a file by its name: a file that was moved away or deleted is opened anew.
 *
 * <p>So logrotate needs neither a signal nor {@code copytruncate}, which loses lines. When the new file cannot be
 * opened, lines go on to the old one. What cannot be written is the caller's to handle ({@link LogWriter}).
 *
 * <p><b>Threading:</b> the one thread that writes the log. Looks at the name at most once in {@code checkNanos}.
 */
final class LogFile extends OutputStream {
    private final Path path;
    private final long checkNanos;
    private long checkedNanos = System.nanoTime();
    private OutputStream out;
    private @Nullable Object opened;

    /**
     * @param checkNanos least time between two looks at the name; 0 = before each line
     */
    LogFile(Path path, long checkNanos) throws IOException {
        this.path = path;
        this.checkNanos = checkNanos;
        this.out = new FileOutputStream(path.toFile(), true);
        this.opened = identity();
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        long now = System.nanoTime();
        if (now - checkedNanos >= checkNanos) {
            checkedNanos = now;
            reopenIfMoved();
        }
        out.write(bytes, offset, length);
    }

    private void reopenIfMoved() throws IOException {
        Object named = identity();
        if (named != null && named.equals(opened)) {
            return;
        }
        OutputStream anew;
        try {
            anew = new FileOutputStream(path.toFile(), true);
        } catch (IOException kept) {
            return;
        }
        out.close();
        out = anew;
        opened = identity();
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

    @Override
    public void close() throws IOException {
        out.close();
    }
}
