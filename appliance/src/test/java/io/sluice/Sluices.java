package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.account.EndCause;
import io.sluice.account.Ledger;
import io.sluice.account.ListenerLedger;
import io.sluice.account.RefusalLedger;
import io.sluice.account.StreamRecord;
import io.sluice.config.ConfigLoader;
import io.sluice.config.ConfigResult;
import io.sluice.config.SluiceConfig;
import io.sluice.listen.Listener;
import io.sluice.loop.EdgeLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * The appliance of one test with its clients and Liberators.
 *
 * <p>After the test it closes the two ends and checks that the appliance, left alone, holds nothing any more: no
 * buffer, no stream, no connection; that it counted no violation of stickiness; and that none of its code failed.
 */
final class Sluices implements BeforeEachCallback, AfterEachCallback {
    /** The one that {@link #serve} routes to its Liberator. */
    static final String HOST = "fx.example.com";

    private static final int LOOPS = 2;

    /** More than a loop needs to notice that a socket takes bytes again. */
    private static final int TURNS = 20;

    private static final String PLAIN = "name: plain, bind: \"127.0.0.1:0\"";

    private final List<AutoCloseable> ends = new ArrayList<>();
    private final ListAppender<ILoggingEvent> errors = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger("io.sluice");
    private @Nullable Appliance appliance;
    private long violationsMade;

    // ---------------------------------------------------------------- starting

    /** A Liberator that is closed after the test. */
    FakeLiberator liberator() {
        return closing(FakeLiberator.start());
    }

    /** A port that refuses connections, and that nobody else can be given before the test is over. */
    int refusingPort() {
        try {
            Socket bound = closing(new Socket());
            bound.bind(new InetSocketAddress("127.0.0.1", 0));
            return bound.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    <T extends AutoCloseable> T closing(T end) {
        ends.add(end);
        return end;
    }

    /** Serves {@link #HOST} from {@code liberator}: over HTTP through {@code plain}, raw through {@code direct}. */
    Appliance serve(FakeLiberator liberator, String... defaults) {
        return start(one(liberator.port(), defaults));
    }

    /** The text of {@link #serve}. */
    static String one(int port, String... defaults) {
        String lines = defaults.length == 0
                ? ""
                : List.of(defaults).stream()
                        .map(each -> "  " + each + "\n")
                        .collect(Collectors.joining("", "defaults:\n", ""));
        return lines + """
                liberators:
                  - { name: lib-a, address: "127.0.0.1:%d", health: off }
                listeners:
                  - { name: plain, bind: "127.0.0.1:0" }
                  - { name: direct, bind: "127.0.0.1:0", kind: direct, liberator: lib-a }
                routes:
                  - { host: %s, liberator: lib-a }
                """.formatted(port, HOST);
    }

    /** The same, with HTTP/2 as well on the plain listener. */
    Appliance serveHttp2(FakeLiberator liberator, String... defaults) {
        return start(one(liberator.port(), defaults).replace(PLAIN, PLAIN + ", protocols: [ h2, http/1.1 ]"));
    }

    Appliance start(String text) {
        try {
            appliance = Appliance.start(config(text), LOOPS);
            return appliance;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops the appliance; what it leaves open then is not checked. */
    void stop(Duration drainTime) {
        appliance().stop(drainTime);
        appliance = null;
    }

    static SluiceConfig config(String text) {
        ConfigResult result = ConfigLoader.parse("sluice.yaml", text, Path.of("/nowhere"));
        if (result instanceof ConfigResult.Refused refused) {
            throw new AssertionError("not a configuration: " + refused.problems());
        }
        return ((ConfigResult.Loaded) result).config();
    }

    // ---------------------------------------------------------------- clients

    TestClient client() {
        return client("plain");
    }

    TestClient client(String listener) {
        return closing(TestClient.connect(address(listener)));
    }

    /** One that speaks HTTP/2, greetings exchanged. */
    Http2Client http2Client() {
        return closing(Http2Client.greeted(address("plain")));
    }

    /** One whose socket holds little, so that a few hundred KiB suffice to stop whoever sends to it. */
    TestClient smallClient(String listener) {
        return closing(TestClient.connect(address(listener), 4096));
    }

    /** One that is reset as soon as it has come, or before it knows that it has. */
    void awaitRefused(String listener) {
        try {
            client(listener).awaitReset();
        } catch (UncheckedIOException early) {
            assertThat(early).cause().hasMessageContaining("reset");
        }
    }

    /** Has {@code client} ask, and answers: the connection to the Liberator that is kept for it from then on. */
    FakeLiberator.Conversation open(TestClient client, FakeLiberator fake) {
        client.get("/file");
        FakeLiberator.Conversation liberator = fake.next();
        liberator.expectHead("GET /file");
        liberator.answer("");
        client.readHead();
        await(() -> assertThat(ledger().ended(EndCause.COMPLETED)).isOne());
        return liberator;
    }

    /**
     * Has {@code client} ask over and over, and read nothing, until an answer waits for it here.
     *
     * @param body much of it must be left when the sockets are full: TCP's timers still squeeze some bytes into them; at
     *     most {@link EdgeLoop#BUFFER_BYTES} with its head, so that the Liberator gets rid of it
     * @return how many answers are on their way, the one that waits included
     */
    int answerUntilBehind(TestClient client, FakeLiberator.Conversation liberator, String body) {
        long before = ledger().ended(EndCause.COMPLETED);
        int answered = 0;
        while (!isSomebodyBehind()) {
            client.get("/file");
            liberator.expectHead("GET /file");
            liberator.answer(body);
            long completed = before + ++answered;
            await(() -> assertThat(lentBuffers() == 1 || ledger().ended(EndCause.COMPLETED) == completed)
                    .isTrue());
        }
        return answered;
    }

    /** Whether bytes wait here, and go on waiting however often the loops look: the sockets take no more. */
    private boolean isSomebodyBehind() {
        for (int turn = 0; turn < TURNS; turn++) {
            if (lentBuffers() == 0) {
                return false;
            }
            for (EdgeLoop each : appliance().loops().all()) {
                CompletableFuture<Void> turned = new CompletableFuture<>();
                each.execute(() -> turned.complete(null));
                turned.join();
            }
        }
        return true;
    }

    InetSocketAddress address(String listener) {
        Listener found = Objects.requireNonNull(appliance().listeners().listener(listener), listener);
        return Objects.requireNonNull(found.address(), () -> listener + " does not listen");
    }

    // ---------------------------------------------------------------- looking inside

    Appliance appliance() {
        return Objects.requireNonNull(appliance, "not started");
    }

    Ledger ledger() {
        return ledger("lib-a");
    }

    Ledger ledger(String liberator) {
        return appliance().accounts().liberator(liberator);
    }

    RefusalLedger refusals() {
        return appliance().accounts().listener("plain").refusals();
    }

    /** The one stream that is open. */
    StreamRecord stream() {
        await(() -> assertThat(appliance().accounts().streams().streams()).hasSize(1));
        return appliance().accounts().streams().streams().iterator().next();
    }

    /** The test makes a violation of stickiness by force; any other number of them at its end is a failure. */
    void violationIsMade() {
        violationsMade++;
    }

    int lentBuffers() {
        return appliance().loops().all().stream()
                .mapToInt(EdgeLoop::lentBuffers)
                .sum();
    }

    static void await(ThrowingRunnable assertion) {
        Awaitility.await()
                .atMost(Duration.ofMillis(Peer.LIMIT_MILLIS))
                .pollInterval(Duration.ofMillis(5))
                .pollDelay(Duration.ZERO)
                .untilAsserted(assertion);
    }

    // ---------------------------------------------------------------- the check after each test

    @Override
    public void beforeEach(ExtensionContext context) {
        errors.start();
        log.addAppender(errors);
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        try {
            for (AutoCloseable end : ends) {
                end.close();
            }
            Appliance started = appliance;
            if (started != null) {
                boolean passed = context.getExecutionException().isEmpty();
                try {
                    if (passed) {
                        checkNothingIsLeft(started);
                    }
                } finally {
                    started.close();
                }
            }
        } finally {
            log.detachAppender(errors);
        }
        assertThat(errors.list.stream()
                        .filter(each -> each.getLevel().isGreaterOrEqual(Level.ERROR))
                        .map(ILoggingEvent::getFormattedMessage)
                        .filter(each -> violationsMade == 0 || !each.startsWith("stickiness.violation")))
                .as("code of the appliance that failed")
                .isEmpty();
    }

    private void checkNothingIsLeft(Appliance started) {
        awaitZero("open streams", started.accounts().streams()::active);
        for (Ledger each : started.accounts().liberators()) {
            awaitZero("connections to " + each.liberator(), each::connectionsActive);
        }
        assertThat(started.accounts().stickinessViolations())
                .as("stickiness violations")
                .isEqualTo(violationsMade);
        for (ListenerLedger each : started.accounts().listeners()) {
            awaitZero("connections at " + each.listener(), each::active);
        }
        awaitZero("lent buffers", this::lentBuffers);
    }

    private static void awaitZero(String what, IntSupplier count) {
        await(() -> assertThat(count.getAsInt()).as(what + " left").isZero());
    }
}
