package io.sluice.manage;

import com.codahale.metrics.Clock;
import com.codahale.metrics.SharedMetricRegistries;
import io.sluice.config.HostAndPort;
import io.sluice.config.JmxConfig;
import io.sluice.route.RoutingTable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The MBeans of one appliance in the platform's MBean server, and the way to them from other processes. Its Dropwizard
 * registry is shared under the name {@code sluice}, for reporters and agents in this process.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class Management implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Management.class);
    private static final String EXPIRY = "sluice.certificate.expiry";
    private static final String TABLE = "sluice.table";
    private static final String WRITE = "sluice.write";
    private static final String METRICS = "sluice";
    private static final String VIOLATION = "sluice.stickiness.violation";

    private final ApplianceView appliance;
    private final AuditLog auditLog;
    private final Audit audit;
    private final Generations generations;
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final Rates rates;
    private final MBeans mbeans;
    private final TableBeans tableBeans;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "sluice-manage");
        thread.setDaemon(true);
        return thread;
    });
    private final ListenOverflows overflows = new ListenOverflows();
    private final StreamNotes notes;
    private volatile @Nullable RemoteJmx remote;
    private @Nullable DescribedEmitter tables;
    private long tableVersion;
    private volatile @Nullable MetricsListener metrics;
    private boolean shared;
    private boolean closed;

    private Management(ApplianceView appliance, Generations.Change change, @Nullable Path auditFile) {
        this.appliance = appliance;
        this.auditLog = new AuditLog(auditFile);
        this.audit = new Audit(auditLog);
        this.generations = new Generations(appliance.router(), change, timer);
        this.notes = new StreamNotes(appliance.accounts().streams().log());
        this.rates = new Rates(appliance.accounts(), Clock.defaultClock());
        this.mbeans = new MBeans(server, audit);
        this.tableBeans = new TableBeans(mbeans, appliance, rates);
    }

    /**
     * Says early, before anything runs, that the address of remote JMX cannot be had.
     *
     * @param bind null: no remote JMX, nothing to check
     * @throws IOException when it is taken; the message names it
     */
    public static void requireFree(@Nullable HostAndPort bind) throws IOException {
        requireFree(bind, false);
    }

    /**
     * As above.
     *
     * @param shared whether another process of the same user may listen there
     */
    public static void requireFree(@Nullable HostAndPort bind, boolean shared) throws IOException {
        if (bind != null) {
            RemoteJmx.requireFree(bind, shared);
        }
    }

    /**
     * Registers the MBeans and opens remote JMX.
     *
     * @param change puts a configuration in force: all changes of it come from here
     * @param jmx remote JMX; null: none
     * @param auditFile where audit lines go; null: the log of everything else
     * @throws IOException when the address is taken, its TLS files cannot be used, or another appliance of this process
     *     has MBeans; nothing is left behind then
     */
    public static Management start(
            ApplianceView appliance, Generations.Change change, @Nullable JmxConfig jmx, @Nullable Path auditFile)
            throws IOException {
        return start(appliance, change, jmx, auditFile, false);
    }

    /**
     * As {@link #start(ApplianceView, Generations.Change, JmxConfig, Path)}.
     *
     * @param shared whether another process of the same user may listen at remote JMX's address too
     */
    public static Management start(
            ApplianceView appliance,
            Generations.Change change,
            @Nullable JmxConfig jmx,
            @Nullable Path auditFile,
            boolean shared)
            throws IOException {
        long started = System.nanoTime();
        Management management = new Management(appliance, change, auditFile);
        try {
            management.registerAll(protection(jmx));
            management.remote = jmx == null ? null : RemoteJmx.start(jmx, management.server, management.audit, shared);
        } catch (IOException | RuntimeException failed) {
            management.close();
            throw failed;
        }
        LOG.info(
                "management.open jmx={} mbeans={} open_ms={}",
                jmx == null ? "off" : management.url(),
                management.mbeans.count(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
        return management;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // look() catches everything itself
    private synchronized void registerAll(String protection) throws IOException {
        try {
            registerAppliance();
            registerRoutingTable();
            registerStreams();
            registerCertificates();
            registerManagement(protection);
            tableBeans.follow(appliance.router().table());
            shared = SharedMetricRegistries.add(METRICS, appliance.accounts().metrics()) == null;
        } catch (JMException failed) {
            throw new IOException("the MBeans cannot be registered: " + failed.getMessage(), failed);
        }
        timer.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    private void registerAppliance() throws JMException {
        DescribedEmitter bean = new DescribedEmitter(
                new ApplianceBean(
                        appliance,
                        tableBeans::liberators,
                        tableBeans::listeners,
                        overflows,
                        () -> reload(Caller.current().user())),
                ApplianceMXBean.class,
                DescribedEmitter.told(
                        VIOLATION,
                        "A delivery was stopped because connection and decision named different Liberators: a defect."
                                + " The sentence is the user data."));
        mbeans.register("Appliance", bean);
        appliance
                .accounts()
                .streams()
                .stickiness()
                .onViolation(violation ->
                        timer.execute(() -> bean.tell(VIOLATION, "stickiness violated", violation.toString())));
    }

    private void registerRoutingTable() throws JMException {
        DescribedEmitter bean = new DescribedEmitter(
                new RoutingTableBean(appliance.router(), appliance.accounts(), generations, tableBeans::listeners),
                RoutingTableMXBean.class,
                DescribedEmitter.told(
                        TABLE,
                        "Another table came into force; the message says which versions, the user data what is in it."));
        mbeans.register("RoutingTable", bean);
        tables = bean;
        tableVersion = appliance.router().table().version();
    }

    private void tellOfTable(RoutingTable table) {
        DescribedEmitter bean = tables;
        if (bean != null && table.version() != tableVersion) {
            long before = tableVersion;
            tableVersion = table.version();
            bean.tell(
                    TABLE,
                    "version " + before + " -> " + tableVersion,
                    "version=" + tableVersion + " was=" + before + " routes="
                            + table.routes().size() + " liberators="
                            + table.liberators().size() + " listeners="
                            + table.listeners().size());
        }
    }

    private void registerStreams() throws JMException {
        DescribedEmitter bean = new DescribedEmitter(
                new StreamsBean(appliance.accounts(), notes),
                StreamsMXBean.class,
                DescribedEmitter.told(StreamNotes.OPEN, "A stream was opened; the user data says which."),
                DescribedEmitter.told(StreamNotes.END, "A stream ended; the user data says which, and why."),
                DescribedEmitter.told(StreamNotes.BACKLOG, "A client has been behind for longer than slowClientAfter."),
                DescribedEmitter.told(
                        StreamNotes.STALL, "A stream has been silent both ways for longer than stalledStreamAfter."),
                DescribedEmitter.told(
                        StreamNotes.REFUSED,
                        "A connection or request was refused; the user data says whose, and why."));
        mbeans.register("Streams", bean);
        notes.sendThrough(note -> bean.tell(note.type(), note.message(), note.story()));
        bean.onListened(notes::listened);
    }

    private void registerCertificates() throws JMException {
        DescribedEmitter bean = new DescribedEmitter(
                new CertificatesBean(appliance.certificates()),
                CertificatesMXBean.class,
                DescribedEmitter.told(
                        EXPIRY,
                        "A certificate has 30, 7 or 1 days left or has expired, each once; the sentence is the user data."));
        mbeans.register("Certificates", bean);
        appliance.certificates().onExpiry(sentence -> bean.tell(EXPIRY, "certificate ends soon", sentence));
    }

    private void registerManagement(String protection) throws JMException {
        ManagementBean bean = new ManagementBean(audit, auditLog, protection, () -> remote, () -> metrics);
        DescribedEmitter emitter = new DescribedEmitter(
                bean,
                ManagementMXBean.class,
                DescribedEmitter.told(
                        WRITE, "Somebody changed something, or tried to; the user data is the audit line."));
        mbeans.register("Management", emitter);
        audit.onWrite(write -> emitter.tell(
                WRITE,
                write.operation() + " by " + write.caller().user() + (write.isRefused() ? " refused" : ""),
                write.json()));
    }

    private static String protection(@Nullable JmxConfig jmx) {
        if (jmx == null) {
            return "remote JMX is off";
        }
        JmxConfig.JmxTls tls = jmx.tls();
        return (tls == null ? "plain" : tls.trust() == null ? "TLSv1.3" : "TLSv1.3 with client certificates") + ", "
                + (jmx.users().isEmpty() ? "no users: whoever reaches the port is operator" : "users");
    }

    /**
     * Checks users and certificates of a new configuration; null, or another address, waits for a restart.
     *
     * @return takes them over; does not fail
     * @throws IOException when the TLS files cannot be used
     */
    public Runnable prepare(@Nullable JmxConfig jmx) throws IOException {
        RemoteJmx open = remote;
        return open == null || jmx == null ? () -> {} : open.prepare(jmx);
    }

    /**
     * Reads the configuration file again and puts it in force; never throws.
     *
     * @param by who asked: a user, or {@code HUP}
     * @return a sentence that says what came of it
     */
    public String reload(String by) {
        return generations.reload(by);
    }

    /** From now on another process of the same user may listen at remote JMX's address too, or may not any more. */
    public void share(boolean sharing) throws IOException {
        RemoteJmx open = remote;
        if (open != null) {
            open.share(sharing);
        }
    }

    /** Null when it is off. */
    @Nullable
    RemoteJmx remote() {
        return remote;
    }

    /** The address for clients; null when remote JMX is off. */
    public @Nullable JMXServiceURL url() {
        RemoteJmx open = remote;
        return open == null ? null : open.url();
    }

    /**
     * Serves metrics and health over HTTP until management is closed.
     *
     * @param bind where; null: nowhere
     * @throws IOException when the address is taken; management is closed then
     */
    public void serveMetrics(@Nullable HostAndPort bind) throws IOException {
        if (bind == null) {
            return;
        }
        Exposition exposition = new Exposition(appliance, overflows);
        try {
            MetricsListener open = MetricsListener.start(bind, exposition::look, () -> Readiness.of(appliance));
            metrics = open;
            LOG.info("management.metrics address={}", open.address());
        } catch (IOException taken) {
            close();
            throw taken;
        }
    }

    /** Null when it is off. */
    @Nullable
    MetricsListener metrics() {
        return metrics;
    }

    /** A table came into force: its new Liberators and listeners get beans. */
    public synchronized void tableChanged() {
        if (closed) {
            return;
        }
        try {
            RoutingTable table = appliance.router().table();
            tableBeans.follow(table);
            tellOfTable(table);
        } catch (JMException | RuntimeException failed) {
            LOG.error("management.error cause=\"{}\" action=\"some MBeans are missing\"", failed.toString(), failed);
        }
    }

    /** Every second: takes the rates, and lets go of what is over. */
    private synchronized void look() {
        try {
            rates.sample();
            overflows.look();
            tableBeans.sweep();
            RemoteJmx open = remote;
            if (open != null) {
                open.closeIdle();
            }
        } catch (RuntimeException failed) {
            LOG.error("management.error cause=\"{}\" action=\"tried again\"", failed.toString(), failed);
        }
    }

    /** Closes remote JMX and takes the MBeans away. */
    @Override
    public void close() {
        RemoteJmx open = remote;
        if (open != null) {
            open.close();
        }
        MetricsListener pages = metrics;
        if (pages != null) {
            pages.close();
        }
        timer.shutdownNow();
        notes.close();
        synchronized (this) {
            closed = true;
            if (shared) {
                SharedMetricRegistries.remove(METRICS);
            }
            mbeans.unregisterAll();
            tableBeans.clear();
        }
        auditLog.close();
    }
}
