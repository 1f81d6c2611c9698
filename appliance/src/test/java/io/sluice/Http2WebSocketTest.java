package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FakeLiberator.Conversation;
import io.sluice.Http2Client.Head;
import io.sluice.account.EndCause;
import io.sluice.account.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** WebSockets of clients that speak HTTP/2 (RFC 8441). */
class Http2WebSocketTest {
    private static final int ENABLE_CONNECT_PROTOCOL = 8;

    @RegisterExtension
    final Sluices sluices = new Sluices();

    private FakeLiberator fake;
    private Conversation liberator;
    private Http2Client client;
    private int stream;

    private void serve() {
        fake = sluices.liberator();
        sluices.serveHttp2(fake);
        client = sluices.http2Client();
    }

    private void open() {
        serve();
        openAnother();
    }

    private void openAnother() {
        stream = client.webSocket("/RTTP-TYPE8", "origin: https://trader.example.com");
        liberator = fake.next();
        liberator.expectHead("GET /RTTP-TYPE8 HTTP/1.1\r\n");
        liberator.send101();
        assertThat(client.status(stream)).isEqualTo(":status: 200");
    }

    @Test
    void are_offered() {
        fake = sluices.liberator();
        sluices.serveHttp2(fake);
        client = sluices.closing(Http2Client.connect(sluices.address("plain"), 0));
        client.send(Http2Client.PREFACE);
        byte[] settings =
                client.await(each -> each.type() == Http2Client.SETTINGS).payload();
        boolean offered = false;
        for (int i = 0; i < settings.length; i += 6) {
            offered |= settings[i + 1] == ENABLE_CONNECT_PROTOCOL && settings[i + 5] == 1;
        }
        assertThat(offered).isTrue();
    }

    @Test
    void are_asked_for_in_HTTP_1_1_with_a_key_of_our_own() {
        serve();
        stream = client.webSocket(
                "/RTTP-TYPE8",
                "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==",
                "sec-websocket-protocol: rttp, x",
                "sec-websocket-extensions: permessage-deflate",
                "origin: https://trader.example.com");
        liberator = fake.next();
        String head = liberator.expectHead("GET /RTTP-TYPE8 HTTP/1.1\r\n");
        assertThat(head)
                .contains("\r\nHost: fx.example.com\r\n")
                .contains("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n")
                .containsPattern("\r\nsec-websocket-key: [A-Za-z0-9+/]{22}==\r\n")
                .doesNotContain("AAAAAAAAAAAAAAAAAAAAAA==")
                .contains("\r\nsec-websocket-version: 13\r\n")
                .contains("\r\nsec-websocket-protocol: rttp, x\r\n")
                .contains("\r\nsec-websocket-extensions: permessage-deflate\r\n")
                .contains("\r\norigin: https://trader.example.com\r\n");
        liberator.send101("Sec-WebSocket-Protocol: rttp");
        Head answer = client.head(stream);
        assertThat(answer.fields()).containsExactly(":status: 200", "sec-websocket-protocol: rttp");
        assertThat(answer.ends()).isFalse();
    }

    @Test
    void carry_bytes_both_ways() {
        open();
        client.data(stream, false, "up");
        assertThat(liberator.readText(2)).isEqualTo("up");
        liberator.send("down");
        assertThat(client.readData(stream, 4)).isEqualTo("down");
        assertThat(sluices.stream().kind()).isEqualTo(Kind.WEBSOCKET);
    }

    @Test
    void get_what_the_client_sent_before_the_handshake_was_over_in_order() {
        serve();
        stream = client.webSocket("/RTTP-TYPE8");
        client.data(stream, false, "early ");
        liberator = fake.next();
        liberator.expectHead("GET /RTTP-TYPE8");
        client.data(stream, false, "bird");
        client.awaitPing();
        liberator.send(liberator.head101() + "glued");
        assertThat(client.status(stream)).isEqualTo(":status: 200");
        assertThat(client.readData(stream, 5)).isEqualTo("glued");
        assertThat(liberator.readText(10)).isEqualTo("early bird");
    }

    @Test
    void that_the_Liberator_accepts_wrongly_are_refused() {
        serve();
        stream = client.webSocket("/RTTP-TYPE8");
        liberator = fake.next();
        liberator.expectHead("GET /RTTP-TYPE8");
        liberator.sendHead(
                "HTTP/1.1 101 Switching Protocols",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(client.status(stream)).isEqualTo(":status: 502");
        liberator.awaitClientGone();
    }

    @Test
    void that_the_Liberator_refuses_get_its_answer() {
        serve();
        stream = client.webSocket("/RTTP-TYPE8");
        liberator = fake.next();
        liberator.expectHead("GET /RTTP-TYPE8");
        liberator.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
        assertThat(client.status(stream)).isEqualTo(":status: 403");
        assertThat(client.readToEnd(stream)).isEqualTo("no");
        assertThat(client.awaitReset(stream)).isZero();
        client.awaitPing();
    }

    @Test
    void that_are_refused_get_no_second_request_out_of_what_follows() {
        serve();
        stream = client.webSocket("/RTTP-TYPE8");
        client.data(stream, false, TestClient.request("GET", "/early"));
        liberator = fake.next();
        liberator.expectHead("GET /RTTP-TYPE8");
        client.awaitPing();
        liberator.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
        assertThat(client.status(stream)).isEqualTo(":status: 403");
        assertThat(client.readToEnd(stream)).isEqualTo("no");
        assertThat(client.awaitReset(stream)).isZero();
        client.data(stream, false, TestClient.request("GET", "/late"));
        client.awaitPing();
        liberator.awaitClientGone();
        assertThat(fake.visits()).isOne();
    }

    @Test
    void without_a_version_are_refused_with_426() {
        serve();
        stream = client.nextStream();
        String[] fields = Http2Client.requestFields("CONNECT", "/RTTP-TYPE8", ":protocol: websocket");
        client.headers(stream, false, fields);
        assertThat(client.head(stream).fields()).contains(":status: 426").doesNotContain("upgrade: websocket");
        assertThat(fake.visits()).isZero();
    }

    @Test
    void of_another_protocol_are_refused() {
        serve();
        stream = client.nextStream();
        client.headers(stream, false, Http2Client.requestFields("CONNECT", "/x", ":protocol: connect-udp"));
        assertThat(client.status(stream)).isEqualTo(":status: 405");
        stream = client.nextStream();
        client.headers(stream, false, ":method: CONNECT", ":authority: fx.example.com:443");
        assertThat(client.status(stream)).isEqualTo(":status: 405");
        assertThat(fake.visits()).isZero();
    }

    @Test
    void end_in_order_when_the_client_ends_them() {
        open();
        client.data(stream, true, "bye");
        assertThat(liberator.readUntilEnd()).isEqualTo("bye");
        liberator.send("bye too");
        liberator.close();
        assertThat(client.readToEnd(stream)).isEqualTo("bye too");
        Sluices.await(
                () -> assertThat(sluices.ledger().ended(EndCause.CLIENT_CLOSED)).isOne());
    }

    @Test
    void end_in_order_when_the_Liberator_ends_them() {
        open();
        liberator.send("bye");
        liberator.halfClose();
        assertThat(client.readToEnd(stream)).isEqualTo("bye");
        client.data(stream, true, "bye too");
        assertThat(liberator.readUntilEnd()).isEqualTo("bye too");
        Sluices.await(() ->
                assertThat(sluices.ledger().ended(EndCause.LIBERATOR_CLOSED)).isOne());
    }

    @Test
    void are_reset_when_the_Liberator_is_lost() {
        open();
        liberator.reset();
        assertThat(client.awaitReset(stream)).isEqualTo(Http2Client.CANCEL);
        client.awaitPing();
    }

    @Test
    void end_at_the_Liberator_when_the_client_leaves_them() {
        open();
        client.reset(stream, Http2Client.CANCEL);
        liberator.awaitClientGone();
        Sluices.await(
                () -> assertThat(sluices.ledger().ended(EndCause.CLIENT_CLOSED)).isOne());
    }

    @Test
    void end_at_the_Liberator_when_the_connection_of_the_client_ends() {
        open();
        client.close();
        liberator.awaitClientGone();
        Sluices.await(
                () -> assertThat(sluices.ledger().ended(EndCause.CLIENT_CLOSED)).isOne());
    }

    @Test
    void are_lost_for_the_Liberator_when_the_client_breaks_them_off() {
        open();
        client.reset(stream, Http2Client.INTERNAL_ERROR);
        liberator.awaitReset();
        Sluices.await(
                () -> assertThat(sluices.ledger().ended(EndCause.CLIENT_LOST)).isOne());
    }

    @Test
    void end_in_order_when_an_operator_ends_them() {
        open();
        sluices.stream().askToEnd(EndCause.KILLED);
        assertThat(client.readToEnd(stream)).isEmpty();
        assertThat(client.awaitReset(stream)).isZero();
        liberator.awaitClientGone();
    }

    @Test
    void that_the_Liberator_does_not_read_hold_back_their_own_stream_only() {
        open();
        int stuck = stream;
        long window = 65_535;
        while (window > 0) {
            int part = (int) Math.min(16_384, window);
            client.data(stuck, false, "u".repeat(part));
            window += client.grantedNow(stuck) - part;
        }
        openAnother();
        client.data(stream, false, "through");
        assertThat(liberator.readText(7)).isEqualTo("through");
    }

    /** In any number one after the other; a stream that stayed in a table would use one of a hundred places. */
    @Test
    void leave_no_trace_in_their_connection() {
        serve();
        for (int i = 0; i < 150; i++) {
            openAnother();
            if (i % 3 == 0) {
                client.data(stream, true, "");
                liberator.awaitEnd();
                liberator.close();
                client.readToEnd(stream);
            } else if (i % 3 == 1) {
                liberator.close();
                client.readToEnd(stream);
                client.data(stream, true, "");
            } else {
                client.reset(stream, Http2Client.CANCEL);
                liberator.awaitClientGone();
            }
        }
        Sluices.await(() ->
                assertThat(sluices.appliance().accounts().streams().active()).isZero());
        client.awaitPing();
    }
}
