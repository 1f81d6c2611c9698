package io.sluice.config;

import io.sluice.config.ForwardedPolicy.XForwarded;
import io.sluice.config.HealthConfig.Check;
import io.sluice.config.LogConfig.StreamEvent;
import io.sluice.config.Yaml.Mapping;
import io.sluice.config.Yaml.Scalar;
import java.net.IDN;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Binds the tree of a file to records and checks what the schema cannot say: names, hosts, addresses, files, and what
 * {@link Contradictions} there are.
 *
 * <p>It runs also on a file that was refused already, to find the rest of its problems; values that are missing or
 * unreadable then have stand-ins, and the caller drops the result.
 */
final class Reader {
    static final String ADDRESS = "host:port, as in 127.0.0.1:8080 or \"[::1]:8080\"";
    private static final String RANGE = "an address or a range, as in 10.0.0.0/8";
    /** Stands in for an address that is missing or refused; port 0 overlaps nothing. */
    private static final HostAndPort NO_ADDRESS = new HostAndPort("none", 0);

    private final NamedFiles files;
    private final TlsReader tlsReader;
    private final Problems problems;
    /** Name to the place of its first definition, in the order of the file. */
    private final Map<String, Position> listenerNames = new LinkedHashMap<>();

    private final Map<String, Position> liberatorNames = new LinkedHashMap<>();

    Reader(Path baseFolder, Problems problems) {
        this.files = new NamedFiles(baseFolder, problems);
        this.tlsReader = new TlsReader(files, problems);
        this.problems = problems;
    }

    SluiceConfig read(Path file, String text, Mapping root) {
        Section top = Section.of(root, problems);
        List<Section> listenerSections = top.sections("listeners");
        List<Section> liberatorSections = top.sections("liberators");
        List<Section> routeSections = top.sections("routes");
        defineNames("listener", listenerSections, listenerNames);
        defineNames("Liberator", liberatorSections, liberatorNames);

        Overrides defaults = overrides(top.section("defaults"));
        List<ListenerConfig> listeners =
                listenerSections.stream().map(this::listener).toList();
        List<LiberatorConfig> liberators =
                liberatorSections.stream().map(this::liberator).toList();
        List<RouteConfig> routes = routeSections.stream().map(this::route).toList();
        ManagementConfig management = management(top.section("management"));
        Contradictions contradictions =
                new Contradictions(listenerSections, listeners, routeSections, routes, problems);
        contradictions.refuseOverlappingBinds(top.section("management"), management);
        contradictions.refuseRoutesWithoutEffect();
        contradictions.refuseDuplicateHosts();
        contradictions.refuseUnseenAffinity();
        return new SluiceConfig(
                file,
                processLimits(top.section("limits")),
                defaults.over(Settings.DEFAULTS),
                defaults.lines(),
                listeners,
                liberators,
                routes,
                management,
                log(top.section("log")),
                text);
    }

    private void defineNames(String noun, List<Section> sections, Map<String, Position> names) {
        for (Section section : sections) {
            Scalar name = section.scalar("name");
            if (name != null) {
                Position first = names.putIfAbsent(name.text(), name.at());
                if (first != null) {
                    problems.refuse(
                            name,
                            noun + " " + Problems.quote(name.text()) + " is defined twice (first at line "
                                    + first.line() + ")");
                }
            }
        }
    }

    private ListenerConfig listener(Section section) {
        String name = Objects.requireNonNullElse(section.text("name"), "");
        String subject = "listener " + Problems.quote(name);
        HostAndPort bind = section.read("bind", HostAndPort::parse, ADDRESS);
        ListenerKind kind = kind(section.text("kind"));
        String liberator = liberatorNamedBy(section, subject);
        if (kind == ListenerKind.DIRECT && !section.has("liberator")) {
            problems.at(
                    section.at(),
                    subject + " has no liberator (required for kind: direct; " + defined(liberatorNames) + ")");
        }
        if (kind != ListenerKind.HTTP && section.has("protocols")) {
            problems.at(section.at("protocols"), "protocols has no effect on kind: " + kind.label());
        }
        TlsConfig tls = tlsReader.ofListener(section.section("tls"));
        if (kind == ListenerKind.TLS_PASSTHROUGH && tls != null) {
            problems.at(section.at("tls"), "tls has no effect on kind: tls-passthrough: the Liberators shake hands");
        }
        return new ListenerConfig(
                name,
                Objects.requireNonNullElse(bind, NO_ADDRESS),
                kind,
                protocols(section),
                tls,
                liberator,
                proxyProtocol(section.section("proxyProtocol")),
                limits(section.section("limits")),
                overrides(section));
    }

    private static ListenerKind kind(@Nullable String text) {
        for (ListenerKind each : ListenerKind.values()) {
            if (each.label().equals(text)) {
                return each;
            }
        }
        return ListenerKind.HTTP; // left out, or refused by the schema
    }

    private static ProxyProtocolConfig proxyProtocol(Section section) {
        return new ProxyProtocolConfig(
                section.readAll("accept", AddressRange::parse, RANGE),
                Objects.requireNonNullElse(section.duration("timeout"), ProxyProtocolConfig.OFF.timeout()));
    }

    private Limits limits(Section section) {
        Limits defaults = Limits.DEFAULTS;
        List<AddressRange> deny = section.readAll("deny", AddressRange::parse, RANGE);
        List<AddressRange> allow = new ArrayList<>();
        for (Scalar each : section.scalars("allow")) {
            AddressRange range = AddressRange.parse(each.text());
            if (range == null) {
                problems.refuse(each, "allow has " + Problems.quote(each.text()) + " (expected " + RANGE + ")");
            } else if (deny.stream().anyMatch(denied -> denied.covers(range))) {
                problems.refuse(
                        each, "allow has " + Problems.quote(each.text()) + ", which deny refuses whole: deny wins");
            } else {
                allow.add(range);
            }
        }
        return new Limits(
                Objects.requireNonNullElse(section.number("connections"), defaults.connections()),
                Objects.requireNonNullElse(section.number("connectionsPerAddress"), defaults.connectionsPerAddress()),
                Objects.requireNonNullElse(section.number("ipv6Prefix"), defaults.ipv6PrefixBits()),
                Objects.requireNonNullElse(section.number("acceptPerSecond"), defaults.acceptPerSecond()),
                new AddressRules(allow, deny));
    }

    private static ProcessLimits processLimits(Section section) {
        Scalar connections = section.scalar("connections");
        boolean auto = connections == null || connections.text().equals("auto");
        Integer number = auto ? null : section.number("connections");
        return new ProcessLimits(
                Objects.requireNonNullElse(number, ProcessLimits.AUTO),
                Objects.requireNonNullElse(
                        section.number("descriptorReserve"), ProcessLimits.DEFAULTS.descriptorReserve()));
    }

    private static Set<Protocol> protocols(Section section) {
        Set<Protocol> protocols = EnumSet.noneOf(Protocol.class);
        for (Scalar named : section.scalars("protocols")) {
            for (Protocol each : Protocol.values()) {
                if (each.label().equals(named.text())) {
                    protocols.add(each);
                }
            }
        }
        return protocols.isEmpty() ? EnumSet.of(Protocol.HTTP_1_1) : protocols;
    }

    private static String defined(Map<String, Position> names) {
        return "defined: " + (names.isEmpty() ? "none" : String.join(", ", names.keySet()));
    }

    private LiberatorConfig liberator(Section section) {
        HostAndPort address = Objects.requireNonNullElse(
                section.read("address", Reader::connectable, ADDRESS + ", with a port above 0"), NO_ADDRESS);
        HostAndPort direct = section.read("direct", Reader::connectable, ADDRESS + ", with a port above 0");
        return new LiberatorConfig(
                Objects.requireNonNullElse(section.text("name"), ""),
                address,
                Objects.requireNonNullElse(direct, address),
                tlsReader.ofLiberator(section),
                proxyVersion(section.text("proxyProtocol")),
                Objects.requireNonNullElse(section.number("maxConnections"), LiberatorConfig.DEFAULT_MAX_CONNECTIONS),
                Objects.requireNonNullElse(section.number("newStreamsPerSecond"), 0),
                Objects.requireNonNullElse(
                        section.duration("newStreamsMaxWait"), LiberatorConfig.DEFAULT_NEW_STREAMS_MAX_WAIT),
                health(section),
                overrides(section));
    }

    private static ProxyVersion proxyVersion(@Nullable String text) {
        return "v1".equals(text) ? ProxyVersion.V1 : "v2".equals(text) ? ProxyVersion.V2 : ProxyVersion.OFF;
    }

    /** An address to listen on may have port 0 or be a wildcard, one to connect to may not. */
    private static @Nullable HostAndPort connectable(String text) {
        HostAndPort address = HostAndPort.parse(text);
        return address == null || address.port() == 0 ? null : address;
    }

    private static HealthConfig health(Section liberator) {
        Section health = liberator.section("health");
        boolean shortForm = liberator.scalar("health") != null;
        HealthConfig defaults = HealthConfig.DEFAULTS;
        return new HealthConfig(
                check(shortForm ? liberator : health, shortForm ? "health" : "check"),
                Objects.requireNonNullElse(health.duration("interval"), defaults.interval()),
                Objects.requireNonNullElse(health.number("rise"), defaults.rise()),
                Objects.requireNonNullElse(health.number("fall"), defaults.fall()));
    }

    private static Check check(Section section, String key) {
        Scalar word = section.scalar(key);
        if (word != null) {
            return word.isOff() ? new HealthConfig.Off() : new HealthConfig.Tcp();
        }
        Section http = section.section(key);
        String path = http.text("http");
        return path == null
                ? HealthConfig.DEFAULTS.check()
                : new HealthConfig.Http(path, Objects.requireNonNullElse(http.number("expect"), 200));
    }

    private RouteConfig route(Section section) {
        Scalar host = section.scalar("host");
        String canonical = host == null ? "" : HostSyntax.canonical(host.text());
        if (host != null && !HostSyntax.isRouteHost(canonical)) {
            problems.refuse(host, "host is " + Problems.quote(host.text()) + " " + expectedHost(canonical));
        }
        String subject = "route " + Problems.quote(canonical);
        if (host != null && !section.has("liberator") && !section.has("pool")) {
            problems.at(section.at(), subject + " has no liberator (required; " + defined(liberatorNames) + ")");
        }
        if (section.has("liberator") && section.has("pool")) {
            problems.at(section.at("pool"), subject + " has a liberator and a pool (expected one of them)");
        }
        String liberator = liberatorNamedBy(section, subject);
        PoolConfig pool = section.has("pool")
                ? new PoolReader(files, liberatorNames, problems).read(section.section("pool"), subject)
                : null;
        Set<String> listeners = new HashSet<>();
        List<String> inOrder = new ArrayList<>();
        for (Scalar name : section.scalars("listeners")) {
            if (!listenerNames.containsKey(name.text())) {
                problems.refuse(name, undefined(subject, "listener", name.text(), listenerNames));
            } else if (!listeners.add(name.text())) {
                problems.refuse(name, subject + " names listener " + Problems.quote(name.text()) + " twice");
            } else {
                inOrder.add(name.text());
            }
        }
        return new RouteConfig(
                canonical,
                Objects.requireNonNullElse(liberator, ""),
                pool,
                inOrder,
                Boolean.TRUE.equals(section.isOn("disabled")),
                overrides(section));
    }

    private static String expectedHost(String host) {
        if (host.equals("*")) {
            return "(expected a host name; to send every host to one Liberator, give the listener a liberator)";
        }
        if (HostAndPort.parse(host) != null) {
            return "(expected a host name without a port: the port is the listener's)";
        }
        if (host.contains("://") || host.contains("/")) {
            return "(expected a host name alone, without scheme or path)";
        }
        if (!host.chars().allMatch(c -> c < 0x80)) {
            try {
                return "(expected ASCII, as in " + Problems.quote(IDN.toASCII(host)) + ")";
            } catch (IllegalArgumentException e) {
                return "(expected ASCII)";
            }
        }
        return "(expected a host name, as in fx.example.com or *.example.com)";
    }

    private @Nullable String liberatorNamedBy(Section section, String subject) {
        Scalar name = section.scalar("liberator");
        if (name != null && !liberatorNames.containsKey(name.text())) {
            problems.refuse(name, undefined(subject, "Liberator", name.text(), liberatorNames));
        }
        return name == null ? null : name.text();
    }

    static String undefined(String subject, String noun, String name, Map<String, Position> names) {
        return subject + " names " + noun + " " + Problems.quote(name) + ", which is not defined (" + defined(names)
                + ")" + Suggestion.forWord(name, names.keySet());
    }

    private ManagementConfig management(Section section) {
        ManagementConfig defaults = ManagementConfig.DEFAULTS;
        JmxConfig jmx = new JmxReader(section.section("jmx"), files, problems).read();
        Scalar word = section.scalar("jmx");
        return new ManagementConfig(
                word != null && word.isOff() ? null : jmx,
                section.section("metrics").read("bind", HostAndPort::parse, ADDRESS),
                Objects.requireNonNullElse(section.duration("drainTime"), defaults.drainTime()));
    }

    private LogConfig log(Section section) {
        Set<StreamEvent> streams = new HashSet<>();
        for (Scalar event : section.scalars("streams")) {
            switch (event.text()) {
                case "open" -> streams.add(StreamEvent.OPEN);
                case "end" -> streams.add(StreamEvent.END);
                case "poll" -> streams.add(StreamEvent.POLL);
                default -> {} // refused by the schema
            }
        }
        return new LogConfig(
                files.named(section, "file"),
                files.named(section, "audit"),
                section.has("streams") ? streams : LogConfig.DEFAULTS.streams());
    }

    private Overrides overrides(Section section) {
        List<String> denyPaths = new ArrayList<>();
        section.scalars("denyPaths").forEach(path -> denyPaths.add(path.text()));
        return new Overrides(
                section.duration("connectTimeout"),
                section.duration("responseHeadTimeout"),
                section.duration("streamIdleTimeout"),
                section.duration("requestHeadTimeout"),
                section.rate("requestBodyMinRate"),
                section.duration("tlsHandshakeTimeout"),
                section.duration("stalledClientTimeout"),
                section.duration("slowClientAfter"),
                section.duration("slowClientTimeout"),
                section.duration("stalledStreamAfter"),
                section.bytes("socketSendBuffer"),
                section.bytes("socketReceiveBuffer"),
                new Overrides.KeepAlive(
                        section.seconds("tcpKeepAliveIdle", TcpKeepAlive.MOST_SECONDS),
                        section.seconds("tcpKeepAliveInterval", TcpKeepAlive.MOST_SECONDS),
                        section.number("tcpKeepAliveProbes")),
                section.bytes("maxRequestHead"),
                section.bytes("maxUri"),
                OnDown.labelled(section.text("onDown")),
                forwarded(section.section("forwarded")),
                section.has("denyPaths") ? List.copyOf(denyPaths) : null,
                lines(section));
    }

    private static Map<String, Integer> lines(Section section) {
        Map<String, Integer> lines = new HashMap<>();
        for (String key : Settings.KEYS) {
            if (section.has(key)) {
                lines.put(key, section.at(key).line());
            }
        }
        return lines;
    }

    private static Overrides.Forwarded forwarded(Section section) {
        Scalar mode = section.scalar("xForwarded");
        List<AddressRange> trust = section.readAll("trust", AddressRange::parse, RANGE);
        return new Overrides.Forwarded(
                mode == null
                        ? null
                        : switch (mode.text()) {
                            case "replace" -> XForwarded.REPLACE;
                            case "append" -> XForwarded.APPEND;
                            default -> XForwarded.OFF; // off, or refused by the schema
                        },
                section.has("trust") ? trust : null,
                section.isOn("rfc7239"),
                section.isOn("via"));
    }
}
