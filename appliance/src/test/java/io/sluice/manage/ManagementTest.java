package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.config.HostAndPort;
import io.sluice.config.JmxConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.management.Attribute;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ManagementTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String WITHOUT_A = """
            listeners:
              - { name: plain, bind: "127.0.0.1:0" }
              - { name: extra, bind: "127.0.0.1:0", liberator: lib-c }
            liberators:
              - { name: lib-b, address: "127.0.0.1:PORT_B", health: off }
              - { name: lib-c, address: "127.0.0.1:PORT_A", health: off }
            routes:
              - { host: "*.b.example.com", liberator: lib-b }
            """;

    private Managed managed;

    @BeforeEach
    void start() throws Exception {
        managed = new Managed();
    }

    @AfterEach
    void stop() throws Exception {
        managed.close();
    }

    /** A Direct stream that carried a greeting each way. */
    private Socket directStream() throws Exception {
        Socket client = managed.client("direct-a");
        client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
        Socket liberator = managed.a.next();
        liberator.getOutputStream().write("prices".getBytes(StandardCharsets.US_ASCII));
        assertThat(client.getInputStream().readNBytes(6)).asString().isEqualTo("prices");
        return client;
    }

    private void eventually(String type, String attribute, Object value) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(managed.<Object>get(type, attribute))
                        .as(attribute)
                        .isEqualTo(value));
    }

    @Nested
    class The_counters {
        @Test
        void follow_a_stream_from_its_opening_to_its_end() throws Exception {
            try (Socket client = directStream()) {
                eventually("Liberator,name=lib-a", "ToClientBytes", 6L);
                eventually("Liberator,name=lib-a", "ToLiberatorBytes", 5L);
                eventually("Liberator,name=lib-a", "DirectActive", 1);
                eventually("Liberator,name=lib-a", "StreamsActive", 1);
                eventually("Liberator,name=lib-a", "ConnectionsActive", 1);
                eventually("Liberator,name=lib-a", "StickinessChecksTotal", 1L);
                eventually("Listener,name=direct-a", "ConnectionsActive", 1);
                eventually("Streams", "Active", 1);
                assertThat(managed.<Long>get("Liberator,name=lib-a", "ConnectMicrosMax"))
                        .isPositive();
                client.setSoLinger(true, 0); // a reset
            }
            eventually("Liberator,name=lib-a", "DirectActive", 0);
            eventually("Liberator,name=lib-a", "EndedClientLostTotal", 1L);
            eventually("Appliance", "ConnectionsActive", 0);
            eventually("Appliance", "StreamsTotal", 1L);
            eventually("Appliance", "StickinessViolationsTotal", 0L);
            assertThat(managed.<String[]>get("Liberator,name=lib-a", "Ends"))
                    .containsExactly("cause        phase  closed by  total", "client-lost  relay  client         1");
            assertThat(managed.<String[]>get("Liberator,name=lib-a", "Kinds")[1])
                    .isEqualTo("direct              0     1      1        5 B        6 B");
            assertThat(managed.<Integer>get("Liberator,name=lib-b", "ConnectionsPeak"))
                    .isZero();
        }

        @Test
        void count_requests_and_refusals_with_their_reason() throws Exception {
            assertThat(managed.get("plain", "a.example.com", "/x")).isEqualTo("HTTP/1.1 204 No Content");
            assertThat(managed.get("plain", "nobody.example.com", "/x")).startsWith("HTTP/1.1 404");
            assertThat(managed.<String>get("Listener,name=b-address", "LastRefusedAt"))
                    .isEmpty();
            eventually("Liberator,name=lib-a", "EndedCompletedTotal", 1L);
            eventually("Listener,name=plain", "AcceptedTotal", 2L);
            eventually("Listener,name=plain", "RefusedTotal", 1L);
            assertThat(managed.<String>get("Listener,name=plain", "LastRefusedAt"))
                    .startsWith("20")
                    .endsWith("Z");
            assertThat(managed.<String[]>get("Listener,name=plain", "Refusals"))
                    .satisfiesExactly(
                            head -> assertThat(head).isEqualTo("reason        status  total  ago"),
                            line -> assertThat(line).matches("unknown-host     404      1  +\\d+s"));
            assertThat(managed.<Long>get("Appliance", "RefusedTotal")).isEqualTo(1);
        }

        @Test
        void count_a_Liberator_that_cannot_be_reached() throws Exception {
            managed.a.close();
            assertThat(managed.get("plain", "a.example.com", "/x")).startsWith("HTTP/1.1 503");
            eventually("Liberator,name=lib-a", "ConnectRefusedTotal", 1L);
            eventually("Liberator,name=lib-a", "ConnectFailedTotal", 1L);
            eventually("Liberator,name=lib-a", "EndedConnectFailedTotal", 1L);
        }
    }

    @Nested
    class A_change_of_the_table {
        @Test
        void brings_and_takes_the_MBeans_of_its_Liberators_and_listeners() throws Exception {
            managed.change(WITHOUT_A);
            assertThat(managed.names())
                    .containsExactly(
                            "sluice:type=Appliance",
                            "sluice:type=Certificates",
                            "sluice:type=Liberator,name=lib-b",
                            "sluice:type=Liberator,name=lib-c",
                            "sluice:type=Listener,name=extra",
                            "sluice:type=Listener,name=plain",
                            "sluice:type=Management",
                            "sluice:type=RoutingTable",
                            "sluice:type=Streams");
            assertThat(managed.<Long>get("RoutingTable", "Version")).isEqualTo(2);
            assertThat(managed.<Long>get("Appliance", "TableVersion")).isEqualTo(2);
        }

        @Test
        void keeps_a_Liberator_in_sight_until_its_last_stream_has_ended() throws Exception {
            try (Socket client = directStream()) {
                managed.change(WITHOUT_A);
                assertThat(managed.<String>get("Liberator,name=lib-a", "State")).isEqualTo("REMOVED");
                assertThat(managed.<String>get("Liberator,name=lib-a", "StateReason"))
                        .contains("left the table");
                assertThat(managed.<String>get("Liberator,name=lib-a", "StateSince"))
                        .startsWith("20");
                assertThat(managed.<Integer>get("Liberator,name=lib-a", "DirectActive"))
                        .isEqualTo(1);
                assertThat(managed.<Boolean>get("Listener,name=direct-a", "Listening"))
                        .isFalse();
                assertThat(managed.<Integer>get("Listener,name=direct-a", "ConnectionsActive"))
                        .isEqualTo(1);
                assertThat(String.join("\n", managed.<String[]>get("Appliance", "Liberators")))
                        .contains("lib-a      REMOVED");
                assertThat(client.isConnected()).isTrue();
            }
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(managed.names())
                            .doesNotContain("sluice:type=Liberator,name=lib-a", "sluice:type=Listener,name=direct-a"));
        }

        @Test
        void loses_no_count_of_a_Liberator_that_leaves_and_comes_back() throws Exception {
            assertThat(managed.get("plain", "a.example.com", "/x")).startsWith("HTTP/1.1 204");
            assertThat(managed.get("plain", "x.b.example.com", "/x")).startsWith("HTTP/1.1 204");
            eventually("Streams", "Active", 0);
            managed.change(WITHOUT_A);
            assertThat(managed.<Long>get("Liberator,name=lib-b", "StreamsTotal"))
                    .isEqualTo(1);
            assertThat(managed.<Long>get("Streams", "OpenedTotal")).isEqualTo(2);
            managed.change(Managed.CONFIG);
            assertThat(managed.<Long>get("Liberator,name=lib-a", "StreamsTotal"))
                    .isEqualTo(1);
            assertThat(managed.<Long>get("Liberator,name=lib-a", "ConnectionsTotal"))
                    .isEqualTo(1);
            assertThat(managed.<String>get("Liberator,name=lib-a", "State")).isEqualTo("UNKNOWN");
            assertThat(managed.<Long>get("Listener,name=plain", "AcceptedTotal"))
                    .isEqualTo(2);
        }

        @Test
        void shows_in_the_routes() throws Exception {
            assertThat(managed.<String[]>get("RoutingTable", "Routes"))
                    .containsExactly(
                            "host             liberator  listeners",
                            "*                lib-b      b-address",
                            "*                lib-a      direct-a",
                            "a.example.com    lib-a      plain",
                            "*.b.example.com  lib-b      plain");
            CompositeData last = managed.<CompositeData[]>get("RoutingTable", "RouteTable")[3];
            assertThat(last.get("host")).isEqualTo("*.b.example.com");
            assertThat(last.get("liberator")).isEqualTo("lib-b");
            assertThat(last.get("address")).isEqualTo("127.0.0.1:" + managed.b.port());
            assertThat((String[]) last.get("listeners")).containsExactly("plain");
            assertThat((String[]) last.get("deniedPaths")).containsExactly("/secret");
            assertThat(last.get("onDown")).isEqualTo("503");
            managed.change(WITHOUT_A);
            assertThat(managed.<Integer>get("RoutingTable", "RoutesActive")).isEqualTo(2);
            assertThat(managed.<String[]>get("RoutingTable", "Routes"))
                    .containsExactly(
                            "host             liberator  listeners",
                            "*                lib-c      extra",
                            "*.b.example.com  lib-b      plain");
        }
    }

    @Nested
    class The_streams {
        @Test
        void are_listed_page_by_page_for_programs_and_for_eyes() throws Exception {
            try (Socket first = directStream();
                    Socket second = directStream()) {
                eventually("Streams", "Active", 2);
                CompositeData[] all = (CompositeData[]) managed.invoke("Streams", "list", "", 0, 0);
                assertThat(all).hasSize(2);
                assertThat(all[0].get("id")).isEqualTo("1");
                assertThat(all[0].get("kind")).isEqualTo("direct");
                assertThat(all[0].get("phase")).isEqualTo("relay");
                assertThat(all[0].get("liberator")).isEqualTo("lib-a");
                assertThat(all[0].get("client")).isEqualTo("127.0.0.1:" + first.getLocalPort());
                assertThat(all[0].get("toClientBytes")).isEqualTo(6L);
                CompositeData[] page = (CompositeData[]) managed.invoke("Streams", "list", "", 1, 1);
                assertThat(page).hasSize(1);
                assertThat(page[0].get("client")).isEqualTo("127.0.0.1:" + second.getLocalPort());
                String[] lines = (String[]) managed.invoke("Streams", "table", "", 0, 1);
                assertThat(lines).hasSize(2);
                assertThat(lines[1]).matches("1   direct  lib-a      127.0.0.1   \\ds    \\ds     0 B");
            }
        }

        @Test
        void are_not_listed_for_a_page_that_makes_no_sense() {
            assertThatThrownBy(() -> managed.invoke("Streams", "list", "", -1, 5))
                    .isInstanceOf(RuntimeMBeanException.class)
                    .hasRootCauseMessage("offset is -1 (expected 0 or more)");
            assertThatThrownBy(() -> managed.invoke("Streams", "table", "", 0, 20_001))
                    .hasRootCauseMessage("limit is 20001 (expected 1 to 20000, or 0 for 100)");
        }
    }

    @Nested
    class The_appliance {
        @Test
        void says_what_it_is() throws Exception {
            assertThat(managed.<String>get("Appliance", "Version")).isEqualTo("1.2.3");
            assertThat(managed.<String>get("Appliance", "JavaVersion")).isNotEmpty();
            assertThat(managed.<String>get("Appliance", "StartedAt")).endsWith("Z");
            assertThat(managed.<Long>get("Appliance", "UptimeSeconds")).isBetween(0L, 60L);
            assertThat(managed.<Integer>get("Appliance", "BuffersLent")).isZero();
            assertThat(managed.<String[]>get("Appliance", "Listeners")[1])
                    .matches("plain      127.0.0.1:\\d+ +0        0");
        }

        @Test
        void passes_on_what_came_of_a_reload() throws Exception {
            assertThat(managed.invoke("Appliance", "reload"))
                    .isEqualTo("routing table not changed, still serving version 1: 1 problem in /nowhere/sluice.yaml\n"
                            + "/nowhere/sluice.yaml: there is no such file");
        }

        @Test
        void answers_every_question_also_when_it_has_stopped() throws Exception {
            managed.appliance.close();
            for (ObjectName name : managed.mbeans.queryNames(new ObjectName("sluice:*"), null)) {
                for (var each : managed.mbeans.getMBeanInfo(name).getAttributes()) {
                    assertThat(managed.mbeans.getAttribute(name, each.getName()))
                            .as(name + " " + each.getName())
                            .isNotNull();
                }
            }
            assertThat(managed.<Boolean>get("Listener,name=plain", "Listening")).isFalse();
        }
    }

    @Nested
    class Remote_JMX {
        @Test
        void tells_clients_to_come_back_to_the_one_address() {
            String address = "127.0.0.1:" + managed.management.url().getPort();
            assertThat(managed.management.url())
                    .hasToString("service:jmx:rmi://" + address + "/jndi/rmi://" + address + "/jmxrmi");
            assertThat(System.getProperty("java.rmi.server.hostname")).isEqualTo("127.0.0.1");
        }

        @Test
        void listens_on_loopback_only() throws Exception {
            int port = managed.management.url().getPort();
            for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
                for (InetAddress address : each.inetAddresses().toList()) {
                    if (!address.isLoopbackAddress()) {
                        assertThatThrownBy(() -> connect(address, port)).isInstanceOf(IOException.class);
                    }
                }
            }
        }

        private static void connect(InetAddress address, int port) throws IOException {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, port), 1000);
            }
        }

        @Test
        void refuses_objects_of_foreign_classes() {
            assertThatThrownBy(() -> managed.mbeans.setAttribute(
                            new ObjectName("sluice:type=Appliance"),
                            new Attribute("Version", new java.io.File("/etc/passwd"))))
                    .hasStackTraceContaining("filter status: REJECTED");
        }

        @Test
        void names_an_address_that_is_taken() throws Exception {
            try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
                HostAndPort taken = new HostAndPort("127.0.0.1", other.getLocalPort());
                assertThatThrownBy(() -> Management.requireFree(taken))
                        .isInstanceOf(IOException.class)
                        .hasMessage("management.jmx.bind " + taken + " is taken or not an address of this host:"
                                + " Address already in use (expected a free address and port, or"
                                + " 'jmx: off')");
            }
        }

        @Test
        void can_be_off() throws Exception {
            Management.requireFree(null);
            managed.management.close();
            try (Management off = start(null)) {
                assertThat(off.url()).isNull();
            }
        }

        @Test
        void serves_one_appliance_in_a_process_and_leaves_the_first_alone() throws Exception {
            assertThatThrownBy(() -> start(null))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the MBeans cannot be registered: sluice:type=Appliance is there already, of another"
                            + " appliance in this process");
            assertThat(managed.names()).hasSize(10);
        }

        @Test
        void leaves_nothing_behind_and_can_start_again_on_the_same_port() throws Exception {
            int port = managed.management.url().getPort();
            managed.management.close();
            HostAndPort same = new HostAndPort("127.0.0.1", port);
            awaitFree(same);
            try (Management again = start(same)) {
                assertThat(Objects.requireNonNull(again.url()).getPort()).isEqualTo(port);
            }
            awaitFree(same);
        }

        /** The JDK lets go of a port when the thread that accepts has noticed. */
        private static void awaitFree(HostAndPort address) {
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThatCode(() -> Management.requireFree(address))
                            .doesNotThrowAnyException());
        }

        @Test
        void listens_on_the_loopback_address_of_IPv6_as_well() throws Exception {
            managed.management.close();
            try (Management six = start(new HostAndPort("::1", 0))) {
                assertThat(Objects.requireNonNull(six.url()).toString()).startsWith("service:jmx:rmi://[::1]:");
            }
        }

        private Management start(@Nullable HostAndPort bind) throws IOException {
            return Management.start(
                    new ApplianceView(
                            "1",
                            managed.appliance.startedAt(),
                            managed.appliance.accounts(),
                            managed.appliance.router(),
                            managed.appliance.listeners(),
                            managed.appliance.certificates(),
                            managed.appliance.drains(),
                            managed.appliance.loops()),
                    config -> "",
                    bind == null ? null : JmxConfig.on(bind),
                    null);
        }
    }

    @Test
    void the_MBeans_are_found_under_their_types() throws Exception {
        assertThat(managed.names())
                .isEqualTo(List.of(
                        "sluice:type=Appliance",
                        "sluice:type=Certificates",
                        "sluice:type=Liberator,name=lib-a",
                        "sluice:type=Liberator,name=lib-b",
                        "sluice:type=Listener,name=b-address",
                        "sluice:type=Listener,name=direct-a",
                        "sluice:type=Listener,name=plain",
                        "sluice:type=Management",
                        "sluice:type=RoutingTable",
                        "sluice:type=Streams"));
    }
}
