package io.sluice.agent;

import io.sluice.account.Kind;
import io.sluice.manage.Described;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * Where the agent can be seen: the MBeans {@code type=Agent}, and {@code type=Latency} for each Liberator and stage as
 * soon as the Liberator has had a stream, with one for each kind of stream below it; the page of metrics; the shared
 * Dropwizard registry.
 *
 * <p><b>Threading:</b> any thread.
 */
final class Beans {
    private static final String DOMAIN = "sluice:type=";

    private final Agent agent;
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final Map<String, ObjectName> registered = new LinkedHashMap<>();
    private final Scrape scrape;
    private final SharedHistograms histograms = new SharedHistograms();
    private int followed;

    private Beans(Agent agent) {
        this.agent = agent;
        this.scrape = Scrape.open(agent);
    }

    static Beans open(Agent agent) {
        Beans beans = new Beans(agent);
        beans.register("Agent", new Described(new AgentBean(agent), AgentMXBean.class));
        return beans;
    }

    /** Registers what has appeared in {@code figures} since the last time. */
    synchronized void follow(Figures figures) {
        int begun = figures.begun();
        if (begun == followed) {
            return;
        }
        boolean all = true;
        for (Figures.OfLiberator each : figures.liberators()) {
            for (Stage stage : Stage.values()) {
                latency(each, stage, null);
                for (Kind kind : each.timedKinds(stage)) {
                    latency(each, stage, kind);
                    all &= histograms.show(each.name(), stage.label(), kind.label(), each.series(stage, kind));
                }
            }
        }
        if (all) {
            followed = begun;
        }
    }

    private void latency(Figures.OfLiberator figures, Stage stage, @Nullable Kind kind) {
        String key = "Latency,liberator=" + figures.name() + ",stage=" + stage.label()
                + (kind == null ? "" : ",kind=" + kind.label());
        if (!registered.containsKey(key)) {
            LatencyBean bean =
                    new LatencyBean(figures, stage, kind, () -> agent.options().windowSeconds());
            register(key, new Described(bean, LatencyMXBean.class));
        }
    }

    private synchronized void register(String type, Described bean) {
        try {
            ObjectName name = new ObjectName(DOMAIN + type);
            server.registerMBean(bean, name);
            registered.put(type, name);
        } catch (JMException failed) {
            throw new IllegalStateException("MBean " + DOMAIN + type + " cannot be registered", failed);
        }
    }

    /** Takes them all away. */
    synchronized void close() {
        scrape.close();
        histograms.close();
        for (ObjectName each : List.copyOf(registered.values())) {
            try {
                server.unregisterMBean(each);
            } catch (InstanceNotFoundException gone) {
                // Somebody else has taken it away.
            } catch (JMException failed) {
                Faults.caught(failed);
            }
        }
        registered.clear();
    }
}
