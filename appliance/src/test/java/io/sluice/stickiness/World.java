package io.sluice.stickiness;

import io.sluice.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Two appliances that know nothing of each other but the same keys, and the Liberators behind them: who listens where,
 * and the configuration as it is now.
 *
 * <p><b>Threading:</b> clients read from any thread; what changes is changed by one.
 */
final class World {
    static final String POOL = "pool.test";
    static final String BY_ADDRESS = "address.test";
    static final String BY_PATH = "path.test";

    private static final List<String> LIBERATORS = List.of("lib-a", "lib-b", "lib-c", "lib-d");
    private static final int APPLIANCES = 2;

    private final Path folder;
    private final Tally tally;
    private final long deliveries;
    private final long endNanos;
    private final int longest;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, SigningLiberator> servers = new LinkedHashMap<>();
    private final List<Host> hosts = new ArrayList<>();
    private final Map<String, Integer> weights = new LinkedHashMap<>();
    private int keyNumber;
    private int version;
    private String previousKey = "";

    /**
     * @param deliveries when there have been so many, it is over
     * @param longest records of a stream
     */
    World(
            Path folder,
            Path launcher,
            Tally tally,
            long deliveries,
            long endNanos,
            int longest,
            Map<String, String> environment)
            throws IOException {
        this.folder = folder;
        this.tally = tally;
        this.deliveries = deliveries;
        this.endNanos = endNanos;
        this.longest = longest;
        List<String> names = new ArrayList<>();
        LIBERATORS.forEach(each -> {
            names.add(each + " http");
            names.add(each + " raw");
        });
        for (int i = 0; i < APPLIANCES; i++) {
            String host = "host-" + i;
            names.addAll(List.of(host + " plain", host + " tls", host + " jmx"));
            LIBERATORS.forEach(each -> names.add(host + " " + each));
        }
        takePorts(names);
        for (int i = 0; i < APPLIANCES; i++) {
            String host = "host-" + i;
            hosts.add(new Host(host, launcher, folder, port(host + " jmx"), environment));
        }
        for (String each : LIBERATORS) {
            servers.put(each, new SigningLiberator(each, port(each + " http"), port(each + " raw"), tally));
        }
        weights.put("lib-a", 1);
        weights.put("lib-b", 2);
        weights.put("lib-c", 1);
    }

    /** No two are the same, and no client is given one while its appliance is away. */
    private void takePorts(List<String> names) {
        Set<Integer> found = new LinkedHashSet<>();
        while (found.size() < names.size()) {
            found.add(FreePort.find());
        }
        Iterator<Integer> each = found.iterator();
        names.forEach(name -> ports.put(name, each.next()));
    }

    /**
     * A new one each time: Java's clients keep sessions by address and port, and ask for the name of the session that
     * they resume, whatever name they are told to ask for.
     */
    static SSLContext trust() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Believer()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** It is the names that are under test here, not the certificate. */
    private static final class Believer implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    // ---------------------------------------------------------------- for clients

    boolean goesOn() {
        return tally.deliveries() < deliveries && System.nanoTime() < endNanos && tally.violations() == 0;
    }

    Tally tally() {
        return tally;
    }

    List<String> liberators() {
        return LIBERATORS;
    }

    int anyPort(Random random) {
        return port("host-" + random.nextInt(APPLIANCES) + " plain");
    }

    int anySecurePort(Random random) {
        return port("host-" + random.nextInt(APPLIANCES) + " tls");
    }

    int anyDirectPort(String liberator, Random random) {
        return port("host-" + random.nextInt(APPLIANCES) + " " + liberator);
    }

    String anyLiberator(Random random) {
        return LIBERATORS.get(random.nextInt(LIBERATORS.size()));
    }

    Host anyHost(Random random) {
        return hosts.get(random.nextInt(hosts.size()));
    }

    /** Mostly short, sometimes long: both the choice and the flow are to be seen. */
    int recordsOfAStream(Random random) {
        return 1 + random.nextInt(random.nextInt(4) == 0 ? longest : Math.max(1, longest / 20));
    }

    private int port(String name) {
        Integer port = ports.get(name);
        if (port == null) {
            throw new IllegalArgumentException(name);
        }
        return port;
    }

    // ---------------------------------------------------------------- for what happens

    List<Host> hosts() {
        return hosts;
    }

    SigningLiberator server(String name) {
        SigningLiberator found = servers.get(name);
        if (found == null) {
            throw new IllegalArgumentException(name);
        }
        return found;
    }

    Path folder() {
        return folder;
    }

    /** The pool's Liberators with their weights: to be changed, and written then. */
    Map<String, Integer> weights() {
        return weights;
    }

    /** A new key signs, and the one before is believed; all appliances see it when they look at the file next. */
    void newKey(Random random) throws IOException {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        String key = "k" + keyNumber++ + " " + Base64.getEncoder().encodeToString(secret) + "\n";
        replace(folder.resolve("keys"), key + previousKey);
        previousKey = key;
    }

    private static void replace(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Writes the configuration of every appliance as it is now; they read it when they are told to. */
    void write() throws IOException {
        version++;
        for (Host each : hosts) {
            replace(each.file(), text(each.name()));
        }
    }

    private String text(String host) {
        StringBuilder text = new StringBuilder("log: { streams: [] }\nmanagement: { jmx: { bind: \"127.0.0.1:"
                + port(host + " jmx") + "\" }, drainTime: 1s }\n"
                + "defaults: { connectTimeout: 2s, responseHeadTimeout: " + (10 + version % 7) + "s }\nlisteners:\n");
        text.append("  - { name: plain, bind: \"127.0.0.1:" + port(host + " plain") + "\" }\n");
        text.append("  - { name: tls, bind: \"127.0.0.1:" + port(host + " tls")
                + "\", protocols: [ h2, http/1.1 ], tls: { certificates: [ { chain: " + folder.resolve("tls.crt")
                + ", key: " + folder.resolve("tls.key") + " } ] } }\n");
        for (String each : LIBERATORS) {
            text.append("  - { name: direct-" + each + ", bind: \"127.0.0.1:" + port(host + " " + each)
                    + "\", kind: direct, liberator: " + each + " }\n");
        }
        text.append("liberators:\n");
        for (String each : LIBERATORS) {
            text.append("  - { name: " + each + ", address: \"127.0.0.1:" + port(each + " http")
                    + "\", direct: \"127.0.0.1:" + port(each + " raw")
                    + "\", health: { check: tcp, interval: 500ms, rise: 1, fall: 1 } }\n");
        }
        text.append("routes:\n");
        LIBERATORS.forEach(each -> text.append("  - { host: " + each + ".test, liberator: " + each + " }\n"));
        String members = weights.entrySet().stream()
                .map(each -> "{ name: " + each.getKey() + ", weight: " + each.getValue() + " }")
                .collect(Collectors.joining(", "));
        text.append("  - host: " + POOL + "\n    pool:\n      liberators: [ " + members + " ]\n      affinity: { keys: "
                + folder.resolve("keys") + ", secure: off, sameSite: Lax, release: { downFor: 2s } }\n");
        text.append(
                "  - host: " + BY_ADDRESS + "\n    pool: { liberators: [ { name: lib-a }, { name: lib-b, weight: 3 }, "
                        + "{ name: lib-c } ], affinity: { kind: address } }\n");
        String paths = LIBERATORS.stream()
                .map(each -> "{ name: " + each + ", path: /at-" + each + " }")
                .collect(Collectors.joining(", "));
        text.append(
                "  - host: " + BY_PATH + "\n    pool: { liberators: [ " + paths + " ], affinity: { kind: path } }\n");
        return text.toString();
    }
}
