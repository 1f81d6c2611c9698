package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.Http2Client.Head;
import io.sluice.account.EndCause;
import io.sluice.account.Kind;
import io.sluice.account.Refusal;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests and streams of clients that speak HTTP/2. */
class Http2Test {
    @RegisterExtension
    final Sluices sluices = new Sluices();

    private FakeLiberator fake;
    private Conversation liberator;
    private Http2Client client;

    private void serve(String... defaults) {
        fake = sluices.liberator();
        sluices.serveHttp2(fake, defaults);
        client = sluices.http2Client();
    }

    private String expect(String start) {
        liberator = fake.next();
        return liberator.expectHead(start);
    }

    @Nested
    class A_request {
        @Test
        void reaches_the_Liberator_as_HTTP_1_1() {
            serve();
            client.get("/page?x=1", "accept: text/html", "cookie: a=1", "cookie: b=2", "te: trailers");
            assertThat(expect("GET /page?x=1 HTTP/1.1\r\n"))
                    .contains("\r\nHost: fx.example.com\r\n")
                    .contains("\r\naccept: text/html\r\n")
                    .contains("\r\ncookie: a=1; b=2\r\n")
                    .contains("\r\nX-Forwarded-For: 127.0.0.1\r\n")
                    .contains("\r\nX-Forwarded-Proto: http\r\n")
                    .doesNotContain("te:")
                    .doesNotContainIgnoringCase("transfer-encoding");
        }

        @Test
        void is_answered_with_the_Liberators_fields_and_body() {
            serve();
            int stream = client.get("/page");
            expect("GET /page");
            liberator.sendHead(
                    "HTTP/1.1 200 OK",
                    "Content-Length: 4",
                    "Server: inner",
                    "X-Mixed-Case: Kept",
                    "Connection: keep-alive");
            Head head = client.head(stream);
            assertThat(head.fields())
                    .containsExactly(":status: 200", "content-length: 4", "server: inner", "x-mixed-case: Kept");
            assertThat(head.ends()).isFalse();
            liberator.send("page");
            assertThat(client.readToEnd(stream)).isEqualTo("page");
        }

        @Test
        void claims_nothing_that_only_a_trusted_proxy_may_say() {
            serve();
            client.get("/page", "x-forwarded-for: 1.2.3.4", "forwarded: for=1.2.3.4", "x-real-ip: 1.2.3.4");
            assertThat(expect("GET /page")).doesNotContain("1.2.3.4");
        }

        @Test
        void after_an_answered_one_takes_the_same_connection_to_the_Liberator() {
            serve();
            int first = client.get("/poll");
            expect("GET /poll");
            liberator.answer("one");
            client.head(first);
            client.readToEnd(first);
            int second = client.get("/poll");
            liberator.expectHead("GET /poll");
            liberator.answer("two");
            client.head(second);
            assertThat(client.readToEnd(second)).isEqualTo("two");
            assertThat(fake.visits()).isOne();
        }

        @Test
        void of_another_client_never_takes_that_connection() {
            serve();
            int first = client.get("/poll");
            expect("GET /poll");
            liberator.answer("one");
            client.head(first);
            client.readToEnd(first);
            sluices.http2Client().get("/poll");
            expect("GET /poll");
            assertThat(fake.visits()).isEqualTo(2);
        }

        @Test
        void beside_others_gets_a_connection_of_its_own() {
            serve();
            int first = client.get("/one");
            expect("GET /one");
            Conversation one = liberator;
            int second = client.get("/two");
            expect("GET /two");
            liberator.answer("2");
            assertThat(client.status(second)).isEqualTo(":status: 200");
            assertThat(client.readToEnd(second)).isEqualTo("2");
            one.answer("1");
            assertThat(client.status(first)).isEqualTo(":status: 200");
            assertThat(client.readToEnd(first)).isEqualTo("1");
        }

        @Test
        void for_an_unknown_host_is_answered_404_and_the_others_go_on() {
            serve();
            int stream = client.nextStream();
            client.headers(stream, true, ":method: GET", ":scheme: http", ":path: /", ":authority: other.example.com");
            assertThat(client.status(stream)).isEqualTo(":status: 404");
            int next = client.get("/page");
            expect("GET /page");
            liberator.answer("page");
            assertThat(client.status(next)).isEqualTo(":status: 200");
            assertThat(sluices.refusals().count(Refusal.UNKNOWN_HOST)).isOne();
        }

        @Test
        void for_a_denied_path_is_answered_403() {
            serve();
            int stream = client.get("/sta%74us");
            assertThat(client.status(stream)).isEqualTo(":status: 403");
            assertThat(fake.visits()).isZero();
        }

        @Test
        void whose_head_is_too_large_is_answered_431_and_the_tables_stay_in_step() {
            serve("maxRequestHead: 2KiB");
            int large = client.nextStream();
            byte[] block = Http2Client.block(Http2Client.requestFields("GET", "/page", "x: " + "y".repeat(3000)));
            client.frame(Http2Client.HEADERS, 5, large, block);
            assertThat(client.status(large)).isEqualTo(":status: 431");
            assertThat(client.status(client.get("/status"))).isEqualTo(":status: 403");
            assertThat(sluices.refusals().count(Refusal.HEAD_TOO_LARGE)).isOne();
            assertThat(fake.visits()).isZero();
        }

        @Test
        void while_the_Liberator_is_down_is_answered_503() {
            fake = sluices.liberator();
            sluices.serveHttp2(fake);
            fake.stopListening();
            client = sluices.http2Client();
            int stream = client.get("/page");
            Head head = client.head(stream);
            assertThat(head.fields()).contains(":status: 503", "retry-after: 5");
            assertThat(head.ends()).isTrue();
        }

        @Test
        void is_not_answered_in_time_gets_a_504() {
            serve("responseHeadTimeout: 200ms");
            int stream = client.get("/page");
            expect("GET /page");
            assertThat(client.status(stream)).isEqualTo(":status: 504");
            liberator.awaitClientGone();
        }
    }

    @Nested
    class A_response {
        @Test
        void without_a_body_ends_with_its_head() {
            serve();
            int head = client.request(true, "HEAD", "/page");
            expect("HEAD /page");
            liberator.sendHead("HTTP/1.1 200 OK", "Content-Length: 400");
            assertThat(client.head(head))
                    .isEqualTo(new Head(java.util.List.of(":status: 200", "content-length: 400"), true));
            int empty = client.get("/empty");
            liberator.expectHead("GET /empty");
            liberator.sendHead("HTTP/1.1 204 No Content");
            assertThat(client.head(empty).ends()).isTrue();
            int same = client.get("/same");
            liberator.expectHead("GET /same");
            liberator.sendHead("HTTP/1.1 304 Not Modified", "ETag: \"x\"");
            assertThat(client.head(same).ends()).isTrue();
        }

        @Test
        void comes_after_the_interim_ones() {
            serve();
            int stream = client.get("/page");
            expect("GET /page");
            liberator.sendHead("HTTP/1.1 103 Early Hints", "Link: </x.css>");
            Head hints = client.head(stream);
            assertThat(hints.fields()).containsExactly(":status: 103", "link: </x.css>");
            assertThat(hints.ends()).isFalse();
            liberator.answer("page");
            assertThat(client.status(stream)).isEqualTo(":status: 200");
            assertThat(client.readToEnd(stream)).isEqualTo("page");
        }

        @Test
        void in_chunks_that_come_together_leaves_as_one_frame() {
            serve();
            int stream = client.get("/page");
            expect("GET /page");
            liberator.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "2\r\nab\r\n3;x=y\r\ncde\r\n1\r\nf\r\n0\r\n\r\n");
            assertThat(client.head(stream).fields()).containsExactly(":status: 200");
            Http2Client.Frame data = client.next(stream);
            assertThat(Peer.text(data.payload())).isEqualTo("abcdef");
            assertThat(data.ends()).isTrue();
        }

        @Test
        void keeps_its_trailers() {
            serve();
            int stream = client.get("/page");
            expect("GET /page");
            liberator.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                    + "2\r\nab\r\n0\r\nX-Sum: 7\r\nSet-Cookie: a=b\r\n\r\n");
            client.head(stream);
            assertThat(client.readData(stream, 2)).isEqualTo("ab");
            Head trailers = client.head(stream);
            assertThat(trailers.fields()).containsExactly("x-sum: 7");
            assertThat(trailers.ends()).isTrue();
        }

        @Test
        void that_only_the_end_of_the_connection_ends_ends_with_it() {
            serve();
            int stream = client.get("/page");
            expect("GET /page");
            liberator.sendHead("HTTP/1.1 200 OK").send("some");
            client.head(stream);
            assertThat(client.readData(stream, 4)).isEqualTo("some");
            liberator.close();
            assertThat(client.readToEnd(stream)).isEmpty();
        }

        @Test
        void larger_than_any_frame_comes_whole() {
            serve();
            String megabyte = "0123456789abcdef".repeat(64 * 1024);
            int stream = client.get("/large");
            expect("GET /large");
            liberator.sendAside(Peer.bytes("HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n" + megabyte));
            client.head(stream);
            assertThat(client.readToEnd(stream)).isEqualTo(megabyte);
        }

        @Test
        void with_a_head_larger_than_a_frame_comes_whole() {
            serve();
            int stream = client.get("/page");
            expect("GET /page");
            liberator.sendHead("HTTP/1.1 204 No Content", "X-Large: " + "x".repeat(20_000));
            assertThat(client.head(stream).fields().get(1)).hasSize(20_000 + "x-large: ".length());
        }

        @Test
        void that_is_cut_off_is_reset_and_never_looks_complete() {
            serve();
            int stream = client.get("/page");
            expect("GET /page");
            liberator.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n");
            client.head(stream);
            assertThat(client.readData(stream, 2)).isEqualTo("ab");
            liberator.close();
            assertThat(client.awaitReset(stream)).isEqualTo(Http2Client.INTERNAL_ERROR);
            client.awaitPing();
            Sluices.await(() ->
                    assertThat(sluices.ledger().ended(EndCause.LIBERATOR_LOST)).isOne());
        }

        @Test
        void that_is_malformed_is_a_502() {
            serve();
            int stream = client.get("/page");
            expect("GET /page");
            liberator.send("HTTP/1.1 200 OK\r\nBad Field: x\r\n\r\n");
            assertThat(client.status(stream)).isEqualTo(":status: 502");
            liberator.awaitClientGone();
        }
    }

    @Nested
    class An_upload {
        @Test
        void without_a_length_reaches_the_Liberator_whole() {
            serve();
            int stream = client.request(false, "POST", "/up");
            client.data(stream, false, "first");
            assertThat(expect("POST /up")).contains("\r\nTransfer-Encoding: chunked\r\n");
            assertThat(liberator.readChunk()).isEqualTo("5\r\nfirst\r\n");
            client.data(stream, true, "second");
            assertThat(liberator.readChunk()).isEqualTo("6\r\nsecond\r\n");
            assertThat(liberator.readChunk()).isEqualTo("0\r\n\r\n");
            liberator.answer("ok");
            assertThat(client.status(stream)).isEqualTo(":status: 200");
        }

        @Test
        void keeps_its_trailers() {
            serve();
            int stream = client.request(false, "POST", "/up");
            client.data(stream, false, "x");
            client.headers(stream, true, "x-sum: 7", "content-length: 1");
            expect("POST /up");
            assertThat(liberator.readChunk()).isEqualTo("1\r\nx\r\n");
            assertThat(liberator.readUntil("\r\n\r\n")).isEqualTo("0\r\nx-sum: 7\r\n\r\n");
        }

        @Test
        void of_a_declared_length_passes_as_it_is() {
            serve();
            int stream = client.request(false, "POST", "/up", "content-length: 10");
            client.data(stream, false, "01234").data(stream, true, "56789");
            assertThat(expect("POST /up")).contains("\r\nContent-Length: 10\r\n");
            assertThat(liberator.readText(10)).isEqualTo("0123456789");
        }

        @Test
        void waits_for_the_100_of_the_Liberator() {
            serve();
            int stream = client.request(false, "POST", "/up", "content-length: 2", "expect: 100-continue");
            assertThat(expect("POST /up")).contains("\r\nexpect: 100-continue\r\n");
            liberator.sendHead("HTTP/1.1 100 Continue");
            assertThat(client.status(stream)).isEqualTo(":status: 100");
            client.data(stream, true, "ab");
            assertThat(liberator.readText(2)).isEqualTo("ab");
        }

        @Test
        void of_megabytes_goes_on_as_the_Liberator_takes_it() {
            serve();
            byte[] megabyte = new byte[1024 * 1024];
            java.util.Arrays.fill(megabyte, (byte) 'u');
            int stream = client.request(false, "POST", "/up", "content-length: " + megabyte.length);
            var sending = Peer.aside(() -> client.upload(stream, megabyte));
            expect("POST /up");
            assertThat(liberator.readExactly(megabyte.length)).isEqualTo(megabyte);
            sending.join();
        }

        @Test
        void that_the_Liberator_does_not_take_holds_back_its_own_stream_only() {
            serve();
            int stuck = client.request(false, "POST", "/stuck", "content-length: 10000000");
            expect("POST /stuck");
            long window = 65_535;
            while (window > 0) {
                int part = (int) Math.min(16_384, window);
                client.data(stuck, false, "u".repeat(part));
                window -= part;
                window += client.grantedNow(stuck);
            }
            int other = client.request(false, "POST", "/other");
            client.data(other, true, "quick");
            expect("POST /other");
            assertThat(liberator.readChunk()).isEqualTo("5\r\nquick\r\n");
            liberator.answer("ok");
            assertThat(client.status(other)).isEqualTo(":status: 200");
        }

        @Test
        void that_is_answered_before_its_end_is_stopped() {
            serve();
            int stream = client.request(false, "POST", "/up", "content-length: 100");
            client.data(stream, false, "some");
            expect("POST /up");
            liberator.readText(4);
            liberator.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.status(stream)).isEqualTo(":status: 413");
            assertThat(client.awaitReset(stream)).isZero();
            client.data(stream, true, "m".repeat(96));
            client.awaitPing();
            liberator.awaitClientGone();
        }

        @Test
        void that_stands_still_is_refused_with_408() {
            serve("requestBodyMinRate: 1B/1s");
            int stream = client.request(false, "POST", "/up", "content-length: 100");
            expect("POST /up");
            assertThat(client.status(stream)).isEqualTo(":status: 408");
            liberator.awaitClientGone();
        }
    }

    @Nested
    class A_stream_of_events {
        private int events() {
            int stream = client.get("/RTTP-TYPE9", "accept: text/event-stream");
            expect("GET /RTTP-TYPE9");
            liberator.sendHead("HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked");
            assertThat(client.status(stream)).isEqualTo(":status: 200");
            return stream;
        }

        @Test
        void passes_each_event_at_once() {
            serve();
            int stream = events();
            for (int i = 0; i < 5; i++) {
                liberator.sendChunk("data: " + i + "\n\n");
                assertThat(client.readData(stream, 9)).isEqualTo("data: " + i + "\n\n");
            }
            assertThat(sluices.stream().kind()).isEqualTo(Kind.SSE);
        }

        @Test
        void may_be_silent_for_longer_than_every_deadline_of_something_else() {
            serve(
                    "requestHeadTimeout: 1s",
                    "responseHeadTimeout: 1s",
                    "requestBodyMinRate: 1000B/1s",
                    "stalledClientTimeout: 1s");
            int stream = events();
            for (int i = 0; i < 3; i++) {
                // Another client waits for one of them to strike, longer than any of them together.
                TestClient other = sluices.client().get("/x");
                assertThat(other.readUntilEnd()).startsWith("HTTP/1.1 504 ");
            }
            liberator.sendChunk("data: 1\n\n");
            assertThat(client.readData(stream, 9)).isEqualTo("data: 1\n\n");
        }

        @ParameterizedTest
        @CsvSource({"/RTTP-TYPE2, HTTP_STREAM", "/RTTP-TYPE5, FOREVER_FRAME", "/RTTP-TYPE3, POLL"})
        void is_of_the_kind_that_its_path_says(String path, Kind kind) {
            serve();
            int stream = client.get(path);
            expect("GET " + path);
            assertThat(sluices.stream().kind()).isEqualTo(kind);
            liberator.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.status(stream);
            for (String each : new String[] {"one", "two"}) {
                liberator.sendChunk(each);
                assertThat(client.readData(stream, 3)).isEqualTo(each);
            }
            liberator.send("0\r\n\r\n");
            assertThat(client.readToEnd(stream)).isEmpty();
        }

        @Test
        void ends_at_the_Liberator_when_the_client_resets_it() {
            serve();
            int stream = events();
            client.reset(stream, Http2Client.CANCEL);
            liberator.awaitClientGone();
            client.awaitPing();
            Sluices.await(() ->
                    assertThat(sluices.ledger().ended(EndCause.CLIENT_CLOSED)).isOne());
        }

        @Test
        void ends_at_the_Liberator_when_the_connection_of_the_client_is_reset() {
            serve();
            events();
            client.reset();
            liberator.awaitClientGone();
        }

        @Test
        void of_any_number_up_to_a_hundred_runs_in_one_connection() {
            serve();
            int[] streams = new int[100];
            Conversation[] sides = new Conversation[100];
            for (int i = 0; i < streams.length; i++) {
                streams[i] = events();
                sides[i] = liberator;
            }
            for (int i = 0; i < streams.length; i++) {
                sides[i].sendChunk("event " + i);
            }
            for (int i = streams.length - 1; i >= 0; i--) {
                assertThat(client.readData(streams[i], ("event " + i).length())).isEqualTo("event " + i);
            }
            assertThat(sluices.appliance().accounts().streams().active()).isEqualTo(100);
        }

        @Test
        void whose_window_is_closed_waits_while_another_flows() {
            serve("stalledClientTimeout: 0");
            client = sluices.closing(Http2Client.connect(sluices.address("plain"), 0));
            client.greet(10);
            int slow = events();
            Conversation slowSide = liberator;
            slowSide.sendChunk("0123456789ABCDEF");
            assertThat(client.readData(slow, 10)).isEqualTo("0123456789");
            int fast = events();
            client.windowUpdate(fast, 1_000_000);
            liberator.sendChunk("flows on and on and on");
            assertThat(client.readData(fast, 22)).isEqualTo("flows on and on and on");
            client.windowUpdate(slow, 100);
            assertThat(client.readData(slow, 6)).isEqualTo("ABCDEF");
            slowSide.sendChunk("more");
            assertThat(client.readData(slow, 4)).isEqualTo("more");
        }

        @Test
        void that_its_client_does_not_take_stops_the_Liberator_and_holds_little() {
            serve("stalledClientTimeout: 0");
            client = sluices.closing(Http2Client.connect(sluices.address("plain"), 0));
            client.greet(1000);
            events();
            liberator.sendUntilStopped(Peer.bytes(Conversation.chunk("x".repeat(1000))), 2_000_000);
            client.awaitPing();
            assertThat(sluices.stream().fromLiberatorBytes()).isLessThan(200_000);
        }

        @Test
        void that_its_client_does_not_take_for_too_long_is_reset_alone() {
            serve("stalledClientTimeout: 300ms");
            client = sluices.closing(Http2Client.connect(sluices.address("plain"), 0));
            client.greet(10);
            int stream = events();
            liberator.sendChunk("0123456789ABCDEF");
            client.readData(stream, 10);
            assertThat(client.awaitReset(stream)).isEqualTo(Http2Client.INTERNAL_ERROR);
            liberator.awaitClientGone();
            client.awaitPing();
            Sluices.await(() ->
                    assertThat(sluices.ledger().ended(EndCause.CLIENT_STALLED)).isOne());
        }
    }

    @Nested
    class The_appliance_that_stops {
        /** RFC 9113 §6.8: the most that there can be. */
        private static final int EVERY_STREAM = Integer.MAX_VALUE;

        @Test
        void says_goodbye_and_lets_open_streams_end() {
            serve();
            int stream = client.get("/slow");
            expect("GET /slow");
            var stopping = Peer.aside(() -> sluices.stop(java.time.Duration.ofSeconds(20)));
            assertThat(client.awaitFarewell()).isEqualTo(EVERY_STREAM);
            client.answerPing();
            assertThat(client.awaitFarewell()).isEqualTo(stream);
            int late = client.get("/late");
            assertThat(client.awaitReset(late)).isEqualTo(Http2Client.REFUSED_STREAM);
            liberator.answer("done");
            assertThat(client.status(stream)).isEqualTo(":status: 200");
            assertThat(client.readToEnd(stream)).isEqualTo("done");
            client.readUntilGone();
            stopping.join();
        }

        @Test
        void serves_what_was_on_its_way_when_it_said_so() {
            serve();
            sluices.appliance().listeners().goAway();
            assertThat(client.awaitFarewell()).isEqualTo(EVERY_STREAM);
            int crossing = client.get("/crossing");
            client.answerPing();
            assertThat(client.awaitFarewell()).isEqualTo(crossing);
            expect("GET /crossing");
            liberator.answer("in time");
            assertThat(client.status(crossing)).isEqualTo(":status: 200");
            assertThat(client.readToEnd(crossing)).isEqualTo("in time");
            client.readUntilGone();
        }

        @Test
        void says_it_once_however_often_it_is_told() {
            serve();
            int stream = client.get("/slow");
            expect("GET /slow");
            sluices.appliance().listeners().goAway();
            sluices.appliance().listeners().goAway();
            assertThat(client.awaitFarewell()).isEqualTo(EVERY_STREAM);
            client.answerPing();
            assertThat(client.awaitFarewell()).isEqualTo(stream);
            liberator.answer("done");
            assertThat(client.status(stream)).isEqualTo(":status: 200");
            assertThat(client.readToEnd(stream)).isEqualTo("done");
            assertThat(client.readUntilGone()).isEmpty();
        }

        @Test
        void leaves_a_client_that_answers_no_ping() {
            serve();
            sluices.appliance().listeners().goAway();
            assertThat(client.awaitFarewell()).isEqualTo(EVERY_STREAM);
            assertThat(client.awaitFarewell()).isZero();
            client.readUntilGone();
        }

        @Test
        void takes_no_other_ping_for_the_answer() {
            serve();
            sluices.appliance().listeners().goAway();
            assertThat(client.awaitFarewell()).isEqualTo(EVERY_STREAM);
            client.frame(Http2Client.PING, Http2Client.ACK, 0, new byte[8]);
            int crossing = client.get("/crossing");
            client.answerPing();
            assertThat(client.awaitFarewell()).isEqualTo(crossing);
            expect("GET /crossing");
            liberator.answer("in time");
            assertThat(client.status(crossing)).isEqualTo(":status: 200");
            assertThat(client.readToEnd(crossing)).isEqualTo("in time");
        }
    }

    @Nested
    class A_listener {
        @Test
        void that_speaks_both_still_speaks_HTTP_1_1() {
            serve();
            TestClient old = sluices.client();
            old.send("G").send("ET /page HTTP/1.1\r\nHost: fx.example.com\r\n\r\n");
            expect("GET /page");
            liberator.answer("page");
            assertThat(old.readHead()).startsWith("HTTP/1.1 200 ");
        }

        @Test
        void that_speaks_both_tells_them_apart_by_more_than_the_first_bytes() {
            serve();
            TestClient old = sluices.client();
            old.send("PRI").send(" /page HTTP/1.1\r\nHost: fx.example.com\r\n\r\n");
            expect("PRI /page");
        }

        @Test
        void that_was_not_asked_to_refuses_HTTP_2() {
            fake = sluices.liberator();
            sluices.serve(fake);
            TestClient other = sluices.client();
            other.send(Http2Client.PREFACE);
            assertThat(other.readUntilEnd()).startsWith("HTTP/1.1 ");
        }

        @Test
        void never_takes_an_upgrade_to_HTTP_2() {
            serve();
            TestClient old = sluices.client();
            old.get("/page", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__");
            assertThat(expect("GET /page"))
                    .doesNotContainIgnoringCase("h2c")
                    .doesNotContainIgnoringCase("http2-settings");
            liberator.answer("page");
            assertThat(old.readHead()).startsWith("HTTP/1.1 200 ");
        }

        @Test
        void counts_what_came_over_HTTP_2() {
            serve();
            client.get("/status");
            client.awaitPing();
            var counts = sluices.appliance().accounts().listener("plain").http2();
            assertThat(counts.connectionsTotal()).isOne();
            assertThat(counts.streamsTotal()).isOne();
        }
    }
}
