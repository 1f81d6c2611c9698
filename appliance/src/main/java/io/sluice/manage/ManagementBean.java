package io.sluice.manage;

import io.sluice.config.JmxUser;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Management, managed. */
final class ManagementBean implements ManagementMXBean {
    private static final int WIDTH = 60;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Audit audit;
    private final AuditLog log;
    private final Supplier<@Nullable RemoteJmx> remote;
    private final Supplier<@Nullable MetricsListener> metrics;
    private final String protection;

    ManagementBean(
            Audit audit,
            AuditLog log,
            String protection,
            Supplier<@Nullable RemoteJmx> remote,
            Supplier<@Nullable MetricsListener> metrics) {
        this.metrics = metrics;
        this.audit = audit;
        this.log = log;
        this.protection = protection;
        this.remote = remote;
    }

    @Override
    public String getAddress() {
        RemoteJmx open = remote.get();
        return open == null ? "" : open.url().toString();
    }

    @Override
    public String getProtection() {
        return protection;
    }

    @Override
    public String getCallerRole() {
        return Caller.current().role().word();
    }

    private List<Session> open() {
        RemoteJmx open = remote.get();
        return open == null ? List.of() : open.sessions();
    }

    @Override
    public int getSessionsActive() {
        return open().size();
    }

    @Override
    public String[] getSessions() {
        TextTable table = new TextTable("><<<>", "no", "user", "role", "from", "for");
        for (Session each : open()) {
            table.row(
                    each.id(),
                    each.caller().user(),
                    each.caller().role().word(),
                    each.caller().from(),
                    TextTable.time(Duration.between(each.since(), Instant.now())));
        }
        return cut(table.lines());
    }

    @Override
    public String[] getUsers() {
        TextTable table = new TextTable("<<<", "user", "role", "known by");
        RemoteJmx open = remote.get();
        for (JmxUser each : open == null ? List.<JmxUser>of() : open.logins().users()) {
            table.row(each.name(), each.role().word(), each.password() == null ? "certificate" : "password");
        }
        return cut(table.lines());
    }

    @Override
    public long getLoginsTotal() {
        RemoteJmx open = remote.get();
        return open == null ? 0 : open.logins().acceptedTotal();
    }

    @Override
    public long getLoginsRefusedTotal() {
        RemoteJmx open = remote.get();
        return open == null ? 0 : open.logins().refusedTotal();
    }

    @Override
    public long getConnectionsRefusedTotal() {
        RemoteJmx open = remote.get();
        return open == null ? 0 : open.connectionsRefusedTotal();
    }

    @Override
    public long getWritesTotal() {
        return audit.total();
    }

    @Override
    public long getWritesRefusedTotal() {
        return audit.refusedTotal();
    }

    @Override
    public String[] getLastWrites() {
        return cut(audit.last().stream()
                .map(each -> TIME.format(each.at()) + " " + each.caller().user() + " " + each.operation() + ": "
                        + each.result())
                .toArray(String[]::new));
    }

    private static String[] cut(String[] lines) {
        for (int i = 0; i < lines.length; i++) {
            lines[i] = lines[i].length() <= WIDTH ? lines[i] : lines[i].substring(0, WIDTH - 1) + "…";
        }
        return lines;
    }

    @Override
    public String getMetricsAddress() {
        MetricsListener open = metrics.get();
        return open == null ? "" : open.address().toString();
    }

    @Override
    public long getMetricsServedTotal() {
        MetricsListener open = metrics.get();
        return open == null ? 0 : open.servedTotal();
    }

    @Override
    public long getMetricsRefusedTotal() {
        MetricsListener open = metrics.get();
        return open == null ? 0 : open.refusedTotal();
    }

    @Override
    public String getAuditLog() {
        return log.target();
    }

    @Override
    public long getAuditLinesTotal() {
        return log.writtenTotal();
    }

    @Override
    public long getAuditDroppedTotal() {
        return log.droppedTotal();
    }

    @Override
    public String[] audit() {
        return audit.last().stream().map(Audit.Write::json).toArray(String[]::new);
    }

    @Override
    public String closeSession(String session) {
        RemoteJmx open = remote.get();
        if (open == null || !session.strip().matches("[0-9]{1,18}") || !open.close(Long.parseLong(session.strip()))) {
            throw new IllegalArgumentException("there is no session '" + session + "' (open: "
                    + String.join(
                            ", ",
                            open().stream()
                                    .map(each -> Long.toString(each.id()))
                                    .toList())
                    + "); nothing was closed");
        }
        return "session " + session.strip() + " is closed";
    }
}
