package io.sluice.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Drives one stream: sends what is due, then waits for the next tick by reading from the client, until the client
 * leaves or {@link Client#received} says that the conversation is over.
 *
 * <p><b>Threading:</b> the thread of the connection.
 */
final class Ticker {
    /** What a kind of stream does with the bytes that its client sends while prices go the other way. */
    interface Client {
        /** Called when {@code in} holds new bytes; false ends the stream. */
        boolean received(Inbound in) throws IOException;
    }

    /** Turns lines into the bytes of one chunk or frame. */
    interface Framing {
        byte[] bytes(List<String> lines);
    }

    private Ticker() {}

    static void run(
            Session session,
            DoubleSupplier messagesPerSecond,
            Inbound in,
            OutputStream out,
            Framing framing,
            Client client)
            throws IOException {
        while (true) {
            List<String> lines = session.dueLines(messagesPerSecond.getAsDouble());
            if (!lines.isEmpty()) {
                out.write(framing.bytes(lines));
                out.flush();
            }
            int waitMillis = (int) (session.waitNanos(messagesPerSecond.getAsDouble()) / 1_000_000);
            switch (in.fill(waitMillis)) {
                case END -> {
                    return;
                }
                case BYTES -> {
                    if (!client.received(in)) {
                        return;
                    }
                }
                case QUIET -> {}
            }
        }
    }
}
