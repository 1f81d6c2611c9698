package io.sluice.manage;

import io.sluice.listen.Certificates;
import io.sluice.tls.WatchedFiles;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is known of certificates.
 *
 * <p><b>Threading:</b> any thread.
 */
final class CertificatesBean implements CertificatesMXBean {
    /** A hundred years: nothing to worry about, and yet a number for charts. */
    private static final long NEVER_DAYS = 36_500;

    private static final int NAME_CHARACTERS = 26;
    private static final int SERIAL_CHARACTERS = 10;

    private final Certificates certificates;

    CertificatesBean(Certificates certificates) {
        this.certificates = certificates;
    }

    @Override
    public String[] getCertificates() {
        TextTable table = new TextTable("<>><", "name", "days", "conns", "serial");
        for (CertificateRow each : getRows()) {
            String[] names = each.getNames();
            String name = each.isShown() ? (names.length == 0 ? "-" : names[0]) : "(replaced)";
            table.row(end(name, NAME_CHARACTERS), each.getDaysLeft(), each.getConnections(), serial(each));
        }
        return table.lines();
    }

    private static String serial(CertificateRow row) {
        return end(row.getSerial(), SERIAL_CHARACTERS);
    }

    /** The end of a text tells more than its start: domains, low digits. */
    private static String end(String text, int most) {
        return text.length() <= most ? text : ".." + text.substring(text.length() - most + 2);
    }

    @Override
    public CertificateRow[] getRows() {
        return certificates.rows().stream().map(CertificateRow::new).toArray(CertificateRow[]::new);
    }

    private Stream<CertificateRow> shown() {
        return Arrays.stream(getRows()).filter(CertificateRow::isShown);
    }

    @Override
    public long getLeftDays() {
        return shown().mapToLong(CertificateRow::getDaysLeft).min().orElse(NEVER_DAYS);
    }

    @Override
    public int getExpiredActive() {
        return (int) shown().filter(each -> each.getDaysLeft() < 0).count();
    }

    @Override
    public String[] getFiles() {
        TextTable table = new TextTable("<<<", "owner", "read at", "in use");
        for (WatchedFiles each : certificates.files()) {
            boolean good = each.error() == null;
            table.row(end(each.owner(), NAME_CHARACTERS), TextTable.instant(each.readAt()), good ? "yes" : "KEPT");
        }
        return table.lines();
    }

    @Override
    public String getLastReadAt() {
        List<Instant> times =
                certificates.files().stream().map(WatchedFiles::readAt).toList();
        return TextTable.instant(times.stream().max(Comparator.naturalOrder()).orElse(null));
    }

    @Override
    public String getLastError() {
        return certificates.files().stream()
                .filter(each -> each.error() != null)
                .map(each -> each.owner() + ": " + Objects.requireNonNull(each.error()))
                .collect(Collectors.joining("; "));
    }

    @Override
    public String reload() {
        List<String> sentences = certificates.reload();
        return sentences.isEmpty() ? "no listener or Liberator has TLS files" : String.join("\n", sentences);
    }
}
