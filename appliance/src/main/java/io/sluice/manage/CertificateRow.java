package io.sluice.manage;

import io.sluice.listen.Certificates.Row;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;

/** A certificate at one moment, as programs see it. */
public final class CertificateRow {
    private final Row row;
    private final Instant now = Instant.now();

    CertificateRow(Row row) {
        this.row = row;
    }

    private X509Certificate certificate() {
        return row.certificate();
    }

    public String getListener() {
        return row.listener();
    }

    /** Whether new handshakes show it; false for one that was replaced and is still used. */
    public boolean isShown() {
        return row.isShown();
    }

    /** The host names it is for. */
    public String[] getNames() {
        return row.names().toArray(new String[0]);
    }

    public String getSubject() {
        return certificate().getSubjectX500Principal().getName();
    }

    public String getIssuer() {
        return certificate().getIssuerX500Principal().getName();
    }

    /** Kind and bits, as in {@code EC 256}. */
    public String getKeyType() {
        if (certificate().getPublicKey() instanceof ECPublicKey ec) {
            return "EC " + ec.getParams().getCurve().getField().getFieldSize();
        }
        if (certificate().getPublicKey() instanceof RSAPublicKey rsa) {
            return "RSA " + rsa.getModulus().bitLength();
        }
        return certificate().getPublicKey().getAlgorithm();
    }

    /** In hexadecimal, as openssl says it. */
    public String getSerial() {
        return certificate().getSerialNumber().toString(16);
    }

    public String getNotBefore() {
        return TextTable.instant(certificate().getNotBefore().toInstant());
    }

    public String getNotAfter() {
        return TextTable.instant(certificate().getNotAfter().toInstant());
    }

    /** Negative when it has expired. */
    public long getDaysLeft() {
        Duration left = Duration.between(now, certificate().getNotAfter().toInstant());
        return Math.floorDiv(left.toSeconds(), Duration.ofDays(1).toSeconds());
    }

    /** Where it was read; empty for one that was replaced. */
    public String getFile() {
        return row.file() == null ? "" : row.file().toString();
    }

    /** Open connections that were shown it. */
    public int getConnections() {
        return row.connections();
    }
}
