package io.sluice.stickiness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scripts/stickiness}. */
@Command(
        name = "stickiness",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Simulated clients of all kinds against two real appliances, before Liberators that sign what they send,",
            "while configurations, keys, pools, Liberators, appliances and the clock change at random: reloads, drains,",
            "kills, restarts, handovers.",
            "Counts what was delivered, and what was delivered by another Liberator than it had to be: that must be 0."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:no violation", "1:a violation, or fewer deliveries than asked for", "2:wrong usage"})
final class Stickiness implements Callable<Integer> {
    private static final long REPORT_SECONDS = 10;

    @Option(names = "--deliveries", description = "Stop after so many (${DEFAULT-VALUE}).")
    private long deliveries = 1_000_000;

    @Option(names = "--minutes", description = "Stop after so long, whatever was delivered (${DEFAULT-VALUE}).")
    private int minutes = 10;

    @Option(names = "--clients", description = "At a time (${DEFAULT-VALUE}).")
    private int clients = 48;

    @Option(names = "--longest", description = "Records of the longest streams (${DEFAULT-VALUE}).")
    private int longest = 500;

    @Option(names = "--seed", description = "For the same choices again; random if left out.")
    private @Nullable Long seed;

    @Option(names = "--launcher", description = "What starts an appliance (${DEFAULT-VALUE}).")
    private Path launcher = Path.of("scripts/sluice");

    @Option(
            names = "--clock",
            description = "Also set the appliances' clock forth and back, with libfaketime (Debian: faketime): slow.")
    private boolean clock;

    private final Tally tally = new Tally();

    private Stickiness() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Stickiness()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        long chosen = seed == null ? System.nanoTime() & 0xffffff : seed;
        Path folder = Files.createTempDirectory("sluice-stickiness");
        makeCertificate(folder);
        Map<String, String> environment = clock ? clockOf(folder) : Map.of();
        long started = System.nanoTime();
        World world = new World(
                folder,
                launcher.toAbsolutePath(),
                tally,
                deliveries,
                started + TimeUnit.MINUTES.toNanos(minutes),
                longest,
                environment);
        say(
                "stickiness: seed %d, until %,d deliveries or %d minutes, %d clients at a time",
                chosen, deliveries, minutes, clients);
        try {
            run(world, chosen, started);
        } finally {
            for (Host each : world.hosts()) {
                each.kill();
            }
        }
        return judge(folder, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started), chosen);
    }

    private void run(World world, long chosen, long started) throws IOException, InterruptedException {
        world.newKey(new java.util.Random(chosen));
        world.write();
        for (String each : world.liberators()) {
            world.server(each).start();
        }
        for (Host each : world.hosts()) {
            each.start();
        }
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            threads.add(new Thread(new Client(world, i, chosen), "client-" + i));
        }
        threads.forEach(each -> each.setDaemon(true));
        threads.forEach(Thread::start);
        SigningLiberator.daemon("report", () -> report(world, started));
        new Chaos(world, chosen, clock).run();
        for (Thread each : threads) {
            each.join(TimeUnit.SECONDS.toMillis(30));
        }
        for (Host each : world.hosts()) {
            compareWithOwnAudit(each);
        }
    }

    /** What the appliance itself has compared since it was started or took over. */
    private void compareWithOwnAudit(Host host) {
        try (Operator operator = new Operator(host)) {
            long violations = operator.count("StickinessViolationsTotal");
            say(
                    "%s since its last start: %,d checks of its own, %d violations",
                    host.name(), operator.count("StickinessChecksTotal"), violations);
            if (violations > 0) {
                tally.violated(host.name() + " counted " + violations + " violations itself");
            }
        } catch (IOException away) {
            tally.violated(host.name() + " could not be asked for its own audit: " + away.getMessage());
        }
    }

    private void report(World world, long started) {
        try {
            while (world.goesOn()) {
                TimeUnit.SECONDS.sleep(REPORT_SECONDS);
                say(
                        "%5d s  %,d deliveries, %,d sessions, %d violations",
                        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started),
                        tally.deliveries(),
                        tally.count("sessions"),
                        tally.violations());
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private int judge(Path folder, long seconds, long chosen) throws IOException {
        tally.events().forEach((name, count) -> say("%,12d  %s", count, name));
        tally.firstViolations().forEach(each -> say("VIOLATION: %s", each));
        say("%,d deliveries, %d violations in %d s (seed %d)", tally.deliveries(), tally.violations(), seconds, chosen);
        if (tally.violations() > 0) {
            say("logs and configurations: %s", folder);
            return 1;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
        if (tally.deliveries() < deliveries) {
            say("fewer than asked for: give it more --minutes");
            return 1;
        }
        return 0;
    }

    private static void say(String format, Object... arguments) {
        System.out.println(String.format(Locale.ROOT, format, arguments));
    }

    private static void makeCertificate(Path folder) throws IOException, InterruptedException {
        Process openssl = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-days",
                        "30",
                        "-subj",
                        "/CN=stickiness",
                        "-addext",
                        "subjectAltName=DNS:lib-a.test,DNS:lib-b.test,DNS:lib-c.test,DNS:lib-d.test,DNS:pool.test",
                        "-keyout",
                        "tls.key",
                        "-out",
                        "tls.crt")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("openssl.log").toFile())
                .start();
        if (openssl.waitFor() != 0) {
            throw new IOException("openssl made no certificate; see " + folder.resolve("openssl.log"));
        }
    }

    /** What makes a process see a clock that we set. */
    private static Map<String, String> clockOf(Path folder) throws IOException {
        try (Stream<Path> found =
                Files.find(Path.of("/usr/lib"), 4, (path, attributes) -> path.endsWith("faketime/libfaketime.so.1"))) {
            List<Path> libraries = found.toList();
            if (libraries.isEmpty()) {
                throw new IOException("no libfaketime here (Debian: faketime)");
            }
            Files.writeString(folder.resolve("clock"), "+0");
            return Map.of(
                    "LD_PRELOAD",
                    libraries.get(0).toString(),
                    "FAKETIME_TIMESTAMP_FILE",
                    folder.resolve("clock").toString(),
                    "FAKETIME_NO_CACHE",
                    "1",
                    "FAKETIME_DONT_FAKE_MONOTONIC",
                    "1");
        }
    }
}
