package io.sluice.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.x connection to a demo Liberator: requests in turn, until one of them becomes a stream. */
final class HttpConversation {
    private static final byte[] GIF =
            Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");
    private static final int LINGER_MILLIS = 500;
    private static final int LINGER_READS = 16;

    private final DemoLiberator liberator;
    private final Socket socket;
    private final Inbound in;
    private final OutputStream out;

    HttpConversation(DemoLiberator liberator, Socket socket) throws IOException {
        this.liberator = liberator;
        this.socket = socket;
        this.in = new Inbound(socket);
        this.out = socket.getOutputStream();
    }

    void serve() throws IOException {
        try {
            boolean again = true;
            while (again) {
                Request request = Request.read(in, out);
                again = request != null && serve(request);
            }
        } catch (BadRequest e) {
            Reply reply = new Reply(e.status()).text(e.why() + "\n");
            out.write((e.status() == 426 ? reply.header("Sec-WebSocket-Version", "13") : reply).bytes(true, false));
            linger();
        }
    }

    /** Whether another request may follow on this connection. */
    private boolean serve(Request request) throws IOException {
        StreamKind kind = StreamKind.ofPath(request.path());
        if (request.method().equals("OPTIONS")) {
            return send(request, Reply.preflight(request));
        }
        if (kind != null) {
            return serve(request, kind);
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return send(
                    request,
                    new Reply(405).header("Allow", "GET, HEAD, OPTIONS").text("GET it is\n"));
        }
        return switch (request.path()) {
            case "/" -> send(request, new Reply(200).text("Demo Liberator " + liberator.name() + "\n"));
            case "/url-check.gif" -> send(request, new Reply(200).body("image/gif", GIF));
            case "/status" ->
                send(
                        request,
                        new Reply(200)
                                .text("Status of demo Liberator " + liberator.name()
                                        + ": if you read this through Sluice, Sluice has failed to hide it\n"));
            default -> send(request, new Reply(404).text("Nothing here\n"));
        };
    }

    private boolean serve(Request request, StreamKind kind) throws IOException {
        if (kind == StreamKind.WEBSOCKET && request.method().equals("GET")) {
            webSocket(request);
            return false;
        }
        boolean post = request.method().equals("POST");
        if (!post && !request.method().equals("GET")) {
            return send(
                    request,
                    new Reply(405).header("Allow", "GET, POST, OPTIONS").text("GET or POST it is\n"));
        }
        String body = request.body();
        if (post && !body.isEmpty() && !body.toLowerCase(Locale.ROOT).startsWith("x-rttp-")) {
            return command(request, kind, body);
        }
        if (post && kind != StreamKind.HTTP_STREAM) {
            throw new BadRequest(400, "a command starts with a session id");
        }
        if (kind == StreamKind.POLL) {
            Session session = liberator.sessions().open();
            String lines =
                    session.hello(kind.word()) + "\n" + kind.carry(session.polledLines(liberator.messagesPerSecond()));
            return send(request, new Reply(200).text(lines));
        }
        stream(request, kind);
        return false;
    }

    /** The command channel of split kinds, and the poll, which is a command that is only a session id. */
    private boolean command(Request request, StreamKind kind, String body) throws IOException {
        Command command = Command.of(body);
        Session session = liberator.sessions().find(command.session());
        if (session == null) {
            return send(request, new Reply(404).text("This Liberator does not know that session\n"));
        }
        if (kind == StreamKind.POLL && command.text().isEmpty()) {
            return send(request, new Reply(200).text(kind.carry(session.polledLines(liberator.messagesPerSecond()))));
        }
        return send(request, new Reply(200).text(session.answer(command.text()) + "\n"));
    }

    private void stream(Request request, StreamKind kind) throws IOException {
        String opening = kind.opening(kind.padding(request), parentOrigin(request.parameter("origin")));
        Session session = liberator.sessions().open();
        boolean chunked = request.minor() == 1;
        byte[] head =
                new Reply(200).stream(kind.contentType(), chunked).cors(request).bytes(false, false);
        out.write(head);
        out.write(chunk(opening + kind.carry(List.of(session.hello(kind.word()))), chunked));
        out.flush();
        // RFC 9112 allows a pipelined request here, but an endless answer has no next: bytes from the client end it.
        Ticker.run(
                session,
                liberator::messagesPerSecond,
                in,
                out,
                lines -> chunk(kind.carry(lines), chunked),
                received -> false);
    }

    private void webSocket(Request request) throws IOException {
        String accept = WebSocketConversation.accept(request);
        Session session = liberator.sessions().open();
        out.write(new Reply(101)
                .header("Upgrade", "websocket")
                .header("Connection", "Upgrade")
                .header("Sec-WebSocket-Accept", accept)
                .bytes(false, false));
        new WebSocketConversation(liberator, in, out, session).serve();
        linger();
    }

    private boolean send(Request request, Reply reply) throws IOException {
        boolean keep = request.keepsAlive();
        out.write(reply.cors(request).bytes(!keep, request.method().equals("HEAD")));
        out.flush();
        if (!keep) {
            linger();
        }
        return keep;
    }

    private static byte[] chunk(String text, boolean chunked) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        if (!chunked) {
            return payload;
        }
        byte[] size = (Integer.toHexString(payload.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] chunk = new byte[size.length + payload.length + 2];
        System.arraycopy(size, 0, chunk, 0, size.length);
        System.arraycopy(payload, 0, chunk, size.length, payload.length);
        chunk[chunk.length - 2] = '\r';
        chunk[chunk.length - 1] = '\n';
        return chunk;
    }

    /** The page to which a forever frame hands its lines. It stands in a script: only an origin passes. */
    private static String parentOrigin(@Nullable String asked) throws BadRequest {
        if (asked == null) {
            return "*";
        }
        String origin = asked.replace("%3A", ":")
                .replace("%2F", "/")
                .replace("%5B", "[")
                .replace("%5D", "]");
        if (!origin.matches("https?://[A-Za-z0-9.\\-\\[\\]:]{1,255}")) {
            throw new BadRequest(400, "origin is a scheme, a host and a port");
        }
        return origin;
    }

    /** Lets the client read the last words: a close with unread bytes would be a reset that takes them away. */
    private void linger() throws IOException {
        out.flush();
        socket.shutdownOutput();
        for (int i = 0; i < LINGER_READS; i++) {
            in.discard();
            if (in.fill(LINGER_MILLIS) != Inbound.Fill.BYTES) {
                return;
            }
        }
    }
}
