package io.sluice.demo;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the demo page shows of the appliance, about once a second: {@code GET /state.json}. The words for kinds are
 * those of the log and the MBeans: direct, http-stream, poll, forever-frame, websocket, sse, other.
 *
 * @param version of Sluice
 * @param uptimeMillis since Sluice started
 * @param tableVersion of the routing table in force
 * @param messagesPerSecond on each stream of the demo Liberators, as the page's slider sets it
 * @param stickiness checked on every opened stream
 * @param listeners in the order of the configuration
 * @param routes in the order of the routing table
 * @param liberators in the order of the configuration
 * @param streams the newest first, open and ended ones; a few dozen at most
 */
public record DemoState(
        String version,
        long uptimeMillis,
        long tableVersion,
        double messagesPerSecond,
        Stickiness stickiness,
        List<Listener> listeners,
        List<Route> routes,
        List<Liberator> liberators,
        List<Stream> streams) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Of the socket's Liberator against the route's, when a stream's first byte goes out; violations must be 0. */
    public record Stickiness(long checks, long violations) {}

    /**
     * An address at which Sluice accepts clients.
     *
     * @param address as configured, {@code 127.0.0.1:8080}
     * @param kind http, direct or tls-passthrough
     */
    public record Listener(String name, String address, String kind, long openConnections) {}

    /**
     * One line of the routing table.
     *
     * @param listener the name, or {@code all HTTP}
     * @param match what is looked up: a host, or {@code any} for a listener with one Liberator
     * @param liberator the name in Sluice's configuration
     * @param onDown what a client is told while the Liberator is gone: refuse, 503, 502 or 404
     */
    public record Route(String listener, String match, String liberator, String onDown, long openStreams) {}

    /**
     * A Liberator as Sluice sees it.
     *
     * @param name in Sluice's configuration, as in {@link Route#liberator}
     * @param state up, down or draining
     * @param openByKind streams open now; kinds without any may be left out
     * @param openedTotal streams opened since start
     * @param toClientBytes since start
     */
    public record Liberator(
            String name,
            String address,
            String state,
            Map<String, Long> openByKind,
            long openedTotal,
            long toClientBytes) {
        public Liberator {
            openByKind = Map.copyOf(openByKind);
        }
    }

    /**
     * One line of the list of recent streams.
     *
     * @param id as in the log
     * @param client the client's address
     * @param host asked for, or the listener for Direct
     * @param liberator the name in Sluice's configuration
     * @param openMillis from its opening until now or until its end
     * @param end the cause, as in the log; null while it is open
     */
    public record Stream(
            String id,
            String kind,
            String client,
            String host,
            String liberator,
            long openMillis,
            long toClientBytes,
            @Nullable String end) {}

    public DemoState {
        listeners = List.copyOf(listeners);
        routes = List.copyOf(routes);
        liberators = List.copyOf(liberators);
        streams = List.copyOf(streams);
    }

    /** Names as above; {@code end} is null for an open stream. */
    public String toJson() {
        return JSON.writeValueAsString(this);
    }
}
