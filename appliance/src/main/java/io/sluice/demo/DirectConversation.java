package io.sluice.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** StreamLink type 1: LF lines both ways on one TCP connection; {@code nc} shows the prices. */
final class DirectConversation {
    private static final int LONGEST_COMMAND_BYTES = 4 * 1024;

    private final DemoLiberator liberator;
    private final Inbound in;
    private final OutputStream out;
    private final Session session;

    DirectConversation(DemoLiberator liberator, Socket socket) throws IOException {
        this.liberator = liberator;
        this.in = new Inbound(socket);
        this.out = socket.getOutputStream();
        this.session = liberator.sessions().open();
    }

    void serve() throws IOException {
        send(List.of(session.hello(StreamKind.DIRECT.word())));
        Ticker.run(
                session,
                liberator::messagesPerSecond,
                in,
                out,
                lines -> StreamKind.DIRECT.carry(lines).getBytes(StandardCharsets.UTF_8),
                this::answer);
    }

    private boolean answer(Inbound received) throws IOException {
        for (String line = received.takeLine(LONGEST_COMMAND_BYTES);
                line != null;
                line = received.takeLine(LONGEST_COMMAND_BYTES)) {
            send(List.of(session.answer(Command.of(line).text())));
        }
        return true;
    }

    private void send(List<String> lines) throws IOException {
        out.write(StreamKind.DIRECT.carry(lines).getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
