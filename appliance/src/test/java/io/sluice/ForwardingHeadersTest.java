package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which header fields pass, which are taken out and which are ours. */
class ForwardingHeadersTest {
    private static final String[] CLAIMS = {
        "X-Forwarded-For: 6.6.6.6",
        "x-forwarded-proto: https",
        "X-Forwarded-Host: evil.example.com",
        "X-FORWARDED-PORT: 1",
        "X-Forwarded-Server: evil",
        "X-Forwarded-Ssl: on",
        "X-Forwarded-Prefix: /evil",
        "X-Forwarded-Scheme: https",
        "X-Real-IP: 6.6.6.6",
        "X-Client-IP: 6.6.6.6",
        "X-Cluster-Client-IP: 6.6.6.6",
        "True-Client-IP: 6.6.6.6",
        "Forwarded: for=6.6.6.6",
        "Front-End-Https: on",
        "X-SSL-Client-Cert: evil",
        "X-SSL-Client-Verify: SUCCESS",
        "X-SSL-Client-S-DN: CN=evil",
        "X-Original-URL: /evil",
        "X-Rewrite-URL: /evil",
        "Proxy: evil"
    };

    @RegisterExtension
    final Sluices sluices = new Sluices();

    private Conversation liberator;
    private TestClient client;

    /** Sends a GET with these fields; returns the head that the Liberator gets, but its request line. */
    private String pass(String policy, String... fields) {
        FakeLiberator fake = sluices.liberator();
        sluices.serve(fake, policy);
        client = sluices.client().get("/x", fields);
        liberator = fake.next();
        return liberator.expectHead("GET /x HTTP/1.1\r\n").substring("GET /x HTTP/1.1\r\n".length());
    }

    private static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    @Nested
    class Claims_about_the_client {
        @Test
        void are_replaced_by_ours() {
            assertThat(pass("forwarded: { xForwarded: replace }", CLAIMS))
                    .isEqualTo(head(
                            "Host: fx.example.com",
                            "X-Forwarded-For: 127.0.0.1",
                            "X-Forwarded-Proto: http",
                            "X-Forwarded-Host: fx.example.com"));
        }

        @Test
        void are_taken_out_where_none_are_wanted() {
            assertThat(pass("forwarded: { xForwarded: off }", CLAIMS)).isEqualTo(head("Host: fx.example.com"));
        }

        @Test
        void are_believed_of_a_trusted_proxy_and_ours_appended() {
            assertThat(pass(
                            "forwarded: { xForwarded: append, trust: [ 127.0.0.0/8 ], rfc7239: on }",
                            "X-Forwarded-For: 9.9.9.9",
                            "X-Forwarded-For: 10.0.0.1, 10.0.0.2",
                            "X-Forwarded-Proto: https",
                            "X-Forwarded-Host: public.example.com",
                            "X-Real-IP: 6.6.6.6",
                            "Forwarded: for=9.9.9.9;proto=https"))
                    .isEqualTo(head(
                            "Host: fx.example.com",
                            "X-Forwarded-For: 9.9.9.9, 10.0.0.1, 10.0.0.2, 127.0.0.1",
                            "X-Forwarded-Proto: https",
                            "X-Forwarded-Host: public.example.com",
                            "Forwarded: for=9.9.9.9;proto=https, for=127.0.0.1;proto=http;host=\"fx.example.com\""));
        }

        @Test
        void are_replaced_by_ours_where_the_peer_is_not_trusted() {
            assertThat(pass("forwarded: { xForwarded: append, trust: [ 10.0.0.0/8 ] }", CLAIMS))
                    .isEqualTo(head(
                            "Host: fx.example.com",
                            "X-Forwarded-For: 127.0.0.1",
                            "X-Forwarded-Proto: http",
                            "X-Forwarded-Host: fx.example.com"));
        }

        @Test
        void may_be_told_as_Forwarded_too() {
            assertThat(pass("forwarded: { xForwarded: off, rfc7239: on }", CLAIMS))
                    .isEqualTo(head(
                            "Host: fx.example.com", "Forwarded: for=127.0.0.1;proto=http;host=\"fx.example.com\""));
        }

        @Test
        void survive_no_trick_with_Connection() {
            assertThat(pass(
                            "forwarded: { xForwarded: replace }",
                            "Connection: X-Forwarded-For, x-forwarded-host",
                            "X-Forwarded-For: 6.6.6.6"))
                    .contains("\r\nX-Forwarded-For: 127.0.0.1\r\n")
                    .contains("\r\nX-Forwarded-Host: fx.example.com\r\n")
                    .doesNotContain("6.6.6.6");
        }
    }

    @Nested
    class Via {
        @Test
        void passes_untouched_by_default() {
            assertThat(pass("forwarded: { xForwarded: off }", "Via: 1.1 inner"))
                    .isEqualTo(head("Host: fx.example.com", "Via: 1.1 inner"));
        }

        @Test
        void may_name_us_behind_those_before() {
            assertThat(pass("forwarded: { xForwarded: off, via: on }", "Via: 1.0 a, 1.1 b", "via: 1.1 c"))
                    .isEqualTo(head("Host: fx.example.com", "Via: 1.0 a, 1.1 b, 1.1 c, 1.1 sluice"));
        }
    }

    @Nested
    class Fields_for_this_hop_only {
        @Test
        void do_not_reach_the_Liberator() {
            assertThat(pass(
                            "forwarded: { xForwarded: off }",
                            "Connection: keep-alive, X-Mine",
                            "connection: , x-OTHER ,,",
                            "Keep-Alive: timeout=5",
                            "Proxy-Connection: keep-alive",
                            "Proxy-Authorization: Basic eDp5",
                            "TE: trailers",
                            "Upgrade: h2c",
                            "HTTP2-Settings: AAMAAABkAAQAAP__",
                            "X-Mine: 1",
                            "X-Other: 2",
                            "X-Third: 3"))
                    .isEqualTo(head("Host: fx.example.com", "X-Third: 3"));
        }

        @Test
        void do_not_reach_the_client() {
            pass("forwarded: { xForwarded: off }");
            liberator.sendHead(
                    "HTTP/1.1 200 OK",
                    "Connection: keep-alive, X-Mine",
                    "Keep-Alive: timeout=5",
                    "Proxy-Authenticate: Basic",
                    "Proxy-Connection: keep-alive",
                    "Upgrade: h2c",
                    "X-Mine: 1",
                    "X-Third: 3",
                    "Content-Length: 0");
            assertThat(client.readHead()).isEqualTo(head("HTTP/1.1 200 OK", "X-Third: 3", "Content-Length: 0"));
        }
    }

    @Nested
    class All_others_pass_byte_for_byte {
        private static final String[] FIELDS = {
            "Origin: https://Trader.example.com",
            "cookie: a=b; c=\"d e\"",
            "Cookie: second=1",
            "AUTHORIZATION: Bearer x.y.z",
            "User-Agent: StreamLink/1  two  spaces",
            "Accept: */*",
            "X-Empty: ",
            "X-High: \u00e4\u0080\u00ff\u00fe",
            "X-Tab: a\tb",
            "X-Colon: a:b::c",
            "x_under.score!#$%&'*+-^`|~: odd",
            "Date: yesterday",
            "Cache-Control: no-cache"
        };

        @Test
        void to_the_Liberator_in_their_order() {
            String expected = "Host: fx.example.com\r\n" + String.join("\r\n", FIELDS) + "\r\n\r\n";
            assertThat(pass("forwarded: { xForwarded: off }", FIELDS)).isEqualTo(expected);
        }

        @Test
        void to_the_client_in_their_order_and_nothing_is_added() {
            pass("forwarded: { xForwarded: off }");
            String answer = "HTTP/1.1 200 \u00fc\r\n" + String.join("\r\n", FIELDS)
                    + "\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nServer: inner\r\nContent-Length: 2\r\n\r\nok";
            liberator.send(answer);
            assertThat(client.readText(answer.length())).isEqualTo(answer);
        }

        @Test
        void with_blanks_around_the_value_taken_off() {
            assertThat(pass("forwarded: { xForwarded: off }", "X-A:b", "X-C: \t d \t "))
                    .isEqualTo(head("Host: fx.example.com", "X-A: b", "X-C: d"));
        }

        @Test
        void up_to_a_hundred_of_them() {
            String[] fields = new String[99];
            for (int i = 0; i < fields.length; i++) {
                fields[i] = "X-" + i + ": " + i;
            }
            assertThat(pass("forwarded: { xForwarded: off }", fields))
                    .isEqualTo("Host: fx.example.com\r\n" + String.join("\r\n", fields) + "\r\n\r\n");
        }
    }

    @Nested
    class Host {
        @ParameterizedTest
        @CsvSource({
            "fx.example.com, fx.example.com",
            "FX.Example.com:8080, fx.example.com:8080",
            "fx.example.com., fx.example.com"
        })
        void reaches_the_Liberator_once_in_its_canonical_form_with_its_port(String asked, String sent) {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake, "forwarded: { xForwarded: off }");
            sluices.client().send("GET / HTTP/1.1\r\nA: b\r\nhost: " + asked + "\r\n\r\n");
            assertThat(fake.next().readHead()).isEqualTo("GET / HTTP/1.1\r\nHost: " + sent + "\r\nA: b\r\n\r\n");
        }
    }
}
