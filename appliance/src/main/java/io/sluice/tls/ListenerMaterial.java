package io.sluice.tls;

import io.sluice.config.TlsConfig;
import io.sluice.config.TlsConfig.CertificateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Everything a listener's TLS needs from files, read and checked at one moment.
 *
 * <p><b>Threading:</b> immutable; any thread.
 */
public final class ListenerMaterial {
    private final HostCertificates certificates;
    private final X509ExtendedTrustManager trust;
    private final List<Path> files;
    private final FileStamps stamps;

    private ListenerMaterial(
            HostCertificates certificates, X509ExtendedTrustManager trust, List<Path> files, FileStamps stamps) {
        this.certificates = certificates;
        this.trust = trust;
        this.files = files;
        this.stamps = stamps;
    }

    /**
     * Reads and checks what {@code config} names.
     *
     * @throws IOException when something cannot be used; the message names the file and the cause
     */
    public static ListenerMaterial read(TlsConfig config) throws IOException {
        List<Path> files = new ArrayList<>();
        for (CertificateFiles each : config.certificates()) {
            files.addAll(each.files());
        }
        if (config.trust() != null) {
            files.add(config.trust());
        }
        // Before the reading: what changes while it is read will be seen as changed.
        FileStamps stamps = FileStamps.of(files);
        return new ListenerMaterial(
                HostCertificates.read(config.certificates()),
                config.trust() == null ? LiveTrust.nobody() : LiveTrust.read(config.trust()),
                files,
                stamps);
    }

    public HostCertificates certificates() {
        return certificates;
    }

    /** Who judges client certificates; accepts none where none are asked for. */
    public X509ExtendedTrustManager trust() {
        return trust;
    }

    /** Watches the files it was read from. */
    public WatchedFiles watched(String owner, WatchedFiles.Reading reading) {
        return new WatchedFiles("certificate", owner, files, stamps, reading);
    }

    /** It is in use now, in the place of what {@code watched} had read before. */
    public void replaces(WatchedFiles watched) {
        watched.wereRead(stamps);
    }

    /** For the log. */
    public String serials() {
        return certificates.all().stream()
                .map(each -> each.own().getSerialNumber().toString(16))
                .collect(Collectors.joining(",", "serials=", ""));
    }
}
