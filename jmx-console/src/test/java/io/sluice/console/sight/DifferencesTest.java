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
