package io.sluice.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files whose content is in use: notices that they changed, has them read again once they have settled, and keeps what
 * is in use when they cannot be used.
 *
 * <p>They have settled when two looks in a row find the same: whoever writes a chain and then its key, or a long file
 * slowly, is not read in the middle. A state that failed is not tried again, and said once, until something changes.
 *
 * <p>Looks at names, not at folders, so that a link that is pointed elsewhere (as certbot and Kubernetes do), a file
 * that is renamed over another and one that is written in place are all seen, on network file systems too; a
 * WatchService sees neither a link's target nor a change that another machine made, and needs a thread of its own.
 *
 * <p><b>Threading:</b> any thread; one look or reading at a time.
 */
public final class WatchedFiles {
    /** Reads the files, checks what they say, and puts it in use; or changes nothing. */
    public interface Reading {
        /**
         * Does it.
         *
         * @return what is in use now, in a few words for the log
         * @throws IOException when they cannot be used; the message names the file and the cause
         */
        String readAgain() throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(WatchedFiles.class);

    private final String subject;
    private final String owner;
    private final List<Path> files;
    private final Reading reading;
    private FileStamps inUse;
    private FileStamps seen;
    private @Nullable FileStamps failed;
    private volatile Instant readAt = Instant.now();
    private volatile @Nullable String error;

    /**
     * The files are in use from now on, as they were when {@code before} was taken.
     *
     * @param subject what they hold: the first word of log events, as in {@code certificate}
     * @param owner who uses them, as in {@code listener=public}
     */
    WatchedFiles(String subject, String owner, List<Path> files, FileStamps before, Reading reading) {
        this.subject = subject;
        this.owner = owner;
        this.files = List.copyOf(files);
        this.inUse = before;
        this.seen = before;
        this.reading = reading;
    }

    /**
     * Watches files from their present state on.
     *
     * @param subject what they hold: the first word of log events
     * @param owner who uses them, as in {@code pool=trading.example.com}
     */
    public static WatchedFiles fromNow(String subject, String owner, List<Path> files, Reading reading) {
        return new WatchedFiles(subject, owner, files, FileStamps.of(files), reading);
    }

    /** Reads them again if they have changed and settled. */
    public synchronized void look() {
        FileStamps now = FileStamps.of(files);
        boolean settled = now.equals(seen);
        seen = now;
        if (now.equals(inUse)) {
            if (failed != null) {
                failed = null;
                error = null;
            }
        } else if (settled && !now.equals(failed)) {
            read(now);
        }
    }

    /**
     * Reads them again now, changed or not.
     *
     * @return whether they are in use
     */
    public synchronized boolean readNow() {
        FileStamps now = FileStamps.of(files);
        seen = now;
        return read(now);
    }

    /** Somebody else has read them, when they were as {@code then}, and put them in use. */
    synchronized void wereRead(FileStamps then) {
        inUse = then;
        seen = then;
        failed = null;
        error = null;
        readAt = Instant.now();
    }

    private boolean read(FileStamps now) {
        try {
            String what = reading.readAgain();
            inUse = now;
            failed = null;
            error = null;
            readAt = Instant.now();
            LOG.info("{}.reload {} {}", subject, owner, what);
            return true;
        } catch (IOException | RuntimeException unusable) {
            failed = now;
            error = String.valueOf(unusable.getMessage());
            LOG.warn(
                    "{}.kept {} cause=\"{}\" action=\"what was read at {} stays in use\"",
                    subject,
                    owner,
                    error,
                    readAt);
            return false;
        }
    }

    public String owner() {
        return owner;
    }

    public String names() {
        return files.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    /** When what is in use was read. */
    public Instant readAt() {
        return readAt;
    }

    /** Why the files as they are now are not in use; null when they are. */
    public @Nullable String error() {
        return error;
    }
}
