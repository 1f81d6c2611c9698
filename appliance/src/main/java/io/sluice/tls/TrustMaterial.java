package io.sluice.tls;

import io.sluice.config.LiberatorTlsConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom a Liberator must be vouched for by, read at one moment.
 *
 * <p><b>Threading:</b> immutable; any thread.
 */
public final class TrustMaterial {
    private final X509ExtendedTrustManager trust;
    private final List<Path> files;
    private final FileStamps stamps;

    private TrustMaterial(X509ExtendedTrustManager trust, List<Path> files, FileStamps stamps) {
        this.trust = trust;
        this.files = files;
        this.stamps = stamps;
    }

    /**
     * Reads and checks what {@code config} names.
     *
     * @throws IOException when it cannot be used; the message names the file and the cause
     */
    public static TrustMaterial read(LiberatorTlsConfig config) throws IOException {
        List<Path> files = config.trust() == null ? List.of() : List.of(config.trust());
        FileStamps stamps = FileStamps.of(files);
        return new TrustMaterial(
                config.verified() ? LiveTrust.read(config.trust()) : LiveTrust.everybody(), files, stamps);
    }

    public X509ExtendedTrustManager trust() {
        return trust;
    }

    /** Watches the file it was read from. */
    public WatchedFiles watched(String owner, WatchedFiles.Reading reading) {
        return new WatchedFiles("certificate", owner, files, stamps, reading);
    }

    /** It is in use now, in the place of what {@code watched} had read before. */
    public void replaces(WatchedFiles watched) {
        watched.wereRead(stamps);
    }
}
