package io.sluice;

import io.sluice.account.StreamLog;
import io.sluice.config.ConfigLoader;
import io.sluice.config.ConfigResult;
import io.sluice.config.HostAndPort;
import io.sluice.config.SluiceConfig;
import io.sluice.demo.DemoLiberator;
import io.sluice.demo.DemoMarket;
import io.sluice.demo.DemoSite;
import io.sluice.demo.DemoSite.Target;
import io.sluice.listen.Listener;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice demo}: the appliance with two built-in demo Liberators and a page that shows them. */
@Command(
        name = "demo",
        description = "Runs the appliance on loopback with two built-in demo Liberators and a page in the browser on"
                + " which live prices arrive over every kind of connection. Nothing to configure.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:stopped as asked", " 1:could not start, for example because a port is taken"})
final class DemoCommand implements Callable<Integer> {
    private static final int PAGE_PORT = 8080;
    private static final int SLUICE_PORT = 8090;
    private static final int JMX_PORT = 7199;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of the page. Default: 8080, or a free one when that is taken.")
    private int pagePort = -1;

    @Option(
            names = "--sluice-port",
            paramLabel = "PORT",
            description = "Port of Sluice's HTTP listener. Default: 8090, or a free one when that is taken.")
    private int sluicePort = -1;

    @Option(
            names = "--jmx-port",
            paramLabel = "PORT",
            description = "Port of remote JMX. Default: 7199, or a free one when that is taken.")
    private int jmxPort = -1;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Messages per second on each stream (default: ${DEFAULT-VALUE}). The page has a slider.")
    private double rate = DemoLiberator.DEFAULT_MESSAGES_PER_SECOND;

    @Option(names = "--verbose", description = "Prints the log to standard output.")
    private boolean verbose;

    @Override
    public Integer call() throws InterruptedException {
        Logging.quiet();
        if (verbose) {
            Logging.start(null);
        }
        try {
            return run();
        } catch (IOException taken) {
            System.err.println("demo not started: " + taken.getMessage());
            return 1;
        }
    }

    private int run() throws IOException, InterruptedException {
        DemoMarket market = new DemoMarket(System.nanoTime());
        try (DemoLiberator a = new DemoLiberator("A", loopback(0), loopback(0), market);
                DemoLiberator b = new DemoLiberator("B", loopback(0), loopback(0), market)) {
            rateOf(a, b, rate);
            SluiceConfig config = config(a, b);
            Service service = Service.start(config);
            DemoView view = new DemoView(service.appliance(), a::messagesPerSecond);
            try (DemoSite site = DemoSite.start(
                    loopback(port("--port", pagePort, PAGE_PORT)),
                    siteConfig(service.appliance(), config),
                    view::state,
                    wanted -> rateOf(a, b, wanted))) {
                print(site, service.appliance(), config);
                return service.await();
            } catch (IOException taken) {
                service.close();
                throw taken;
            }
        }
    }

    private static void rateOf(DemoLiberator a, DemoLiberator b, double messagesPerSecond) {
        a.messagesPerSecond(messagesPerSecond);
        b.messagesPerSecond(messagesPerSecond);
    }

    private SluiceConfig config(DemoLiberator a, DemoLiberator b) throws IOException {
        String text = """
                listeners:
                  - { name: http, bind: "127.0.0.1:%d" }
                  - { name: b-address, bind: "127.0.0.1:0", liberator: liberator-b }
                  - { name: direct-a, bind: "127.0.0.1:0", kind: direct, liberator: liberator-a }
                  - { name: direct-b, bind: "127.0.0.1:0", kind: direct, liberator: liberator-b }
                liberators:
                  - { name: liberator-a, address: "%s", direct: "%s" }
                  - { name: liberator-b, address: "%s", direct: "%s" }
                routes:
                  - { host: liberator-a.localhost, liberator: liberator-a }
                  - { host: liberator-b.localhost, liberator: liberator-b }
                management: { jmx: { bind: "127.0.0.1:%d" }, drainTime: 0 }
                """.formatted(
                        port("--sluice-port", sluicePort, SLUICE_PORT),
                        StreamLog.address(a.httpAddress()),
                        StreamLog.address(a.directAddress()),
                        StreamLog.address(b.httpAddress()),
                        StreamLog.address(b.directAddress()),
                        port("--jmx-port", jmxPort, JMX_PORT));
        ConfigResult result = ConfigLoader.parse("demo.yaml", text, Path.of("."));
        if (result instanceof ConfigResult.Loaded loaded) {
            return loaded.config();
        }
        throw new IOException(((ConfigResult.Refused) result).problems().toString());
    }

    private static DemoSite.Config siteConfig(Appliance appliance, SluiceConfig config) {
        int port = address(appliance, "http").getPort();
        return new DemoSite.Config(
                "Sluice demo",
                List.of(
                        target("A", "liberator-a", port, StreamLog.address(address(appliance, "direct-a"))),
                        target("B", "liberator-b", port, StreamLog.address(address(appliance, "direct-b")))),
                jmx(config),
                "Ctrl-C in the terminal that runs scripts/sluice demo");
    }

    private static Target target(String name, String liberator, int port, String direct) {
        return new Target(name, liberator, URI.create("http://" + liberator + ".localhost:" + port), direct);
    }

    private static void print(DemoSite site, Appliance appliance, SluiceConfig config) {
        int port = address(appliance, "http").getPort();
        System.out.printf(
                """

                Sluice %s demo: two demo Liberators behind one appliance, everything on loopback.

                  Page          %s
                  Liberator A   http://liberator-a.localhost:%d/   Direct: nc %s
                  Liberator B   http://liberator-b.localhost:%d/   Direct: nc %s
                  B's address   http://%s/   (layout B: this address is Liberator B)
                  JMX           %s

                Ctrl-C stops it.
                """,
                Version.text(),
                site.url(),
                port,
                StreamLog.address(address(appliance, "direct-a")).replace(':', ' '),
                port,
                StreamLog.address(address(appliance, "direct-b")).replace(':', ' '),
                StreamLog.address(address(appliance, "b-address")),
                jmx(config));
        System.out.flush();
    }

    private static String jmx(SluiceConfig config) {
        HostAndPort bind = Objects.requireNonNull(config.management().jmxBind());
        return "service:jmx:rmi://" + bind + "/jndi/rmi://" + bind + "/jmxrmi";
    }

    private static InetSocketAddress address(Appliance appliance, String listener) {
        Listener named = Objects.requireNonNull(appliance.listeners().listener(listener));
        return Objects.requireNonNull(named.address());
    }

    /** The port asked for, which must be free; else the usual one or, when that is taken, any free one. */
    private static int port(String option, int asked, int usual) throws IOException {
        if (asked > 0 && !isFree(asked)) {
            throw new BindException(
                    "port " + asked + " (" + option + ") is taken; choose another or leave " + option + " out");
        }
        if (asked > 0) {
            return asked;
        }
        return asked < 0 && isFree(usual) ? usual : anyFree();
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(loopback(port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static int anyFree() throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(loopback(0));
            return probe.getLocalPort();
        }
    }

    private static InetSocketAddress loopback(int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
