package io.sluice.config;

import io.sluice.config.Yaml.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Refuses what no entry of a file shows by itself: entries that stand in each other's way. */
final class Contradictions {
    private record Bind(String subject, HostAndPort address, Scalar at) {}

    private final List<Section> listenerSections;
    private final List<ListenerConfig> listeners;
    private final List<Section> routeSections;
    private final List<RouteConfig> routes;
    private final Problems problems;

    /**
     * @param listenerSections what {@code listeners} were read from, one each
     * @param routeSections what {@code routes} were read from, one each
     */
    Contradictions(
            List<Section> listenerSections,
            List<ListenerConfig> listeners,
            List<Section> routeSections,
            List<RouteConfig> routes,
            Problems problems) {
        this.listenerSections = listenerSections;
        this.listeners = listeners;
        this.routeSections = routeSections;
        this.routes = routes;
        this.problems = problems;
    }

    /** An address that two want. */
    void refuseOverlappingBinds(Section managementSection, ManagementConfig management) {
        List<Bind> taken = new ArrayList<>();
        for (int i = 0; i < listeners.size(); i++) {
            Scalar bind = listenerSections.get(i).scalar("bind");
            ListenerConfig listener = listeners.get(i);
            if (bind != null) {
                takeBind(new Bind("listener " + Problems.quote(listener.name()), listener.bind(), bind), taken);
            }
        }
        Scalar jmx = managementSection.section("jmx").scalar("bind");
        if (jmx != null && management.jmxBind() != null) {
            takeBind(new Bind("management.jmx", management.jmxBind(), jmx), taken);
        }
        Scalar metrics = managementSection.section("metrics").scalar("bind");
        if (metrics != null && management.metrics() != null) {
            takeBind(new Bind("management.metrics", management.metrics(), metrics), taken);
        }
    }

    private void takeBind(Bind bind, List<Bind> taken) {
        for (Bind other : taken) {
            if (bind.address.overlaps(other.address)) {
                problems.refuse(
                        bind.at,
                        bind.subject + " binds " + bind.address + ", which " + other.subject + " (line "
                                + other.at.at().line() + ") takes already"
                                + (bind.address.equals(other.address) ? "" : " with " + other.address));
                return;
            }
        }
        taken.add(bind);
    }

    /** A route that no request can come to, on a listener or at all. */
    void refuseRoutesWithoutEffect() {
        Map<String, ListenerConfig> byName = new HashMap<>();
        listeners.forEach(listener -> byName.putIfAbsent(listener.name(), listener));
        for (int i = 0; i < routes.size(); i++) {
            RouteConfig route = routes.get(i);
            String subject = "route " + Problems.quote(route.host());
            for (Scalar name : routeSections.get(i).scalars("listeners")) {
                ListenerConfig listener = byName.get(name.text());
                if (listener != null && !listener.isRouted()) {
                    problems.refuse(
                            name,
                            subject + " has no effect on listener " + Problems.quote(name.text()) + ", which "
                                    + (listener.kind() == ListenerKind.DIRECT
                                            ? "is of kind direct"
                                            : "sends every host to Liberator '" + listener.liberator() + "'"));
                }
            }
            Yaml named = routeSections.get(i).mapping().get("listeners");
            if (named instanceof Yaml.Sequence list && list.items().isEmpty()) {
                problems.refuse(named, subject + " has an empty list of listeners (leave it out for all HTTP ones)");
            } else if (named == null
                    && !listeners.isEmpty()
                    && listeners.stream().noneMatch(ListenerConfig::isRouted)) {
                problems.at(
                        routeSections.get(i).at(),
                        subject + " has no effect: there is no listener of kind http without a liberator of its own");
            }
        }
    }

    /** A host that two routes want on one listener. */
    void refuseDuplicateHosts() {
        Map<String, Map<String, Position>> hostsByListener = new HashMap<>();
        for (int i = 0; i < routes.size(); i++) {
            Scalar host = routeSections.get(i).scalar("host");
            if (host == null) {
                continue;
            }
            for (ListenerConfig listener : listeners) {
                if (!routes.get(i).standsOn(listener)) {
                    continue;
                }
                Position first = hostsByListener
                        .computeIfAbsent(listener.name(), name -> new HashMap<>())
                        .putIfAbsent(routes.get(i).host(), host.at());
                if (first != null && !first.equals(host.at())) {
                    problems.refuse(
                            host,
                            "route " + Problems.quote(routes.get(i).host()) + " is defined twice on listener "
                                    + Problems.quote(listener.name()) + " (first at line " + first.line() + ")");
                }
            }
        }
    }

    /** A pool whose clients are told apart by what nobody sees where TLS is passed through: a cookie, a path. */
    void refuseUnseenAffinity() {
        for (int i = 0; i < routes.size(); i++) {
            RouteConfig route = routes.get(i);
            PoolConfig pool = route.pool();
            if (pool == null || pool.affinity() instanceof AffinityConfig.Address) {
                continue;
            }
            for (ListenerConfig each : listeners) {
                if (each.kind() == ListenerKind.TLS_PASSTHROUGH && route.standsOn(each)) {
                    problems.at(
                            routeSections.get(i).at("pool"),
                            "route " + Problems.quote(route.host()) + " stands on listener "
                                    + Problems.quote(each.name())
                                    + " of kind tls-passthrough, where only an affinity of kind: address can be seen"
                                    + " (give it one, or name other listeners)");
                }
            }
        }
    }
}
