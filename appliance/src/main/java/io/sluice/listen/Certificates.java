package io.sluice.listen;

import io.sluice.tls.HostCertificate;
import io.sluice.tls.WatchedFiles;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates in use, of all listeners: looks every {@value #LOOK_SECONDS} s whether their files have changed, and
 * whether one is about to expire.
 *
 * <p>It looks on the timer thread, which nothing on the path uses: a look is one {@code stat} for each file, and a file
 * system that hangs delays nothing but the next look.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class Certificates {
    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
    private static final long LOOK_SECONDS = 2;

    private final Listeners listeners;
    private final Supplier<Collection<WatchedFiles>> others;
    private final Expiry expiry = new Expiry(Clock.systemUTC());
    private volatile boolean stopped;

    /**
     * @param others the files by which Liberators are trusted and those with keys of pools
     */
    public Certificates(Listeners listeners, Supplier<Collection<WatchedFiles>> others) {
        this.listeners = listeners;
        this.others = others;
    }

    /**
     * A certificate that a listener shows, or has shown to a connection that is still open.
     *
     * @param names it is for; empty for one that was replaced
     * @param file where it was read; null for one that was replaced
     * @param connections that were shown it and are open now
     */
    public record Row(
            String listener,
            X509Certificate certificate,
            List<String> names,
            @Nullable Path file,
            int connections) {
        public Row {
            names = List.copyOf(names);
        }

        /** Whether new handshakes show it. */
        public boolean isShown() {
            return file != null;
        }
    }

    /** Looks from now on. */
    public void start(Scheduler timer) {
        timer.schedule(() -> again(timer), LOOK_SECONDS, TimeUnit.SECONDS);
    }

    public void stop() {
        stopped = true;
    }

    private void again(Scheduler timer) {
        if (!stopped) {
            try {
                look();
            } catch (RuntimeException failed) {
                LOG.error("certificate.look cause=\"{}\" action=\"tried again\"", failed.toString(), failed);
            }
            start(timer);
        }
    }

    /** Looks once. */
    public void look() {
        files().forEach(WatchedFiles::look);
        expiry.look(rows());
    }

    /**
     * Reads every file again, changed or not.
     *
     * @return a sentence for each of those who use them: what came of it
     */
    public List<String> reload() {
        List<String> sentences = new ArrayList<>();
        for (WatchedFiles each : files()) {
            boolean read = each.readNow();
            sentences.add(each.owner() + ": " + (read ? "in use now" : "kept what was in use: " + each.error()));
        }
        return sentences;
    }

    /** All files in use: of listeners, of trust in Liberators, of keys of pools. */
    public List<WatchedFiles> files() {
        List<WatchedFiles> files = new ArrayList<>(listeners.files());
        files.addAll(others.get());
        return files;
    }

    /**
     * Those that are shown first, in the order of the configuration; then those replaced that connections still use.
     */
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Listener listener : listeners.all()) {
            TlsTerms terms = listener.tls();
            if (terms != null) {
                addRows(listener.config().name(), terms, rows);
            }
        }
        return rows;
    }

    private static void addRows(String listener, TlsTerms terms, List<Row> rows) {
        List<HostCertificate> shown = terms.keys().current().all();
        for (HostCertificate each : shown) {
            rows.add(new Row(
                    listener, each.own(), each.names(), each.file(), terms.use().connections(each.own())));
        }
        for (X509Certificate each : terms.use().inUse()) {
            if (shown.stream().noneMatch(known -> known.own().equals(each))) {
                rows.add(new Row(listener, each, List.of(), null, terms.use().connections(each)));
            }
        }
    }

    /** Who is told, in a sentence, that a certificate comes to its end; it must not throw. */
    public void onExpiry(Consumer<String> listener) {
        expiry.onAlarm(listener);
    }
}
