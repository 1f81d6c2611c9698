package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private static Managed managed;

    @BeforeAll
    static void start() throws Exception {
        managed = new Managed();
    }

    @AfterAll
    static void stop() throws Exception {
        managed.close();
    }

    private static String explain(String listener, String serverName, String host, String path) throws Exception {
        return String.join("\n", managed.explain(listener, serverName, host, path));
    }

    @Nested
    class A_listener_that_routes_by_host {
        @Test
        void is_explained_from_table_to_Liberator() throws Exception {
            assertThat(managed.explain("plain", "", "A.example.com:8080", "/rttp?x=1"))
                    .satisfiesExactly(
                            line -> assertThat(line).isEqualTo("table      version 1"),
                            line -> assertThat(line).isEqualTo("listener   'plain', http, routes by host"),
                            line -> assertThat(line).isEqualTo("host       'A.example.com:8080'"),
                            line -> assertThat(line).isEqualTo("read as    'a.example.com'"),
                            line -> assertThat(line).isEqualTo("TLS name   none"),
                            line -> assertThat(line).isEqualTo("route      'a.example.com', exact"),
                            line -> assertThat(line).isEqualTo("path       '/rttp' is not denied"),
                            line -> assertThat(line).isEqualTo("denyPaths  /status, /diagnostics"),
                            line -> assertThat(line).isEqualTo("Liberator  'lib-a' at 127.0.0.1:" + managed.a.port()),
                            line -> assertThat(line).isEqualTo("state      UNKNOWN"),
                            line -> assertThat(line).startsWith("since      2"),
                            line -> assertThat(line).startsWith("because    "),
                            line -> assertThat(line).isEqualTo("room       0 of 30000 connections"),
                            line -> assertThat(line).isEqualTo("if down    503"),
                            line -> assertThat(line).isEqualTo("result     goes to Liberator 'lib-a'"))
                    .allMatch(line -> line.length() <= 48);
        }

        @Test
        void names_the_wildcard_that_matched() throws Exception {
            assertThat(explain("plain", "x.b.example.com", "x.b.example.com", ""))
                    .contains("'x.b.example.com', same as the host")
                    .contains("route      '*.b.example.com', wildcard\n")
                    .endsWith("result     goes to Liberator 'lib-b'");
        }

        @Test
        void refuses_an_unknown_host_and_says_which_it_knows() throws Exception {
            assertThat(explain("plain", "", "c.example.com", "/"))
                    .contains("hosts      a.example.com, *.b.example.com\n")
                    .contains("because    no route for the host\n")
                    .endsWith("result     refused: 404, unknown-host");
        }

        @Test
        void refuses_a_denied_path_in_any_disguise() throws Exception {
            assertThat(explain("plain", "", "a.example.com", "/x/../%53tatus/memory"))
                    .contains("'/x/../%53tatus/memory' is denied\ndenyPaths  /status, /diagnostics\n")
                    .endsWith("result     refused: 403, denied-path");
            assertThat(explain("plain", "", "x.b.example.com", "/secret")).contains("refused: 403");
        }

        @Test
        void refuses_a_TLS_name_that_is_not_the_host() throws Exception {
            assertThat(explain("plain", "x.b.example.com", "a.example.com", "/"))
                    .contains("'x.b.example.com', not the host")
                    .contains("because    TLS server name and Host differ\n")
                    .endsWith("result     refused: 421, misdirected");
        }

        @Test
        void refuses_a_host_that_is_none() throws Exception {
            assertThat(explain("plain", "", "a_b c", "/")).endsWith("result     refused: 400, no-host");
        }
    }

    @Nested
    class A_listener_of_one_Liberator {
        @Test
        void serves_any_host() throws Exception {
            assertThat(explain("b-address", "", "whatever.example.com", "/"))
                    .contains("for 'lib-b' alone")
                    .contains("route      all hosts of the listener\n")
                    .endsWith("result     goes to Liberator 'lib-b'");
        }

        @Test
        void needs_no_host_to_be_explained() throws Exception {
            assertThat(explain("b-address", "", "", "")).endsWith("result     goes to Liberator 'lib-b'");
        }

        @Test
        void refuses_denied_paths_too() throws Exception {
            assertThat(explain("b-address", "", "x", "/status")).endsWith("result     refused: 403, denied-path");
        }
    }

    @Nested
    class A_direct_listener {
        @Test
        void relays_bytes_whatever_the_other_fields_hold() throws Exception {
            assertThat(explain("direct-a", "String", "String", "String"))
                    .contains("relayed as they are")
                    .endsWith("result     goes to Liberator 'lib-a'");
        }
    }

    @Nested
    class A_client {
        private String[] explain(String client, String host) throws Exception {
            return (String[]) managed.invoke("RoutingTable", "explainClient", client, "plain", "", host, "/", "");
        }

        @Test
        void is_followed_from_its_address_to_its_Liberator() throws Exception {
            assertThat(explain("192.0.2.1", "a.example.com"))
                    .containsSubsequence(
                            "listener   'plain', http, routes by host",
                            "client     192.0.2.1",
                            "rule       none: all that is not denied may come",
                            "host       'a.example.com'",
                            "route      'a.example.com', exact",
                            "result     goes to Liberator 'lib-a'");
        }

        @Test
        void needs_an_address_and_all_that_a_request_needs() throws Exception {
            assertThat(explain("String", "a.example.com"))
                    .containsExactly("nothing to explain yet:", "client 'String' is no address");
            assertThat(explain("192.0.2.1", "")).contains("nothing to explain yet:", "host is empty");
        }
    }

    @Nested
    class Fields_that_nobody_filled_in {
        @Test
        void are_all_named_at_once_with_what_is_valid() throws Exception {
            assertThat(managed.explain("String", "String", "String", "String"))
                    .containsExactly(
                            "nothing to explain yet:",
                            "listener 'String' is not defined",
                            "  expected: plain, b-address, direct-a",
                            "serverName is 'String', which JConsole fills in",
                            "  expected: a host name; empty for plain HTTP",
                            "host is 'String', which JConsole fills in",
                            "  expected: what stands in Host",
                            "path is 'String', which JConsole fills in",
                            "  expected: a path that starts with /; empty for /");
        }

        @Test
        void are_named_when_they_are_empty_or_absent() throws Exception {
            assertThat(managed.explain("", " ", "", ""))
                    .containsExactly(
                            "nothing to explain yet:",
                            "listener is empty",
                            "  expected: plain, b-address, direct-a",
                            "host is empty",
                            "  expected: what stands in Host");
            assertThat(managed.explain("plain", null, null, null))
                    .containsExactly(
                            "nothing to explain yet:", "host is empty", "  expected: a.example.com, *.b.example.com");
        }

        @Test
        void and_what_is_no_name_and_no_path_is_named_too() throws Exception {
            assertThat(managed.explain("plain", "a b", "a.example.com", "rttp"))
                    .containsExactly(
                            "nothing to explain yet:",
                            "serverName 'a b' is none",
                            "  expected: a host name; empty for plain HTTP",
                            "path 'rttp' is none",
                            "  expected: a path that starts with /; empty for /");
        }
    }
}
