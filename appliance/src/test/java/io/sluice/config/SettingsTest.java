package io.sluice.config;

import static io.sluice.config.Given.loaded;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.ForwardedPolicy.XForwarded;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private final SluiceConfig config = loaded("""
            defaults:
              connectTimeout: 1s
              responseHeadTimeout: 1s
              streamIdleTimeout: 1s
              requestHeadTimeout: 1s
              tcpKeepAliveProbes: 7
              forwarded: { xForwarded: append, trust: [ 10.0.0.0/8 ] }
            listeners:
              - name: l
                bind: 127.0.0.1:0
                responseHeadTimeout: 2s
                streamIdleTimeout: 2s
                requestHeadTimeout: 2s
                forwarded: { via: on }
            liberators:
              - name: b
                address: h:1
                streamIdleTimeout: 3s
                requestHeadTimeout: 3s
                denyPaths: []
            routes:
              - host: fx.example.com
                liberator: b
                requestHeadTimeout: 4s
                tcpKeepAliveIdle: 1m
                forwarded: { xForwarded: off, rfc7239: on }
            """);
    private final RouteConfig route = config.routes().get(0);
    private final LiberatorConfig liberator = Objects.requireNonNull(config.liberator("b"));
    private final ListenerConfig listener = Objects.requireNonNull(config.listener("l"));

    @Nested
    class The_narrowest_place_that_says_something_wins {
        private final Settings settings = config.settingsFor(route, liberator, listener);

        @Test
        void a_route_over_everything() {
            assertThat(settings.requestHeadTimeout()).isEqualTo(Duration.ofSeconds(4));
        }

        @Test
        void a_Liberator_over_its_listener() {
            assertThat(settings.streamIdleTimeout()).isEqualTo(Duration.ofSeconds(3));
        }

        @Test
        void a_listener_over_the_defaults_section() {
            assertThat(settings.responseHeadTimeout()).isEqualTo(Duration.ofSeconds(2));
        }

        @Test
        void the_defaults_section_over_what_is_built_in() {
            assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(1));
        }

        @Test
        void what_is_built_in_where_nothing_is_said() {
            assertThat(settings.tlsHandshakeTimeout()).isEqualTo(Settings.DEFAULTS.tlsHandshakeTimeout());
        }

        @Test
        void the_parts_of_forwarded_one_by_one() {
            assertThat(settings.forwarded())
                    .isEqualTo(new ForwardedPolicy(
                            XForwarded.OFF,
                            List.of(Objects.requireNonNull(AddressRange.parse("10.0.0.0/8"))),
                            true,
                            true));
        }

        @Test
        void the_parts_of_TCP_keep_alive_one_by_one() {
            assertThat(settings.tcpKeepAlive())
                    .isEqualTo(new TcpKeepAlive(Duration.ofSeconds(60), Duration.ofSeconds(10), 7));
        }

        @Test
        void an_empty_list_over_a_full_one() {
            assertThat(settings.denyPaths()).isEmpty();
        }
    }

    @Nested
    class The_place_that_says_a_value {
        private final SluiceConfig said = loaded("""
                defaults:
                  connectTimeout: 1s
                  streamIdleTimeout: 1s
                  stalledClientTimeout: 1s
                  requestHeadTimeout: 1s
                listeners:
                  - { name: a, bind: "127.0.0.1:0", connectTimeout: 2s,
                      streamIdleTimeout: 2s, stalledClientTimeout: 2s }
                liberators:
                  - { name: b, address: "h:1", connectTimeout: 3s,
                      streamIdleTimeout: 3s }
                routes:
                  - { host: c, liberator: b,
                      connectTimeout: 4s }
                """);

        private SettingSource of(String key) {
            return said.sourceOf(
                    key,
                    said.routes().get(0),
                    said.liberators().get(0),
                    said.listeners().get(0));
        }

        @Test
        void is_the_narrowest_that_gives_one_with_its_line() {
            assertThat(of("connectTimeout")).hasToString("route, line 14");
            assertThat(of("streamIdleTimeout")).hasToString("liberator, line 11");
            assertThat(of("stalledClientTimeout")).hasToString("listener, line 8");
            assertThat(of("requestHeadTimeout")).hasToString("defaults, line 5");
            assertThat(of("tlsHandshakeTimeout")).hasToString("built in");
        }
    }

    @Nested
    class A_place_that_is_not_known_yet_is_left_out {
        @Test
        void only_the_listener() {
            assertThat(config.settingsFor(null, null, listener).requestHeadTimeout())
                    .isEqualTo(Duration.ofSeconds(2));
        }

        @Test
        void nothing() {
            assertThat(config.settingsFor(null, null, null)).isEqualTo(config.defaults());
        }
    }
}
