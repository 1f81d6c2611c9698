package io.sluice.manage;

import io.sluice.route.Liberator;
import io.sluice.route.ListenerRoutes;
import io.sluice.route.Pool;
import io.sluice.route.RoutingTable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The MBeans of Liberators, listeners and pools: each has one from its first table on. A Liberator or listener that left
 * the table keeps its bean until its last stream or connection is gone, so that nobody loses sight of it.
 *
 * <p><b>Threading:</b> any thread.
 */
final class TableBeans {
    private static final String STATE = "sluice.liberator.state";

    private final MBeans mbeans;
    private final ApplianceView appliance;
    private final Rates rates;
    private final Map<String, LiberatorBean> liberators = new LinkedHashMap<>();
    private final Map<String, ListenerBean> listeners = new LinkedHashMap<>();
    private final Map<String, PoolBean> pools = new LinkedHashMap<>();

    TableBeans(MBeans mbeans, ApplianceView appliance, Rates rates) {
        this.mbeans = mbeans;
        this.appliance = appliance;
        this.rates = rates;
    }

    /** {@code table} is in force: what is new in it gets beans, what left it is told so. */
    synchronized void follow(RoutingTable table) throws JMException {
        for (Liberator each : table.liberators()) {
            liberator(each).inTable(each);
        }
        for (ListenerRoutes each : table.listeners()) {
            listener(each).inTable(each.config());
        }
        followPools(table);
        Set<String> inTable = table.liberators().stream().map(Liberator::name).collect(Collectors.toSet());
        liberators.values().stream()
                .filter(bean -> !inTable.contains(bean.getName()))
                .forEach(LiberatorBean::leftTable);
        listeners.values().stream()
                .filter(bean -> table.listener(bean.getName()) == null)
                .forEach(ListenerBean::leftTable);
        sweep();
    }

    private LiberatorBean liberator(Liberator liberator) throws JMException {
        LiberatorBean known = liberators.get(liberator.name());
        if (known != null) {
            return known;
        }
        LiberatorBean bean = new LiberatorBean(liberator, rates.liberator(liberator.ledger()), appliance.drains());
        DescribedEmitter emitter = new DescribedEmitter(
                bean,
                LiberatorMXBean.class,
                DescribedEmitter.told(
                        STATE, "The state changed; the message says from what to what, the user data why."));
        mbeans.register("Liberator,name=" + liberator.name(), emitter);
        liberator
                .ledger()
                .onStateChange(change -> emitter.tell(STATE, change.from() + " -> " + change.to(), change.reason()));
        liberators.put(liberator.name(), bean);
        return bean;
    }

    private ListenerBean listener(ListenerRoutes here) throws JMException {
        String name = here.config().name();
        ListenerBean known = listeners.get(name);
        if (known != null) {
            return known;
        }
        ListenerBean bean = new ListenerBean(
                here.config(), appliance.listeners(), appliance.accounts().listener(name));
        mbeans.register("Listener,name=" + name, new Described(bean, ListenerMXBean.class));
        listeners.put(name, bean);
        return bean;
    }

    private void followPools(RoutingTable table) throws JMException {
        Set<String> hosts = table.pools().stream().map(Pool::host).collect(Collectors.toSet());
        pools.keySet().removeIf(host -> !hosts.contains(host) && mbeans.unregister("Pool,name=" + nameOf(host)));
        for (Pool each : table.pools()) {
            PoolBean bean = pools.get(each.host());
            if (bean == null) {
                bean = new PoolBean(each);
                mbeans.register("Pool,name=" + nameOf(each.host()), new Described(bean, PoolMXBean.class));
                pools.put(each.host(), bean);
            }
            bean.inTable(each);
        }
    }

    /** A wildcard must be quoted, or it would be a pattern. */
    private static String nameOf(String host) {
        return host.indexOf('*') < 0 ? host : ObjectName.quote(host);
    }

    /** Lets go of what left the table and is over. */
    synchronized void sweep() {
        liberators.values().removeIf(bean -> bean.isOver() && mbeans.unregister("Liberator,name=" + bean.getName()));
        listeners.values().removeIf(bean -> bean.isOver() && mbeans.unregister("Listener,name=" + bean.getName()));
    }

    /** Those in the table, and those that left it and are not over. */
    synchronized Collection<LiberatorBean> liberators() {
        sweep();
        return List.copyOf(liberators.values());
    }

    /** As {@link #liberators}. */
    synchronized Collection<ListenerBean> listeners() {
        sweep();
        return List.copyOf(listeners.values());
    }

    /** Has no beans any more; whoever registered them takes them away. */
    synchronized void clear() {
        liberators.clear();
        listeners.clear();
        pools.clear();
    }
}
