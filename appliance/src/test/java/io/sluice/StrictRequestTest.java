package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that two readers could read in two ways, on connections where more happens than in {@link CorpusTest}: none
 * of them may reach a Liberator, or reach it as complete.
 */
class StrictRequestTest {
    private static final String HOST = "Host: fx.example.com\r\n";

    @RegisterExtension
    final Sluices sluices = new Sluices();

    private static String post(String fields, String body) {
        return "POST /x HTTP/1.1\r\n" + HOST + fields + "\r\n\r\n" + body;
    }

    private static String get(String fields) {
        return "GET /x HTTP/1.1\r\n" + HOST + fields + "\r\n\r\n";
    }

    @Nested
    class A_head_that_breaks_the_rules {
        @ParameterizedTest
        @ValueSource(strings = {"GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "\r\n\r\n\r\n\r\n", "GET /\n\n"})
        void ends_a_kept_connection_on_which_good_ones_came_before(String bad) {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            TestClient client = sluices.client().get("/good");
            Conversation liberator = fake.next();
            liberator.expectHead("GET /good");
            liberator.answer("ok");
            client.readHead();
            client.readText(2);
            client.send(bad);
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 400 ");
            liberator.awaitClientGone();
        }

        @Test
        void in_pieces_is_refused_too() {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            TestClient client = sluices.client();
            for (char each : "POST / HTTP/1.1\r\nHost: fx.example.com\r\nTransfer-Encoding: chunke".toCharArray()) {
                client.send(String.valueOf(each));
            }
            client.send("d\r\nContent-Length: 3\r\n\r\n");
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 400 ");
            assertThat(fake.visits()).isZero();
        }

        @Test
        void is_all_that_is_read_of_a_connection() {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            TestClient client = sluices.client()
                    .send(post("Content-Length: 3\r\nTransfer-Encoding: chunked", "0\r\n\r\n") + get("Smuggled: yes"));
            assertThat(client.readUntilEnd()).startsWith("HTTP/1.1 400 ").endsWith("\r\n\r\n");
            assertThat(fake.visits()).isZero();
        }
    }

    @Nested
    class What_is_forgiven {
        @Test
        void one_empty_line_before_a_request() {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            TestClient client = sluices.client().send("\r\n" + get("A: b"));
            Conversation liberator = fake.next();
            liberator.expectHead("GET /x HTTP/1.1\r\n");
            liberator.answer("ok");
            client.readHead();
            client.readText(2);
            client.send("\r\n").send(get("A: c"));
            assertThat(liberator.expectHead("GET /x HTTP/1.1\r\n")).contains("A: c");
        }

        @Test
        void an_offer_to_upgrade_to_h2c_which_is_taken_out() {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            sluices.client()
                    .send(get(
                            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__"));
            assertThat(fake.next().expectHead("GET /x HTTP/1.1\r\n").toLowerCase(java.util.Locale.ROOT))
                    .doesNotContain("upgrade")
                    .doesNotContain("h2c")
                    .doesNotContain("http2-settings")
                    .doesNotContain("connection");
        }

        @Test
        void an_asterisk_with_OPTIONS() {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            sluices.client().send("OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n");
            fake.next().expectHead("OPTIONS * HTTP/1.1\r\n");
        }
    }

    @Nested
    class A_chunked_body_that_breaks_the_rules {
        @Test
        void breaks_off_an_answer_that_has_begun() {
            FakeLiberator fake = sluices.liberator();
            sluices.serve(fake);
            TestClient client = sluices.client().send(post("Transfer-Encoding: chunked", "5\r\nhello\r\n"));
            Conversation liberator = fake.next();
            liberator.expectHead("POST /x");
            liberator.readChunk();
            liberator.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n");
            client.readHead();
            client.readChunk();
            client.send("bad\n");
            client.awaitReset();
            liberator.awaitReset();
        }
    }
}
