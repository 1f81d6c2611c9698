package io.sluice.console.sight;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.console.reach.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is said of appliances that are not the same. */
class DifferencesTest {
    private final Map<String, Reading> readings = new LinkedHashMap<>();

    private static Particulars particulars(String fingerprint, List<Values> routes, String... keys) {
        return particulars(fingerprint, routes, Settings.NONE, Map.of(), keys);
    }

    private static Particulars particulars(
            String fingerprint, List<Values> routes, Settings settings, Map<String, String> names, String... keys) {
        List<Particulars.Key> ring = new ArrayList<>();
        for (String each : keys) {
            String[] parts = each.split("=", 2);
            ring.add(new Particulars.Key(parts[0], parts[1]));
        }
        return new Particulars(
                "operator",
                fingerprint,
                routes,
                ring.isEmpty() ? Map.of() : Map.of("fx.example.com", ring),
                settings,
                names,
                Particulars.NO_CERTIFICATE);
    }

    private static Values route(String host, String liberator, String address) {
        return Values.of(
                Map.of("host", host, "liberator", liberator, "address", address, "listeners", new String[] {"public"}));
    }

    private void add(String name, Particulars particulars, String... liberators) {
        Map<String, Values> states = new LinkedHashMap<>();
        for (String each : liberators) {
            states.put(each.split("=", 2)[0], Values.of(Map.of("State", each.split("=", 2)[1])));
        }
        Values whole = Values.of(Map.of("Version", "1.0.0", "TableVersion", 3L));
        readings.put(name, new Reading(0, 0, whole, states, Map.of(), Map.of(), particulars));
    }

    private void keys(String name, String... keys) {
        add(name, particulars("aaaaaaaaaaaaaaaa", List.of(), keys));
    }

    private List<String> said() {
        return Differences.between(readings).stream()
                .map(each -> (each.grave() ? "grave: " : "") + each.sentence())
                .toList();
    }

    @Nested
    class Of_keys {
        @Test
        void a_key_that_signs_here_and_is_missing_there_is_grave() {
            keys("a", "k2=22", "k1=11");
            keys("b", "k1=11");
            keys("c", "k2=22", "k1=11");
            assertThat(said())
                    .containsExactly("grave: sticky keys of pool fx.example.com differ: b does not accept cookies of a"
                            + " and c (key k2 is missing there)");
        }

        @Test
        void the_same_id_with_another_secret_is_told_from_a_missing_one() {
            keys("a", "k1=11");
            keys("b", "k1=99");
            assertThat(said())
                    .containsExactly(
                            "grave: sticky keys of pool fx.example.com differ: a does not accept cookies of b (key k1"
                                    + " has another secret there)",
                            "grave: sticky keys of pool fx.example.com differ: b does not accept cookies of a (key k1"
                                    + " has another secret there)");
        }

        @Test
        void an_old_key_that_only_one_still_believes_is_grave_too() {
            keys("a", "k2=22", "k1=11");
            keys("b", "k2=22");
            assertThat(said())
                    .containsExactly("grave: sticky keys of pool fx.example.com differ: b does not accept older cookies"
                            + " that a accepts (key k1 is missing there)");
        }

        @Test
        void a_change_that_is_half_done_harms_nobody_and_is_said() {
            keys("a", "k2=22", "k1=11");
            keys("b", "k1=11", "k2=22");
            assertThat(said())
                    .containsExactly("sticky keys of pool fx.example.com: signed with k2 on a, k1 on b; each accepts"
                            + " the cookies of all");
        }

        @Test
        void one_without_the_pool_is_not_compared() {
            keys("a", "k1=11");
            keys("b");
            assertThat(said()).isEmpty();
        }
    }

    @Nested
    class Of_tables {
        private void tables(List<Values> one, List<Values> other) {
            add("a", particulars("aaaaaaaaaaaaaaaa", one));
            add("b", particulars("bbbbbbbbbbbbbbbb", other));
        }

        @Test
        void a_route_is_told_by_as_little_as_tells_it_apart() {
            tables(
                    List.of(route("x", "lib-a", "10.1.0.1:1"), route("y", "lib-a", "10.1.0.1:1")),
                    List.of(route("x", "lib-b", "10.1.0.2:1"), route("y", "lib-a", "10.1.0.9:1")));
            assertThat(said())
                    .containsExactly(
                            "routing table differs: version 3 (aaaaaaaa) on a, version 3 (bbbbbbbb) on b",
                            "route x: lib-a on a, lib-b on b",
                            "route y: lib-a at 10.1.0.1:1 on a, lib-a at 10.1.0.9:1 on b");
        }

        @Test
        void a_pool_is_one_route_of_several_liberators_in_any_order() {
            tables(
                    List.of(route("x", "lib-a", "1"), route("x", "lib-b", "2")),
                    List.of(route("x", "lib-b", "2"), route("x", "lib-a", "1"), route("x", "lib-c", "3")));
            assertThat(said()).contains("route x: lib-a or lib-b on a, lib-a or lib-b or lib-c on b");
        }

        @Test
        void what_no_route_shows_is_still_said() {
            tables(List.of(route("x", "lib-a", "1")), List.of(route("x", "lib-a", "1")));
            assertThat(said()).hasSize(2).last().asString().contains("same routes, but their settings");
        }

        @Test
        void of_many_routes_the_first_are_named_and_the_others_counted() {
            tables(
                    List.of(),
                    IntStream.range(0, 8)
                            .mapToObj(i -> route("x" + i, "l", "1"))
                            .toList());
            assertThat(said())
                    .hasSize(7)
                    .contains("route x4: missing on a, l on b", "and 3 more routes differ")
                    .noneMatch(each -> each.contains("x5"));
        }

        @Test
        void one_that_shows_no_fingerprint_is_not_compared() {
            tables(List.of(), List.of());
            add("b", particulars("", List.of()));
            assertThat(said()).isEmpty();
        }
    }

    @Nested
    class Of_settings {
        private boolean sameTable;

        /** Of settings alone: that the tables differ is said as well. */
        private List<String> told() {
            return Differences.between(readings).stream()
                    .filter(each -> each.subject() == Difference.Subject.SETTINGS)
                    .map(Difference::sentence)
                    .toList();
        }

        private void configured(String name, String... lines) {
            configured(name, Map.of(), lines);
        }

        private void configured(String name, Map<String, String> certificateNames, String... lines) {
            Settings settings = Settings.parsed("1", String.join("\n", lines) + "\n");
            add(name, particulars(sameTable ? "aa" : name + name, List.of(), settings, certificateNames));
        }

        @Test
        void a_key_of_a_listener_is_named_with_its_value_on_each() {
            configured("a", "listeners: [ { name: public, bind: 10.0.0.1:443, protocols: [ h2, http/1.1 ] } ]");
            configured("b", "listeners: [ { name: public, bind: 10.0.0.2:443 } ]");
            configured("c", "listeners: [ { name: public, bind: 10.0.0.3:443, protocols: [ h2, http/1.1 ] } ]");
            assertThat(told()).containsExactly("listener public: protocols [h2, http/1.1] on a and c, not set on b");
        }

        @Test
        void the_port_and_the_kind_and_what_is_deeper_are_named_too() {
            configured(
                    "a",
                    "listeners:",
                    "  - { name: x, bind: '[::]:443', kind: http, limits: { connections: 100 }, tls: { clientAuth: need } }");
            configured("b", "listeners:", "  - { name: x, bind: '0.0.0.0:8443', kind: direct, tls: off }");
            assertThat(told())
                    .containsExactly(
                            "listener x: kind http on a, direct on b",
                            "listener x: limits.connections 100 on a, not set on b",
                            "listener x: tls on on a, off on b",
                            "listener x: tls.clientAuth need on a, not set on b",
                            "listener x: port 443 on a, 8443 on b");
        }

        @Test
        void what_is_each_hosts_own_is_no_difference() {
            configured(
                    "a",
                    "listeners:",
                    "  - { name: x, bind: 10.0.0.1:443, tls: { trust: a.pem, certificates: [ { chain: a, key: a.key } ] } }",
                    "routes: [ { host: h, pool: { affinity: { keys: a.keys } } } ]",
                    "management: { drainTime: 5s }",
                    "log: { file: a.log }");
            configured(
                    "b",
                    "# the same for its host",
                    "listeners:",
                    "  - { name: x, bind: 10.0.0.2:443, tls: { trust: b.pem, certificates: [ { chain: b, key: b.key } ] } }",
                    "routes: [ { host: h, pool: { affinity: { keys: b.keys } } } ]",
                    "management: { jmx: { users: jmx.users } }");
            assertThat(told()).isEmpty();
        }

        @Test
        void defaults_and_limits_are_places_of_their_own() {
            configured(
                    "a", "limits: { connections: 9000 }", "defaults: { connectTimeout: 5s, forwarded: { via: on } }");
            configured("b", "defaults: { connectTimeout: 10s, forwarded: { via: true } }");
            assertThat(told())
                    .containsExactly(
                            "limits: connections 9000 on a, not set on b",
                            "defaults: connectTimeout 5s on a, 10s on b");
        }

        @Test
        void the_same_difference_at_several_places_is_one_sentence() {
            String listener = "  - { name: %s, onDown: %d }";
            configured("a", "listeners:", listener.formatted("x", 502), listener.formatted("y", 502));
            configured("b", "listeners:", listener.formatted("x", 404), listener.formatted("y", 404));
            assertThat(told()).containsExactly("listener x and listener y: onDown 502 on a, 404 on b");
        }

        @Test
        void a_listener_of_one_alone_is_missing_on_the_others() {
            configured("a", "listeners: [ { name: x }, { name: y } ]");
            configured("b", "listeners: [ { name: x } ]");
            assertThat(told()).containsExactly("listener y is missing on b");
        }

        @Test
        void the_names_in_certificates_are_told_apart() {
            Map<String, String> one = Map.of("x", "[fx.example.com]");
            configured("a", Map.of("x", "[*.example.com, fx.example.com]"), "listeners: [ { name: x } ]");
            configured("b", one, "listeners: [ { name: x } ]");
            assertThat(told())
                    .containsExactly("listener x: names in certificates [*.example.com, fx.example.com] on a,"
                            + " [fx.example.com] on b");
        }

        @Test
        void a_long_list_begins_where_it_differs() {
            String list = "listeners: [ { name: x, limits: { deny: [ %s10.9.9.9 %s ] } } ]";
            String many = "10.0.0.1, ".repeat(20);
            configured("a", list.formatted(many, ""));
            configured("b", list.formatted(many, ", 10.1.1.1"));
            assertThat(told()).containsExactly("listener x: limits.deny …10.9.9.9] on a, …10.9.9.9, 10.1.1.1] on b");
        }

        @Test
        void of_many_the_first_are_told_and_the_others_counted() {
            String[] lines =
                    IntStream.range(0, 12).mapToObj(i -> "  key" + i + ": 1").toArray(String[]::new);
            configured("a", "defaults:", String.join("\n", lines));
            configured("b", "defaults: {}");
            assertThat(told()).hasSize(9).endsWith("and 4 more settings differ");
        }

        @Test
        void of_the_same_table_only_that_is_compared_which_it_leaves_out() {
            sameTable = true;
            String file = """
                    listeners: [ { name: x, bind: 0.0.0.0:%s, onDown: %s, limits: { connections: %s } } ]
                    defaults: { connectTimeout: %s }
                    limits: { connections: %s }
                    """;
            configured("a", file.formatted("443", "503", "9", "60s", "auto"));
            configured("b", file.formatted("8443", "'503'", "99", "1m", "7"));
            assertThat(said())
                    .containsExactly(
                            "limits: connections auto on a, 7 on b",
                            "listener x: limits.connections 9 on a, 99 on b",
                            "listener x: port 443 on a, 8443 on b");
        }

        @Test
        void that_tables_differ_in_what_cannot_be_named_is_said_only_then() {
            configured("a", "defaults: { connectTimeout: 5s }");
            configured("b", "defaults: { connectTimeout: 6s }");
            assertThat(said()).hasSize(2).noneMatch(each -> each.contains("same routes, but"));
        }

        @Test
        void a_route_is_told_once() {
            String route = "routes: [ { host: x, liberator: %s, connectTimeout: %s } ]";
            add(
                    "a",
                    particulars(
                            "aa",
                            List.of(route("x", "l", "1")),
                            Settings.parsed("1", route.formatted("l", "1s")),
                            Map.of()));
            add(
                    "b",
                    particulars(
                            "bb",
                            List.of(route("x", "m", "1")),
                            Settings.parsed("1", route.formatted("m", "2s")),
                            Map.of()));
            assertThat(said()).hasSize(2).contains("route x: l on a, m on b");
            add(
                    "b",
                    particulars(
                            "bb",
                            List.of(route("x", "l", "1")),
                            Settings.parsed("1", route.formatted("l", "2s")),
                            Map.of()));
            assertThat(said()).hasSize(2).contains("route x: connectTimeout 1s on a, 2s on b");
        }

        @Test
        void one_that_shows_no_configuration_is_not_compared() {
            configured("a", "defaults: { connectTimeout: 5s }");
            configured("b", "no: [ yaml");
            configured("c");
            assertThat(told()).isEmpty();
        }

        @Test
        void no_control_character_of_a_file_reaches_the_terminal() {
            configured("a", "defaults: { \"on\\eDown\": \"5\\e[2J\" }");
            configured("b", "defaults: {}");
            assertThat(told()).containsExactly("defaults: onDown 5[2J on a, not set on b");
        }
    }

    @Nested
    class Of_Liberators {
        private void states(String... states) {
            for (int i = 0; i < states.length; i++) {
                add("abc".substring(i, i + 1), particulars("aaaaaaaaaaaaaaaa", List.of()), "lib-b=" + states[i]);
            }
        }

        @Test
        void one_that_is_out_of_service_on_some_alone_is_named_with_them() {
            states("UP", "DRAINING", "UNKNOWN");
            assertThat(said()).containsExactly("Liberator lib-b is DRAINING on b only");
        }

        @Test
        void one_that_differs_in_more_ways_is_told_in_full() {
            states("UP", "DRAINING", "DOWN");
            assertThat(said()).containsExactly("Liberator lib-b is in service on a, DRAINING on b, DOWN on c");
        }

        @Test
        void one_that_is_probed_here_and_not_there_is_in_service_on_both() {
            states("UP", "UNKNOWN");
            assertThat(said()).isEmpty();
        }
    }
}
