package io.sluice;

import io.sluice.Corpus.Case;
import io.sluice.config.ConfigFuzz;
import io.sluice.proxy.ProxyHeaderFuzz;
import io.sluice.relay.ChunkFuzz;
import io.sluice.relay.RequestFuzz;
import io.sluice.relay.ResponseFuzz;
import io.sluice.route.HostAndPathFuzz;
import io.sluice.tls.ClientHelloFuzz;
import io.sluice.tls.Hellos;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The fuzz targets with what each starts from: the cases of the corpus, the shipped example, and what was found before.
 *
 * <p>Run as a program it writes them as files, one directory for each target, for {@code scripts/fuzz}.
 */
enum FuzzSeeds {
    REQUEST(RequestFuzz::fuzzerTestOneInput) {
        @Override
        void collect(List<String> seeds) {
            Corpus.read("refused-requests").forEach(each -> seeds.add(each.bytes(1)));
            Corpus.read("passed-requests").forEach(each -> seeds.add(each.bytes(0)));
            Corpus.read("broken-bodies").forEach(each -> seeds.add(CHUNKED_POST + each.bytes(0)));
            seeds.add(WebSocketTest.HANDSHAKE);
        }
    },
    CHUNK(ChunkFuzz::fuzzerTestOneInput) {
        @Override
        void collect(List<String> seeds) {
            Corpus.read("broken-bodies").forEach(each -> seeds.add(each.bytes(0)));
            for (Case each : Corpus.read("passed-requests")) {
                String bytes = each.bytes(0);
                seeds.add(bytes.substring(bytes.indexOf("\r\n\r\n") + 4));
            }
        }
    },
    RESPONSE(ResponseFuzz::fuzzerTestOneInput) {
        @Override
        void collect(List<String> seeds) {
            Corpus.read("refused-responses").forEach(each -> seeds.add(each.bytes(0)));
            Corpus.read("passed-responses").forEach(each -> seeds.add(each.bytes(1)));
        }
    },
    CONFIG(ConfigFuzz::fuzzerTestOneInput) {
        @Override
        void collect(List<String> seeds) {
            seeds.add(Sluices.one(
                    18080, "connectTimeout: 5s", "forwarded: { xForwarded: append, trust: [ 10.0.0.0/8 ] }"));
            seeds.add(
                    "listeners: [ { name: a, bind: \"0.0.0.0:8080\", tls: { certificates: [ { cert: a, key: b } ] } } ]");
            seeds.add("a: &a [ *a ]\n");
            seeds.add("defaults: { streamIdleTimeout: 5parsecs }\nroutes: [ { host: \"*.x\" } ]\n");
        }
    },
    PROXY_HEADER(ProxyHeaderFuzz::fuzzerTestOneInput) {
        @Override
        void collect(List<String> seeds) {
            seeds.add("PROXY TCP4 192.0.2.7 198.51.100.1 54321 443\r\nGET / HTTP/1.1\r\n");
            seeds.add("PROXY TCP6 2001:db8::7 ::ffff:192.0.2.7 1 65535\r\n");
            seeds.add("PROXY UNKNOWN x y\r\n");
            String block = "\r\n\r\n\0\r\nQUIT\n";
            seeds.add(block + "\u0021\u0011\0\u000c\u00c0\0\2\7\u00c6\u0033\u0064\1\u00d4\u0031\1\u00bb");
            seeds.add(block + "\u0021\u0011\0\u0013abcdefghijkl\3\0\4abcd");
            seeds.add(block + "\u0021\u0021\0\u0024" + "x".repeat(36));
            seeds.add(block + "\u0020\0\0\0");
        }
    },
    CLIENT_HELLO(ClientHelloFuzz::fuzzerTestOneInput) {
        @Override
        void collect(List<String> seeds) {
            byte[] plain = new Hellos().name("fx.example.com").message();
            seeds.add(Peer.text(Hellos.ofJdk("fx.example.com")));
            seeds.add(Peer.text(Hellos.records(plain, 20)));
            seeds.add(Peer.text(plain).substring(4));
            seeds.add(Peer.text(new Hellos().name("a.b").name("c.d").record()));
            seeds.add(Peer.text(new Hellos().extension(0xfe0d, new byte[40]).record()));
        }
    },
    HOST_AND_PATH(HostAndPathFuzz::fuzzerTestOneInput) {
        @Override
        void collect(List<String> seeds) {
            for (String host : List.of("fx.example.com:8080", "[::1]:80", "[2001:db8::1]", "a.b.", "A-b_c.d")) {
                seeds.add(host);
            }
            for (Case each : Corpus.read("refused-requests")) {
                String bytes = each.bytes(1);
                if (each.duty().startsWith("path rules") && bytes.startsWith("GET /")) {
                    String path = bytes.substring(4, bytes.indexOf(" HTTP"));
                    for (int server = 0; server < 128; server += 9) {
                        seeds.add((char) server + path.substring(1));
                    }
                }
            }
        }
    };

    private static final String CHUNKED_POST =
            "POST /x HTTP/1.1\r\nHost: fx.example.com\r\nTransfer-Encoding: chunked\r\n\r\n";

    /** What fuzzing found, as files in the test tree; a surprise becomes one of them. */
    private static final Path FOUND = Path.of("src/test/resources/fuzz");

    private final Consumer<byte[]> target;

    FuzzSeeds(Consumer<byte[]> target) {
        this.target = target;
    }

    abstract void collect(List<String> seeds);

    void fuzz(byte[] data) {
        target.accept(data);
    }

    String label() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    List<byte[]> seeds() {
        List<String> texts = new ArrayList<>();
        collect(texts);
        List<byte[]> seeds = new ArrayList<>();
        texts.forEach(each -> seeds.add(Peer.bytes(each)));
        Path found = FOUND.resolve(label());
        if (Files.isDirectory(found)) {
            try (Stream<Path> files = Files.list(found)) {
                for (Path file : files.sorted().toList()) {
                    seeds.add(Files.readAllBytes(file));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return seeds;
    }

    /** @param arguments the directory to write to */
    public static void main(String[] arguments) throws IOException {
        for (FuzzSeeds each : values()) {
            Path directory = Files.createDirectories(Path.of(arguments[0], each.label()));
            int number = 0;
            for (byte[] seed : each.seeds()) {
                Files.write(directory.resolve("seed-" + number++), seed);
            }
        }
    }
}
