package io.sluice.demo;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * For working on the page: two demo Liberators and the page, with nothing between them. The state is made up.
 * Arguments: the port of the page, then the HTTP ports of A and B; all free ones if left out.
 */
public final class DemoPagePreview {
    private DemoPagePreview() {}

    public static void main(String[] args) throws Exception {
        DemoMarket market = new DemoMarket(1);
        try (DemoLiberator a = new DemoLiberator("A", loopback(args, 1), loopback(args, 9), market);
                DemoLiberator b = new DemoLiberator("B", loopback(args, 2), loopback(args, 9), market)) {
            long startedNanos = System.nanoTime();
            DemoSite.Config config = new DemoSite.Config(
                    "Preview without Sluice: the page talks to the demo Liberators straight",
                    List.of(target("A", "lib-a", a), target("B", "lib-b", b)),
                    "service:jmx:rmi:///jndi/rmi://127.0.0.1:7199/jmxrmi",
                    "Ctrl-C");
            try (DemoSite site = DemoSite.start(loopback(args, 0), config, () -> state(a, b, startedNanos), rate -> {
                a.messagesPerSecond(rate);
                b.messagesPerSecond(rate);
            })) {
                System.out.println(site.url());
                new CountDownLatch(1).await();
            }
        }
    }

    private static DemoSite.Target target(String name, String liberator, DemoLiberator demo) {
        String host = name.equals("A") ? "liberator-a.localhost" : "liberator-b.localhost";
        return new DemoSite.Target(
                name,
                liberator,
                URI.create("http://" + host + ":" + demo.httpAddress().getPort()),
                "127.0.0.1:" + demo.directAddress().getPort());
    }

    private static DemoState state(DemoLiberator a, DemoLiberator b, long startedNanos) {
        long uptimeMillis = (System.nanoTime() - startedNanos) / 1_000_000;
        long accepted = a.acceptedConnections() + b.acceptedConnections();
        List<DemoState.Stream> streams = new ArrayList<>();
        List<String> kinds = List.of("websocket", "sse", "http-stream", "forever-frame", "poll");
        for (int i = 0; i < 12; i++) {
            String side = i % 2 == 0 ? "a" : "b";
            streams.add(new DemoState.Stream(
                    Integer.toHexString(0x7f3a - i * 17),
                    kinds.get(i / 2 % kinds.size()),
                    "127.0.0.1:" + (51_000 + i),
                    "liberator-" + side + ".localhost",
                    "lib-" + side,
                    uptimeMillis / (i + 1),
                    uptimeMillis * 3 / (i + 1),
                    i < 10 ? null : "client-closed"));
        }
        return new DemoState(
                "development",
                uptimeMillis,
                3,
                a.messagesPerSecond(),
                new DemoState.Stickiness(accepted, 0),
                List.of(
                        new DemoState.Listener(
                                "demo", "127.0.0.1:8080", "http", a.openConnections() + b.openConnections()),
                        new DemoState.Listener("direct-a", "127.0.0.1:14001", "direct", 0),
                        new DemoState.Listener("direct-b", "127.0.0.1:14002", "direct", 0)),
                List.of(
                        new DemoState.Route("demo", "liberator-a.localhost", "lib-a", "503", a.openConnections()),
                        new DemoState.Route("demo", "liberator-b.localhost", "lib-b", "503", b.openConnections()),
                        new DemoState.Route("direct-a", "any", "lib-a", "refuse", 0),
                        new DemoState.Route("direct-b", "any", "lib-b", "refuse", 0)),
                List.of(liberator("lib-a", a), liberator("lib-b", b)),
                streams);
    }

    private static DemoState.Liberator liberator(String name, DemoLiberator demo) {
        Map<String, Long> openByKind =
                Map.of("websocket", 1L, "sse", 1L, "http-stream", 1L, "forever-frame", 1L, "poll", 1L);
        return new DemoState.Liberator(
                name,
                "127.0.0.1:" + demo.httpAddress().getPort(),
                "up",
                openByKind,
                demo.acceptedConnections(),
                demo.acceptedConnections() * 5_120);
    }

    private static InetSocketAddress loopback(String[] args, int index) {
        return new InetSocketAddress("127.0.0.1", index < args.length ? Integer.parseInt(args[index]) : 0);
    }
}
