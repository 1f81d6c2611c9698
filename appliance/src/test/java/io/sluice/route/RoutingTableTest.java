package io.sluice.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.account.Accounts;
import io.sluice.account.Refusal;
import io.sluice.account.StreamLog;
import io.sluice.config.ConfigLoader;
import io.sluice.config.ConfigResult;
import io.sluice.config.SluiceConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingTableTest {
    private static final String TEXT = """
            liberators:
              - { name: a, address: "127.0.0.1:1" }
              - { name: b, address: "127.0.0.1:2" }
              - { name: c, address: "127.0.0.1:3" }
            listeners:
              - { name: one, bind: "127.0.0.1:0" }
              - { name: two, bind: "127.0.0.1:0", responseHeadTimeout: 7s }
              - { name: at-c, bind: "127.0.0.1:0", liberator: c }
            routes:
              - { host: a.example.com, liberator: a }
              - { host: "*.example.com", liberator: b }
              - { host: "*.deep.example.com", liberator: c, listeners: [ one ] }
              - { host: Exact.Deep.example.com, liberator: a, listeners: [ one ] }
            """;

    private final Accounts accounts = new Accounts(new StreamLog(Set.of()));
    private final RoutingTable table = RoutingTable.of(config(TEXT), accounts, null);

    private static SluiceConfig config(String text) {
        ConfigResult result = ConfigLoader.parse("sluice.yaml", text, Path.of("/nowhere"));
        assertThat(result).isInstanceOf(ConfigResult.Loaded.class);
        return ((ConfigResult.Loaded) result).config();
    }

    private static Asked asking(String path) {
        return Asked.from(null, path, List.of());
    }

    private @Nullable String liberator(String listener, String host) {
        Route route = table.decide(listener, null, host, asking("/x")).route();
        return route == null ? null : route.liberator().name();
    }

    @Nested
    class A_host {
        @ParameterizedTest
        @CsvSource({
            "one, a.example.com, a",
            "one, b.example.com, b",
            "one, deep.example.com, b",
            "one, x.deep.example.com, c",
            "one, exact.deep.example.com, a",
            "two, a.example.com, a",
            "two, other.example.com, b",
            "at-c, a.example.com, c",
            "at-c, '', c"
        })
        void goes_to_the_Liberator_of_the_narrowest_route(String listener, String host, String liberator) {
            assertThat(liberator(listener, host)).isEqualTo(liberator);
        }

        @ParameterizedTest
        @CsvSource({
            "one, example.com",
            "one, x.y.example.com",
            "one, .example.com",
            "one, a.example.com.evil",
            "one, ''",
            "two, x.deep.example.com",
            "none, a.example.com"
        })
        void that_no_route_names_is_unknown(String listener, String host) {
            assertThat(table.decide(listener, null, host, asking("/x")).refusal())
                    .isEqualTo(Refusal.UNKNOWN_HOST);
        }

        @Test
        void must_be_the_TLS_server_name() {
            assertThat(table.decide("one", "a.example.com", "a.example.com", asking("/x"))
                            .refusal())
                    .isNull();
            assertThat(table.decide("one", "b.example.com", "a.example.com", asking("/x"))
                            .refusal())
                    .isEqualTo(Refusal.MISDIRECTED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/status", "/%73tatus"})
    void a_denied_path_is_refused_but_its_route_is_told(String path) {
        Decision decision = table.decide("one", null, "a.example.com", asking(path));
        assertThat(decision.refusal()).isEqualTo(Refusal.DENIED_PATH);
        assertThat(Objects.requireNonNull(decision.route()).host()).isEqualTo("a.example.com");
    }

    @Test
    void a_listener_s_settings_reach_the_routes_on_it() {
        Route one = Objects.requireNonNull(
                table.decide("one", null, "a.example.com", asking("/")).route());
        Route two = Objects.requireNonNull(
                table.decide("two", null, "a.example.com", asking("/")).route());
        assertThat(one.responseHeadTimeoutNanos()).isEqualTo(60_000_000_000L);
        assertThat(two.responseHeadTimeoutNanos()).isEqualTo(7_000_000_000L);
        assertThat(one.liberator()).isSameAs(two.liberator());
    }

    @Nested
    class The_next_table {
        @Test
        void has_the_next_version_and_the_same_ledgers() {
            RoutingTable next = RoutingTable.of(config(TEXT), accounts, table);
            assertThat(next.version()).isEqualTo(table.version() + 1);
            for (Liberator each : next.liberators()) {
                assertThat(each.ledger()).isSameAs(accounts.liberator(each.name()));
            }
        }

        @Test
        void knows_what_was_known_of_a_Liberator_s_health_unless_its_address_is_another() {
            table.liberators().forEach(each -> each.health(LiberatorState.DOWN, "a test says so"));
            RoutingTable next = RoutingTable.of(config(TEXT.replace("127.0.0.1:2", "127.0.0.1:4")), accounts, table);
            for (Liberator each : next.liberators()) {
                assertThat(each.health().state())
                        .isEqualTo(each.name().equals("b") ? LiberatorState.UNKNOWN : LiberatorState.DOWN);
            }
        }

        @Test
        void is_seen_by_whoever_asks_the_router() {
            Router router = new Router(table);
            RoutingTable next = RoutingTable.of(config(TEXT), accounts, table);
            router.publish(next);
            assertThat(router.table()).isSameAs(next);
        }
    }
}
