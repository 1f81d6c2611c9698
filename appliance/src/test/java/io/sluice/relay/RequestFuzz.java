package io.sluice.relay;

import io.sluice.account.Refusal;
import io.sluice.config.AddressRange;
import io.sluice.config.ForwardedPolicy;
import io.sluice.config.ForwardedPolicy.XForwarded;
import io.sluice.config.HostAndPort;
import io.sluice.loop.EdgeLoop;
import io.sluice.route.HostName;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A client's bytes through head parser, rules, writer and body. Whatever is accepted must be exactly one request to a
 * strict server, for the host that was routed, with the body that the client framed; the bytes may come in any pieces.
 */
public final class RequestFuzz {
    private static final int MAX_URI_BYTES = 8 * 1024;
    private static final int MAX_HEAD_BYTES = 16 * 1024;
    private static final List<String> NEVER_UPSTREAM = List.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authorization",
            "te",
            "trailer",
            "upgrade",
            "http2-settings",
            "x-real-ip",
            "client-cert",
            "x-forwarded-port",
            "x-ssl-client-cert");

    private RequestFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data);
        int end = HeadEnd.find(in);
        if (end < 0 || end > MAX_HEAD_BYTES) {
            return;
        }
        byte[] head = Arrays.copyOf(data, end);
        RequestHead.Reading reading = RequestHead.read(head, MAX_URI_BYTES, true);
        if (reading.refusal() != null) {
            return;
        }
        Random random = new Random(Arrays.hashCode(data));
        checkStart(head, random);
        byte[] upstream = sent(reading.head(), Arrays.copyOfRange(data, end, data.length), random);
        if (upstream != null) {
            judge(reading.head(), upstream);
        }
    }

    /** The start of a good head is never refused. */
    private static void checkStart(byte[] head, Random random) {
        ByteBuffer start = ByteBuffer.wrap(head, 0, random.nextInt(head.length));
        Refusal early = HeadEnd.find(start) == HeadEnd.INCOMPLETE
                ? RequestHead.refusalOfStart(start, MAX_URI_BYTES)
                : Refusal.BAD_LINE_END;
        check(early == null, "the start of a good head was refused: " + early);
    }

    /** What goes upstream for {@code rest}, in pieces; null when the body is not complete or broken. */
    private static byte[] sent(RequestHead head, byte[] rest, Random random) {
        ByteArrayOutputStream upstream = new ByteArrayOutputStream();
        ByteBuffer out = ByteBuffer.allocate(2 * EdgeLoop.BUFFER_BYTES);
        new RequestHeadWriter(head, policy(random), address("192.0.2.7"), random.nextBoolean(), null, null)
                .write(out, new HostAndPort("lib", 8080));
        RequestBody.Progress progress = RequestBody.Progress.DONE;
        if (head.framing().mode() != Framing.Mode.NONE) {
            RequestBody body = new RequestBody(head.framing());
            boolean startsBroken = RequestBody.startsBroken(head.framing(), ByteBuffer.wrap(rest));
            ByteBuffer in = ByteBuffer.wrap(rest);
            progress = RequestBody.Progress.MORE;
            while (progress == RequestBody.Progress.MORE && in.hasRemaining()) {
                ByteBuffer piece = in.duplicate();
                piece.limit(in.position() + 1 + random.nextInt(in.remaining()));
                progress = body.feed(piece, out);
                in.position(piece.position());
                drain(out, upstream);
            }
            check(
                    startsBroken == (progress == RequestBody.Progress.BROKEN),
                    "looked at whole and in pieces it differs");
        }
        drain(out, upstream);
        return progress == RequestBody.Progress.DONE ? upstream.toByteArray() : null;
    }

    private static void drain(ByteBuffer out, ByteArrayOutputStream upstream) {
        upstream.write(out.array(), 0, out.position());
        out.clear();
    }

    private static void judge(RequestHead head, byte[] upstream) {
        OneRequest request = OneRequest.of(upstream);
        check(request.method.equals(head.method()), "method");
        check(request.target.equals(head.target()), "target");
        check(!request.method.matches("(?i)connect|trace|track"), "refused method");
        String host = request.values("host").get(0);
        check(head.host().equals(HostName.ofAuthority(host)), "routed by one host, sent to another");
        check(host.equals(host.toLowerCase(Locale.ROOT)), "host in one form");
        check(request.values("x-forwarded-for").size() <= 1, "one X-Forwarded-For");
        for (String name : NEVER_UPSTREAM) {
            boolean ours = (name.equals("connection") || name.equals("upgrade")) && head.isWebSocket()
                    || name.equals("connection") && request.values(name).equals(List.of("close"));
            check(ours || request.values(name).isEmpty(), name + " went upstream");
        }
        check(!head.isWebSocket() || request.body.isEmpty(), "a handshake with a body");
        check(request.body.length() == 0 || head.framing().mode() != Framing.Mode.NONE, "a body out of nothing");
    }

    private static ForwardedPolicy policy(Random random) {
        XForwarded mode = XForwarded.values()[random.nextInt(XForwarded.values().length)];
        List<AddressRange> trust = random.nextBoolean() ? List.of(range("192.0.2.0/24")) : List.of();
        return new ForwardedPolicy(mode, trust, random.nextBoolean(), random.nextBoolean());
    }

    private static AddressRange range(String text) {
        AddressRange range = AddressRange.parse(text);
        check(range != null, text);
        return range;
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static void check(boolean good, String what) {
        if (!good) {
            throw new AssertionError(what);
        }
    }
}
