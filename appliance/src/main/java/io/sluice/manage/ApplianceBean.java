package io.sluice.manage;

import io.sluice.account.Accounts;
import io.sluice.account.Ledger;
import io.sluice.account.LogLedger;
import io.sluice.account.StickinessAudit;
import io.sluice.config.ProcessLimits;
import io.sluice.drain.Drain;
import io.sluice.loop.DescriptorReserve;
import io.sluice.loop.EdgeLoop;
import io.sluice.route.Liberator;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** The appliance as a whole. */
final class ApplianceBean implements ApplianceMXBean {
    private final LogLedger log = LogLedger.ofProcess();
    private final ApplianceView appliance;
    private final Accounts accounts;
    private final Supplier<Collection<LiberatorBean>> liberators;
    private final Supplier<Collection<ListenerBean>> listeners;
    private final ListenOverflows overflows;
    private final Supplier<String> reload;

    ApplianceBean(
            ApplianceView appliance,
            Supplier<Collection<LiberatorBean>> liberators,
            Supplier<Collection<ListenerBean>> listeners,
            ListenOverflows overflows,
            Supplier<String> reload) {
        this.appliance = appliance;
        this.accounts = appliance.accounts();
        this.liberators = liberators;
        this.listeners = listeners;
        this.overflows = overflows;
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
        return accounts.clients().active();
    }

    @Override
    public int getConnectionsPeak() {
        return accounts.clients().peak();
    }

    @Override
    public int getConnectionsLimit() {
        int configured = appliance.router().table().config().limits().connections();
        return configured == ProcessLimits.AUTO ? reserve().clientsThatFit() : configured;
    }

    private DescriptorReserve reserve() {
        return appliance.loops().reserve();
    }

    @Override
    public int getDescriptorsActive() {
        return DescriptorReserve.open();
    }

    @Override
    public int getDescriptorsLimit() {
        return DescriptorReserve.limit();
    }

    @Override
    public boolean isDescriptorsLow() {
        return reserve().isLow();
    }

    @Override
    public long getDescriptorsLowTotal() {
        return reserve().lowTotal();
    }

    @Override
    public String getDescriptorsLowAt() {
        return TextTable.instant(reserve().lowAt());
    }

    @Override
    public boolean isLogFailing() {
        return log.isFailing();
    }

    @Override
    public String getLogFailedAt() {
        return TextTable.instant(log.failedAt());
    }

    @Override
    public long getLogLinesDroppedTotal() {
        return log.linesDropped();
    }

    @Override
    public long getListenOverflowsTotal() {
        return overflows.total();
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
        return accounts.stickinessChecks();
    }

    @Override
    public long getStickinessViolationsTotal() {
        return accounts.stickinessViolations();
    }

    @Override
    public String getLastViolation() {
        StickinessAudit.Violation last = accounts.streams().stickiness().last();
        return last == null ? "" : last.toString();
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
                    each.getState() + (each.isFlapping() ? ", flapping" : ""),
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
    public int getDrainRemainingActive() {
        return sumOfDrains(Drain::remaining);
    }

    @Override
    public long getDrainEtaSeconds() {
        long now = System.nanoTime();
        return appliance.drains().all().stream()
                .map(each -> each.eta(now))
                .max(Comparator.naturalOrder())
                .map(DrainTerms::seconds)
                .orElse(0L);
    }

    @Override
    public int getDrainPolitelyTotal() {
        return sumOfDrains(Drain::politely);
    }

    @Override
    public int getDrainForcedTotal() {
        return sumOfDrains(Drain::forced);
    }

    private int sumOfDrains(ToIntFunction<Drain> count) {
        return appliance.drains().all().stream().mapToInt(count).sum();
    }

    @Override
    public String drain(int perSecond, int deadlineSeconds) {
        List<Drain> begun = appliance
                .drains()
                .drain(
                        appliance.router().table().liberators(),
                        DrainTerms.perSecond(perSecond),
                        DrainTerms.deadline(deadlineSeconds),
                        Caller.current().user());
        return "all Liberators are DRAINING: " + DrainTerms.sentence(begun, perSecond, deadlineSeconds);
    }

    @Override
    public String pauseDrain() {
        String paused = forEachUnderWay(appliance.drains()::pause);
        return "paused: " + paused + "; " + getDrainRemainingActive()
                + " streams and kept connections are open, no new ones come";
    }

    @Override
    public String resumeDrain() {
        String resumed = forEachUnderWay(appliance.drains()::resume);
        return "going on: " + resumed + "; " + getDrainRemainingActive() + " streams and kept connections are open";
    }

    /** The Liberators whose drains are under way, each of which is changed. */
    private String forEachUnderWay(Consumer<Drain> change) {
        List<Drain> underWay =
                appliance.drains().all().stream().filter(each -> !each.isOver()).toList();
        if (underWay.isEmpty()) {
            throw new IllegalStateException("no drain is under way; nothing was changed");
        }
        underWay.forEach(change);
        return underWay.stream().map(Drain::liberator).collect(Collectors.joining(", "));
    }

    @Override
    public String undrain() {
        Collection<Liberator> all = appliance.router().table().liberators();
        all.forEach(each -> appliance.drains().serve(each, Caller.current().user()));
        return all.size() + " Liberators are in service";
    }

    @Override
    public String reload() {
        return reload.get();
    }
}
