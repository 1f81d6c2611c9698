package io.sluice.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.account.Accounts;
import io.sluice.account.AffinityFinding;
import io.sluice.account.Refusal;
import io.sluice.account.StreamLog;
import io.sluice.config.ConfigLoader;
import io.sluice.config.ConfigResult;
import io.sluice.config.SluiceConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.jspecify.annotations.Nullable;

/**
 * What must hold for every table, every history and every cookie: a client is answered by its own Liberator or told
 * that it is not.
 */
class StickinessPropertiesTest {
    private static final String HOST = "trading.example.com";
    private static final int LIBERATORS = 5;
    private static final int CLIENTS = 4;

    private Path keys;

    @BeforeTry
    void writeFirstKey() throws IOException {
        keys = Files.createTempFile(
                "keys", "", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(keys, key(0));
    }

    @AfterTry
    void deleteKeys() throws IOException {
        Files.delete(keys);
    }

    private static String key(int number) {
        return "k" + number + " " + (char) ('A' + number % 26) + "A".repeat(42) + "=\n";
    }

    private static String name(int liberator) {
        return "lib-" + liberator;
    }

    /** A configuration with all Liberators, a route for each, and a pool of some. */
    private SluiceConfig config(Map<Integer, Integer> weights, String affinity) {
        String liberators = IntStream.range(0, LIBERATORS)
                .mapToObj(each -> "  - { name: %s, address: \"127.0.0.1:%d\" }\n".formatted(name(each), each + 1))
                .collect(Collectors.joining());
        String own = IntStream.range(0, LIBERATORS)
                .mapToObj(each -> "  - { host: %s.example.com, liberator: %s }\n".formatted(name(each), name(each)))
                .collect(Collectors.joining());
        String members = weights.entrySet().stream()
                .map(each -> "{ name: %s, weight: %d }".formatted(name(each.getKey()), each.getValue()))
                .collect(Collectors.joining(", "));
        String text =
                "liberators:\n" + liberators + "listeners:\n  - { name: plain, bind: \"127.0.0.1:0\" }\nroutes:\n" + own
                        + "  - { host: %s, pool: { liberators: [ %s ], affinity: { %s } } }\n"
                                .formatted(HOST, members, affinity);
        ConfigResult result = ConfigLoader.parse("sluice.yaml", text, Path.of("/nowhere"));
        assertThat(result).as(text).isInstanceOf(ConfigResult.Loaded.class);
        return ((ConfigResult.Loaded) result).config();
    }

    private String byCookie() {
        return "keys: " + keys;
    }

    private RoutingTable table(Map<Integer, Integer> weights, String affinity) {
        return RoutingTable.of(config(weights, affinity), new Accounts(new StreamLog(Set.of())), null);
    }

    private static Decision ask(RoutingTable table, String host, @Nullable String cookie, @Nullable InetAddress from) {
        return table.decide("plain", null, host, new Asking(cookie == null ? List.of() : List.of(cookie), from));
    }

    private record Asking(
            List<String> cookieFields, @Nullable InetAddress client) implements Asked {
        @Override
        public String path() {
            return "/RTTP";
        }

        @Override
        public @Nullable Liberator connectedTo() {
            return null;
        }
    }

    private static void health(RoutingTable table, int liberator, LiberatorState state) {
        table.liberators().stream()
                .filter(each -> each.name().equals(name(liberator)))
                .forEach(each -> each.health(state, "as the property has it"));
    }

    // ---------------------------------------------------------------- what may happen

    /** One thing that happens. */
    record Step(Deed deed, int which, int amount) {}

    enum Deed {
        ASK,
        ASK_OTHER_APPLIANCE,
        TAKE_DOWN,
        BRING_UP,
        CHANGE_POOL,
        NEW_KEY,
        RELOAD
    }

    @Provide
    Arbitrary<Step> steps() {
        Arbitrary<Deed> deeds = Arbitraries.frequency(
                Tuple.of(12, Deed.ASK),
                Tuple.of(4, Deed.ASK_OTHER_APPLIANCE),
                Tuple.of(2, Deed.TAKE_DOWN),
                Tuple.of(2, Deed.BRING_UP),
                Tuple.of(1, Deed.CHANGE_POOL),
                Tuple.of(1, Deed.NEW_KEY),
                Tuple.of(1, Deed.RELOAD));
        return Combinators.combine(
                        deeds,
                        Arbitraries.integers().between(0, 99),
                        Arbitraries.integers().between(1, 9))
                .as(Step::new);
    }

    @Provide
    Arbitrary<Map<Integer, Integer>> pools() {
        return Arbitraries.maps(
                        Arbitraries.integers().between(0, LIBERATORS - 1),
                        Arbitraries.integers().between(1, 9))
                .ofMinSize(1)
                .map(TreeMap::new);
    }

    /** A client with its cookie jar: it does what it is told, and remembers who served it. */
    private static final class Client {
        private @Nullable String cookie;
        private @Nullable String belongsTo;

        void ask(RoutingTable table, Set<String> pool) {
            Decision decision = StickinessPropertiesTest.ask(table, HOST, cookie, null);
            Assignment assignment = Objects.requireNonNull(decision.assignment());
            String set = assignment.setCookie();
            Route route = decision.route();
            if (decision.refusal() == null && route != null) {
                String server = route.liberator().name();
                assertThat(server).isEqualTo(assignment.liberator()).isIn(pool);
                if (belongsTo == null) {
                    assertThat(route.liberator().takesNewClients())
                            .as("given to %s", server)
                            .isTrue();
                } else {
                    assertThat(server).as("the Liberator that served it before").isEqualTo(belongsTo);
                }
                belongsTo = server;
                if (set != null) {
                    assertThat(assignment.setsCookieFor(server)).isTrue();
                    cookie = set.substring(0, set.indexOf(';'));
                }
            } else if (set != null) {
                assertThat(set).contains("Max-Age=0");
                assertThat(decision.refusal()).isIn(Refusal.AFFINITY_RELEASED, Refusal.AFFINITY_FORGED);
                cookie = null;
                belongsTo = null;
            } else {
                assertThat(decision.refusal()).isEqualTo(Refusal.LIBERATOR_DOWN);
            }
        }
    }

    @Property(tries = 100)
    void a_client_is_served_by_one_Liberator_until_it_is_told_to_start_anew(
            @ForAll("pools") Map<Integer, Integer> first, @ForAll @Size(max = 50) List<@From("steps") Step> history)
            throws IOException {
        Accounts accounts = new Accounts(new StreamLog(Set.of()));
        Map<Integer, Integer> pool = new TreeMap<>(first);
        RoutingTable here = RoutingTable.of(config(pool, byCookie()), accounts, null);
        RoutingTable there = table(pool, byCookie());
        List<Client> clients =
                IntStream.range(0, CLIENTS).mapToObj(each -> new Client()).toList();
        int newestKey = 0;
        for (Step step : history) {
            int liberator = step.which() % LIBERATORS;
            Set<String> members =
                    pool.keySet().stream().map(StickinessPropertiesTest::name).collect(Collectors.toSet());
            switch (step.deed()) {
                case ASK -> clients.get(step.which() % CLIENTS).ask(here, members);
                case ASK_OTHER_APPLIANCE -> clients.get(step.which() % CLIENTS).ask(there, members);
                case TAKE_DOWN -> health(here, liberator, LiberatorState.DOWN);
                case BRING_UP -> health(here, liberator, LiberatorState.UP);
                case NEW_KEY -> {
                    newestKey++;
                    Files.writeString(keys, key(newestKey) + key(newestKey - 1));
                    here = RoutingTable.of(config(pool, byCookie()), accounts, here);
                    there = table(pool, byCookie());
                }
                case CHANGE_POOL, RELOAD -> {
                    boolean leaves = step.deed() == Deed.CHANGE_POOL && pool.size() > 1 && pool.containsKey(liberator);
                    if (leaves) {
                        pool.remove(liberator);
                    } else if (step.deed() == Deed.CHANGE_POOL) {
                        pool.put(liberator, step.amount());
                    }
                    here = RoutingTable.of(config(pool, byCookie()), accounts, here);
                    there = table(pool, byCookie());
                }
            }
        }
    }

    @Property(tries = 200)
    void a_cookie_with_anything_changed_leads_nowhere(
            @ForAll("pools") Map<Integer, Integer> pool, @ForAll long seed, @ForAll @IntRange(max = 2) int manner) {
        RoutingTable table = table(pool, byCookie());
        String set = Objects.requireNonNull(
                Objects.requireNonNull(ask(table, HOST, null, null).assignment())
                        .setCookie());
        String cookie = set.substring(0, set.indexOf(';'));
        Random random = new Random(seed);
        StringBuilder changed = new StringBuilder(cookie);
        int at = "sluice=".length() + random.nextInt(cookie.length() - "sluice=".length());
        switch (manner) {
            case 0 -> changed.setCharAt(at, changed.charAt(at) == 'x' ? 'y' : 'x');
            case 1 -> changed.deleteCharAt(at);
            default -> changed.insert(at, (char) ('a' + random.nextInt(26)));
        }
        Decision decision = ask(table, HOST, changed.toString(), null);
        assertThat(decision.refusal()).as(changed.toString()).isEqualTo(Refusal.AFFINITY_FORGED);
        assertThat(Objects.requireNonNull(decision.assignment()).finding())
                .isIn(AffinityFinding.FORGED, AffinityFinding.UNKNOWN_KEY);
    }

    @Property(tries = 150)
    void a_host_of_one_Liberator_is_served_by_it_whoever_is_up_and_whatever_the_cookie(
            @ForAll("pools") Map<Integer, Integer> pool,
            @ForAll @IntRange(max = LIBERATORS - 1) int wanted,
            @ForAll @Size(LIBERATORS) List<Boolean> up) {
        RoutingTable table = table(pool, byCookie());
        String set = Objects.requireNonNull(ask(table, HOST, null, null).assignment())
                .setCookie();
        for (int i = 0; i < LIBERATORS; i++) {
            health(table, i, up.get(i) ? LiberatorState.UP : LiberatorState.DOWN);
        }
        Decision decision = ask(table, name(wanted) + ".example.com", set, null);
        assertThat(Objects.requireNonNull(decision.route()).liberator().name()).isEqualTo(name(wanted));
        assertThat(decision.route().liberatorName()).isEqualTo(name(wanted));
        assertThat(decision.assignment()).isNull();
    }

    @Property(tries = 150)
    void an_address_goes_to_one_Liberator_and_leaves_it_only_for_one_that_is_new(
            @ForAll("pools") Map<Integer, Integer> pool,
            @ForAll @Size(4) byte[] address,
            @ForAll @IntRange(max = LIBERATORS - 1) int added,
            @ForAll @IntRange(max = LIBERATORS - 1) int down)
            throws UnknownHostException {
        InetAddress client = InetAddress.getByAddress(address);
        String affinity = "kind: address";
        RoutingTable table = table(pool, affinity);
        String before = server(table, client);
        health(table, down, LiberatorState.DOWN);
        assertThat(server(table, client)).isEqualTo(before);
        Map<Integer, Integer> larger = new TreeMap<>(pool);
        larger.putIfAbsent(added, 3);
        assertThat(server(table(larger, affinity), client)).isIn(before, name(added));
    }

    private static String server(RoutingTable table, InetAddress client) {
        return Objects.requireNonNull(ask(table, HOST, null, client).route())
                .liberator()
                .name();
    }

    @Property(tries = 200)
    void of_several_good_cookies_the_order_in_which_they_are_shown_decides_nothing(
            @ForAll("pools") Map<Integer, Integer> pool) {
        RoutingTable table = table(pool, byCookie());
        List<String> cookies = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String set = Objects.requireNonNull(
                    Objects.requireNonNull(ask(table, HOST, null, null).assignment())
                            .setCookie());
            cookies.add(set.substring(0, set.indexOf(';')));
        }
        Decision forth = ask(table, HOST, String.join("; ", cookies), null);
        Collections.reverse(cookies);
        Decision back = ask(table, HOST, String.join("; ", cookies), null);
        assertThat(Objects.requireNonNull(forth.route()).liberator().name())
                .isEqualTo(Objects.requireNonNull(back.route()).liberator().name());
    }
}
