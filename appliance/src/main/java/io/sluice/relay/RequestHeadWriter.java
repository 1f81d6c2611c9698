package io.sluice.relay;

import io.sluice.config.ForwardedPolicy;
import io.sluice.config.ForwardedPolicy.XForwarded;
import io.sluice.config.HostAndPort;
import io.sluice.route.Assignment;
import io.sluice.route.Cookies;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes a checked request head anew towards the Liberator: one request line, one Host, one framing, the
 * client's fields without those meant for this hop, and what we ourselves say of the client.
 */
final class RequestHeadWriter {
    private static final String VIA = "1.1 sluice";
    private static final byte[] LINE_END = Octets.of("\r\n");
    private static final byte[] VERSION = Octets.of(" HTTP/1.1\r\n");
    private static final byte[] HOST = Octets.of("Host: ");
    private static final byte[] COOKIE = Octets.of("Cookie: ");
    private static final byte[] X_FORWARDED_FOR = Octets.of("X-Forwarded-For: ");
    private static final byte[] X_FORWARDED_PROTO = Octets.of("X-Forwarded-Proto: ");
    private static final byte[] X_FORWARDED_HOST = Octets.of("X-Forwarded-Host: ");
    private static final byte[] FORWARDED = Octets.of("Forwarded: ");
    private static final byte[] VIA_NAME = Octets.of("Via: ");
    private static final byte[] UPGRADE = Octets.of("Connection: Upgrade\r\nUpgrade: websocket\r\n");
    private static final byte[] CLOSE = Octets.of("Connection: close\r\n");
    private static final byte[] CHUNKED = Octets.of("Transfer-Encoding: chunked\r\n");
    private static final byte[] CONTENT_LENGTH = Octets.of("Content-Length: ");

    private final RequestHead head;
    private final ForwardedPolicy policy;
    private final InetAddress client;
    private final boolean secure;
    private final boolean trusted;
    private final @Nullable VerifiedSubject subject;
    private final @Nullable Assignment assignment;

    /**
     * @param client the peer's address
     * @param secure whether the client came over TLS
     * @param subject what to tell of the client's certificate; null: nothing
     * @param assignment what of the request is ours and not the Liberator's; null for nothing
     */
    RequestHeadWriter(
            RequestHead head,
            ForwardedPolicy policy,
            InetAddress client,
            boolean secure,
            @Nullable VerifiedSubject subject,
            @Nullable Assignment assignment) {
        this.head = head;
        this.policy = policy;
        this.client = client;
        this.secure = secure;
        this.subject = subject;
        this.assignment = assignment;
        this.trusted = policy.believes(client);
    }

    /**
     * Writes the head.
     *
     * @param out with room for the head as it came and 2 KiB more
     * @param hostWithout the Host to send when the client (HTTP/1.0) sent none
     */
    void write(ByteBuffer out, HostAndPort hostWithout) {
        put(out, head.method());
        out.put((byte) ' ');
        put(out, target());
        out.put(VERSION);
        String host = head.hostField();
        line(out, HOST, host == null ? hostWithout.toString() : host);
        Fields fields = head.fields();
        for (int i = 0; i < fields.count(); i++) {
            if (assignment != null && assignment.ownCookie() != null && fields.name(i) == FieldName.COOKIE) {
                writeForeignCookies(out, fields.value(i), assignment.ownCookie());
            } else if (passes(fields, i)) {
                fields.write(i, out);
            }
        }
        writeClaims(out, host);
        writeFraming(out);
        out.put(LINE_END);
    }

    /** The target without the prefix that led to the Liberator. */
    private String target() {
        int prefix = assignment == null ? 0 : assignment.pathPrefix();
        String rest = head.target().substring(prefix);
        return rest.startsWith("/") || prefix == 0 ? rest : "/" + rest;
    }

    private static void writeForeignCookies(ByteBuffer out, String field, String ownCookie) {
        String foreign = Cookies.without(field, ownCookie);
        if (!foreign.isEmpty()) {
            line(out, COOKIE, foreign);
        }
    }

    private boolean passes(Fields fields, int index) {
        FieldName name = fields.name(index);
        if (fields.isDropped(index)) {
            return false;
        }
        if (name == FieldName.EXPECT) {
            return head.expectsContinue();
        }
        if (name == FieldName.TRAILER) {
            return false;
        }
        if (name == FieldName.VIA) {
            return !policy.via();
        }
        return name == null || name.fate() == FieldName.Fate.PASS;
    }

    private void writeClaims(ByteBuffer out, @Nullable String host) {
        if (subject != null) {
            line(out, Octets.of(subject.field() + ": "), subject.value());
        }
        if (policy.mode() != XForwarded.OFF) {
            line(out, X_FORWARDED_FOR, appended(FieldName.X_FORWARDED_FOR, client.getHostAddress()));
            line(out, X_FORWARDED_PROTO, kept(FieldName.X_FORWARDED_PROTO, secure ? "https" : "http"));
            if (host != null) {
                line(out, X_FORWARDED_HOST, kept(FieldName.X_FORWARDED_HOST, host));
            }
        }
        if (policy.rfc7239()) {
            line(out, FORWARDED, appended(FieldName.FORWARDED, forwardedElement(host)));
        }
        if (policy.via()) {
            String before = joined(FieldName.VIA);
            line(out, VIA_NAME, before == null ? VIA : before + ", " + VIA);
        }
    }

    /** What a trusted proxy says, ours added behind it; else ours alone. */
    private String appended(FieldName name, String ours) {
        String before = trusted ? joined(name) : null;
        return before == null ? ours : before + ", " + ours;
    }

    /** What a trusted proxy says; else ours. */
    private String kept(FieldName name, String ours) {
        String before = trusted ? head.fields().first(name) : null;
        return before == null ? ours : before;
    }

    private @Nullable String joined(FieldName name) {
        Fields fields = head.fields();
        String joined = null;
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) == name) {
                joined = joined == null ? fields.value(i) : joined + ", " + fields.value(i);
            }
        }
        return joined;
    }

    /** RFC 7239 §4: an IPv6 address stands in brackets and quotes. */
    private String forwardedElement(@Nullable String host) {
        String address = client.getHostAddress();
        String node = client instanceof Inet6Address ? "\"[" + address + "]\"" : address;
        String element = "for=" + node + ";proto=" + (secure ? "https" : "http");
        return host == null ? element : element + ";host=\"" + host + "\"";
    }

    private void writeFraming(ByteBuffer out) {
        if (head.isWebSocket()) {
            out.put(UPGRADE);
        } else if (!head.isPersistent()) {
            out.put(CLOSE);
        }
        switch (head.framing().mode()) {
            case CHUNKED -> out.put(CHUNKED);
            case LENGTH ->
                line(out, CONTENT_LENGTH, Long.toString(head.framing().length()));
            default -> {
                if (head.fields().occurrences(FieldName.CONTENT_LENGTH) > 0) {
                    line(out, CONTENT_LENGTH, "0");
                }
            }
        }
    }

    /** @param name with its colon and blank */
    private static void line(ByteBuffer out, byte[] name, String value) {
        out.put(name);
        put(out, value);
        out.put(LINE_END);
    }

    private static void put(ByteBuffer out, String text) {
        out.put(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
