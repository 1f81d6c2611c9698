package io.sluice.manage;

import io.sluice.account.Accounts;
import io.sluice.account.Ledger;
import io.sluice.account.ListenerLedger;
import io.sluice.loop.EdgeLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Supplier;

/** The appliance as a whole. */
final class ApplianceBean implements ApplianceMXBean {
    private final ApplianceView appliance;
    private final Accounts accounts;
    private final Supplier<Collection<LiberatorBean>> liberators;
    private final Supplier<Collection<ListenerBean>> listeners;
    private final Supplier<String> reload;

    ApplianceBean(
            ApplianceView appliance,
            Supplier<Collection<LiberatorBean>> liberators,
            Supplier<Collection<ListenerBean>> listeners,
            Supplier<String> reload) {
        this.appliance = appliance;
        this.accounts = appliance.accounts();
        this.liberators = liberators;
        this.listeners = listeners;
        this.reload = reload;
    }

    @Override
    public String getVersion() {
        return appliance.version();
    }

    @Override
    public String getJavaVersion() {
        return System.getProperty("java.version", "");
    }

    @Override
    public String getConfigFile() {
        return appliance.router().table().config().file().toString();
    }

    @Override
    public String getStartedAt() {
        return TextTable.instant(appliance.startedAt());
    }

    @Override
    public long getUptimeSeconds() {
        return Math.max(
                0, Duration.between(appliance.startedAt(), Instant.now()).toSeconds());
    }

    @Override
    public int getStreamsActive() {
        return accounts.streams().active();
    }

    @Override
    public long getStreamsTotal() {
        return accounts.liberators().stream().mapToLong(Totals::opened).sum();
    }

    @Override
    public int getConnectionsActive() {
        return accounts.listeners().stream().mapToInt(ListenerLedger::active).sum();
    }

    @Override
    public int getLiberatorConnectionsActive() {
        return accounts.liberators().stream()
                .mapToInt(Ledger::connectionsActive)
                .sum();
    }

    @Override
    public long getRefusedTotal() {
        return accounts.listeners().stream()
                .mapToLong(each -> each.refusals().total())
                .sum();
    }

    @Override
    public long getStickinessChecksTotal() {
        return accounts.liberators().stream()
                .mapToLong(Ledger::stickinessChecks)
                .sum();
    }

    @Override
    public long getStickinessViolationsTotal() {
        return accounts.liberators().stream()
                .mapToLong(Ledger::stickinessViolations)
                .sum();
    }

    @Override
    public int getBuffersLent() {
        return appliance.loops().all().stream().mapToInt(EdgeLoop::lentBuffers).sum();
    }

    @Override
    public long getTableVersion() {
        return appliance.router().table().version();
    }

    @Override
    public String[] getLiberators() {
        TextTable table = new TextTable("<<>>>", "liberator", "state", "streams", "connections", "failed");
        for (LiberatorBean each : liberators.get()) {
            table.row(
                    each.getName(),
                    each.getState(),
                    each.getStreamsActive(),
                    each.getConnectionsActive(),
                    each.getConnectFailedTotal());
        }
        return table.lines();
    }

    @Override
    public String[] getListeners() {
        TextTable table = new TextTable("<<>>", "listener", "listens on", "connections", "refused");
        for (ListenerBean each : listeners.get()) {
            table.row(
                    each.getName(),
                    each.isListening() ? each.getAddress() : "-",
                    each.getConnectionsActive(),
                    each.getRefusedTotal());
        }
        return table.lines();
    }

    @Override
    public String reload() {
        return reload.get();
    }
}
