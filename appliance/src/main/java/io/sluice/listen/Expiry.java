package io.sluice.listen;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises the alarm when a certificate has 30, 7 and 1 days left and when it expires: each once for a certificate, in
 * the log and to whoever listens. An expired certificate is still served, as a client may well prefer it to nothing.
 *
 * <p><b>Threading:</b> one look at a time.
 */
final class Expiry {
    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);

    /** From the quiet to the loud. */
    enum Stage {
        FAR(Long.MAX_VALUE),
        DAYS_30(30),
        DAYS_7(7),
        DAYS_1(1),
        EXPIRED(0);

        private final long days;

        Stage(long days) {
            this.days = days;
        }

        static Stage of(Duration left) {
            Stage stage = FAR;
            for (Stage each : values()) {
                if (each != FAR && left.compareTo(Duration.ofDays(each.days)) <= 0) {
                    stage = each;
                }
            }
            return stage;
        }
    }

    private final Clock clock;
    private final Map<X509Certificate, Stage> told = new HashMap<>();
    private volatile Consumer<String> alarm = sentence -> {};

    Expiry(Clock clock) {
        this.clock = clock;
    }

    void onAlarm(Consumer<String> listener) {
        alarm = listener;
    }

    synchronized void look(Collection<Certificates.Row> rows) {
        for (Certificates.Row row : rows) {
            if (row.isShown()) {
                look(row);
            }
        }
        Set<X509Certificate> shown = rows.stream()
                .filter(Certificates.Row::isShown)
                .map(Certificates.Row::certificate)
                .collect(Collectors.toSet());
        told.keySet().retainAll(shown);
    }

    private void look(Certificates.Row row) {
        X509Certificate certificate = row.certificate();
        Instant now = clock.instant();
        Duration left = Duration.between(now, certificate.getNotAfter().toInstant());
        Stage stage = Stage.of(left);
        Stage before = told.get(certificate);
        if (before == null || stage.compareTo(before) > 0) {
            told.put(certificate, stage);
        }
        if (before == null && now.isBefore(certificate.getNotBefore().toInstant())) {
            tell(row, "is not valid before " + certificate.getNotBefore().toInstant(), left);
        }
        if (stage.compareTo(before == null ? Stage.FAR : before) > 0) {
            boolean over = stage == Stage.EXPIRED;
            tell(
                    row,
                    (over ? "expired at " : "expires at ")
                            + certificate.getNotAfter().toInstant(),
                    left);
        }
    }

    private void tell(Certificates.Row row, String what, Duration left) {
        String serial = row.certificate().getSerialNumber().toString(16);
        LOG.warn(
                "certificate.expiry listener={} names={} serial={} days_left={} file={} detail=\"it {} and is still"
                        + " served\"",
                row.listener(),
                String.join(",", row.names()),
                serial,
                left.toDays(),
                row.file(),
                what);
        alarm.accept("certificate " + serial + " of " + String.join(", ", row.names()) + " on listener "
                + row.listener() + " " + what);
    }
}
