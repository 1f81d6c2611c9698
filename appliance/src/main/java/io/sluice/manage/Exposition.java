package io.sluice.manage;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.sluice.account.AffinityFinding;
import io.sluice.account.AffinityOutcome;
import io.sluice.account.Kind;
import io.sluice.account.Ledger;
import io.sluice.account.ListenerLedger;
import io.sluice.account.LogLedger;
import io.sluice.account.PoolLedger;
import io.sluice.account.Refusal;
import io.sluice.account.StreamRecord;
import io.sluice.listen.Certificates;
import io.sluice.listen.Listener;
import io.sluice.loop.DescriptorReserve;
import io.sluice.loop.EdgeLoop;
import io.sluice.route.Liberator;
import io.sluice.route.Route;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the ledgers hold, as Prometheus names it: base units, {@code _total} for what only grows, the same label
 * names everywhere. Series exist from the start, at 0, so that a first increase is seen. Behind them what others in the
 * process have registered.
 *
 * <p>Reads what the loops write without a lock; nothing here is their work.
 */
final class Exposition {
    private static final Logger LOG = LoggerFactory.getLogger(Exposition.class);

    private static final double MILLIS = 1_000;

    private final ApplianceView appliance;
    private final ListenOverflows overflows;

    Exposition(ApplianceView appliance, ListenOverflows overflows) {
        this.appliance = appliance;
        this.overflows = overflows;
    }

    /** One look at everything. */
    MetricSnapshots look() {
        Families families = new Families();
        process(families);
        table(families);
        Collection<Ledger> ledgers = appliance.accounts().liberators();
        ledgers.forEach(each -> new LiberatorFamilies(each.liberator(), families).add(each));
        if (!ledgers.isEmpty()) {
            families.add(() -> LiberatorFamilies.connectSeconds(ledgers));
        }
        for (Liberator each : appliance.router().table().liberators()) {
            new LiberatorFamilies(each.name(), families).add(each);
        }
        routes(families);
        appliance.accounts().pools().forEach(each -> pool(each, families));
        appliance.accounts().listeners().forEach(each -> listener(each, families));
        appliance.listeners().all().forEach(each -> listener(each, families));
        certificates(families);
        guests(families);
        return families.snapshots();
    }

    /**
     * What others in this process have registered where Prometheus' library has it registered by default, as the
     * latency agent does. The appliance knows none of them, and shows its own figures also when one of them fails.
     */
    private static void guests(Families families) {
        try {
            families.guests(PrometheusRegistry.defaultRegistry.scrape());
        } catch (RuntimeException failed) {
            LOG.warn("metrics.guest cause=\"{}\" action=\"left out\"", failed.toString());
        }
    }

    // ---------------------------------------------------------------- the appliance

    private void process(Families families) {
        families.add(() -> InfoSnapshot.builder()
                .name("sluice_build")
                .help("Versions.")
                .dataPoint(InfoDataPointSnapshot.builder()
                        .labels(Labels.of(
                                "version", appliance.version(), "java", System.getProperty("java.version", "")))
                        .build())
                .build());
        families.gauge(
                "process_start_time_seconds",
                "When the appliance started, since the epoch.",
                appliance.startedAt().toEpochMilli() / MILLIS);
        families.gauge("process_open_fds", "Open file descriptors.", DescriptorReserve.open());
        families.gauge("process_max_fds", "Most file descriptors.", DescriptorReserve.limit());
        families.flag(
                "sluice_descriptors_low",
                "1: no descriptor to spare.",
                reserve().isLow());
        families.counter(
                "sluice_descriptor_shortages",
                "How often descriptors ran low.",
                reserve().lowTotal());
        families.gauge(
                "sluice_buffers_lent",
                "Buffers that hold bytes of slow readers.",
                appliance.loops().all().stream().mapToInt(EdgeLoop::lentBuffers).sum());
        families.counter("sluice_listen_overflows", "Connections the kernel dropped before accept.", overflows.total());
        LogLedger log = LogLedger.ofProcess();
        families.flag("sluice_log_failing", "1: the log cannot be written.", log.isFailing());
        families.counter("sluice_log_lines_dropped", "Log lines lost.", log.linesDropped());
    }

    private DescriptorReserve reserve() {
        return appliance.loops().reserve();
    }

    private void table(Families families) {
        families.gauge(
                "sluice_table_version",
                "Version of the routing table in force.",
                appliance.router().table().version());
        families.gauge(
                "sluice_table_changed_timestamp_seconds",
                "When it came into force, since the epoch.",
                appliance.router().table().since().toEpochMilli() / MILLIS);
    }

    // ---------------------------------------------------------------- routes

    private record OnRoute(String route, String liberator) implements Comparable<OnRoute> {
        @Override
        public int compareTo(OnRoute other) {
            int byRoute = route.compareTo(other.route);
            return byRoute == 0 ? liberator.compareTo(other.liberator) : byRoute;
        }
    }

    private void routes(Families families) {
        Map<OnRoute, Map<Kind, Integer>> streams = new TreeMap<>();
        for (Route each : appliance.router().table().routes()) {
            streams.put(new OnRoute(each.host(), each.liberator().name()), new EnumMap<>(Kind.class));
        }
        for (StreamRecord each : appliance.accounts().streams().streams()) {
            OnRoute on = new OnRoute(each.terms().route(), each.ledger().liberator());
            streams.computeIfAbsent(on, none -> new EnumMap<>(Kind.class)).merge(each.kind(), 1, Integer::sum);
        }
        streams.forEach((on, counts) -> {
            for (Kind kind : Kind.values()) {
                families.gauge(
                        "sluice_route_streams_active",
                        "Open streams of a route; route * stands for all hosts of a listener.",
                        counts.getOrDefault(kind, 0),
                        "route",
                        on.route(),
                        "liberator",
                        on.liberator(),
                        "kind",
                        kind.label());
            }
        });
    }

    private static void pool(PoolLedger ledger, Families families) {
        for (AffinityFinding each : AffinityFinding.values()) {
            families.counter(
                    "sluice_pool_findings",
                    "Requests, by what the client showed.",
                    ledger.count(each),
                    "route",
                    ledger.host(),
                    "finding",
                    each.label());
        }
        for (AffinityOutcome each : AffinityOutcome.values()) {
            families.counter(
                    "sluice_pool_outcomes",
                    "Requests, by what was done with them.",
                    ledger.count(each),
                    "route",
                    ledger.host(),
                    "outcome",
                    each.label());
        }
        for (String each : ledger.members()) {
            families.counter(
                    "sluice_pool_clients_assigned",
                    "New clients the Liberator was given.",
                    ledger.assigned(each),
                    "route",
                    ledger.host(),
                    "liberator",
                    each);
        }
    }

    // ---------------------------------------------------------------- listeners

    private static void listener(ListenerLedger ledger, Families families) {
        String listener = ledger.listener();
        families.gauge(
                "sluice_client_connections_active",
                "Open connections of clients.",
                ledger.active(),
                "listener",
                listener);
        families.counter(
                "sluice_client_connections_accepted",
                "Connections accepted.",
                ledger.acceptedTotal(),
                "listener",
                listener);
        for (Refusal each : Refusal.values()) {
            long count = ledger.refusals().count(each);
            families.counter(
                    "sluice_refused", "Refused, by reason.", count, "listener", listener, "reason", each.label());
        }
        families.counter(
                "sluice_accept_slowed",
                "How often accepting paused for acceptPerSecond.",
                ledger.slowed().total(),
                "listener",
                listener);
        families.counter(
                "sluice_accept_exhausted",
                "How often accepting paused for want of descriptors.",
                ledger.exhausted().total(),
                "listener",
                listener);
        families.counter(
                "sluice_http2_connections",
                "HTTP/2 connections.",
                ledger.http2().connectionsTotal(),
                "listener",
                listener);
        families.counter(
                "sluice_http2_streams", "HTTP/2 streams.", ledger.http2().streamsTotal(), "listener", listener);
    }

    private static void listener(Listener listener, Families families) {
        String name = listener.config().name();
        families.flag("sluice_listener_listening", "1: it listens.", listener.address() != null, "listener", name);
        families.gauge(
                "sluice_client_connections_limit",
                "Most connections: limits.connections.",
                listener.config().limits().connections(),
                "listener",
                name);
    }

    private void certificates(Families families) {
        Map<String, Long> ends = new TreeMap<>();
        for (Certificates.Row each : appliance.certificates().rows()) {
            if (each.isShown()) {
                ends.merge(
                        each.listener() + "\n" + String.join(",", each.names()),
                        each.certificate().getNotAfter().toInstant().toEpochMilli(),
                        Math::min);
            }
        }
        ends.forEach((key, end) -> families.gauge(
                "sluice_certificate_expiry_timestamp_seconds",
                "When the certificate ends, since the epoch.",
                end / MILLIS,
                "listener",
                key.substring(0, key.indexOf('\n')),
                "names",
                key.substring(key.indexOf('\n') + 1)));
    }
}
