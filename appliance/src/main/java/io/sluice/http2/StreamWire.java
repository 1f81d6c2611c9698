package io.sluice.http2;

import io.sluice.loop.Sent;
import io.sluice.loop.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 stream at a time, as the wire of a client that speaks HTTP/1.1.
 *
 * <p>Its pair reads a request as text and writes a response as text; here they become frames and back. When a stream
 * was answered whole and its pair wants to go on, the wire is idle and may carry the connection's next stream, like the
 * next request on a kept connection.
 *
 * <p><b>Ends:</b> the pair's close or reset before the response is complete is RST_STREAM, never END_STREAM; so is the
 * end of its output where that is no proper end of the response. A client that resets its stream is {@link #LOST}, or
 * at its {@link #END} where it just wants no more of it.
 *
 * <p><b>Threading:</b> the loop's thread. Its handler is called by the connection, after the frames that were read.
 *
 * <p><b>Bounds:</b> inwards what the stream's window lets in, outwards what {@link Wire} allows.
 */
final class StreamWire extends Wire {
    /** The window for the client's DATA: the first one, so that it need not be announced. */
    private static final int WINDOW = Frame.FIRST_WINDOW;

    /** The client is told when this much of the window is free again. */
    private static final int UPDATE_BYTES = WINDOW / 4;

    private enum Client {
        THERE,
        /** It wants nothing more. */
        LEFT,
        LOST
    }

    private final Http2Connection connection;
    private final Output output;
    private final ByteQueue waiting = new ByteQueue();
    private @Nullable Handler handler;
    private Client client = Client.THERE;
    private boolean readPaused = true;
    private boolean outputEnded;
    private boolean leaving;
    private boolean closed;
    private boolean draining;
    private boolean drained;
    private boolean touched;
    private long waitingSinceNanos;
    private long bytesRead;

    // The stream under way.
    private int id;
    private String authority = "";
    private @Nullable RequestText request;
    private @Nullable ResponseFrames response;
    private int window;
    private int windowUsed;

    StreamWire(Http2Connection connection, Output output) {
        super(connection.loop());
        this.connection = connection;
        this.output = output;
    }

    // ---------------------------------------------------------------- the stream, for the connection

    /**
     * Starts a stream; the wire is new or {@link #isIdle}.
     *
     * @param ended whether the request has no DATA
     * @param sendWindow how many bytes of DATA the client allows
     */
    void start(int stream, RequestFields fields, boolean ended, int sendWindow) {
        id = stream;
        authority = fields.authority();
        request = RequestText.of(fields, ended);
        response = new ResponseFrames(stream, fields.isHead(), sendWindow, output, connection);
        window = WINDOW;
        windowUsed = 0;
        touch();
    }

    /** The stream's number; 0 between streams. */
    int id() {
        return id;
    }

    /** Whether the connection's next stream may start here. */
    boolean isIdle() {
        return id == 0 && !closed && !outputEnded && client == Client.THERE;
    }

    String authority() {
        return authority;
    }

    boolean isRequestEnded() {
        return request == null || request.isEnded();
    }

    /** A DATA frame of {@code bytes} begins; false when the window does not allow it. */
    boolean allows(int bytes) {
        window -= bytes;
        return window >= 0;
    }

    /** Content has come; false when it is more than the request declared. */
    boolean data(ByteBuffer part) {
        RequestText text = request;
        boolean good = text == null || text.data(part);
        touch();
        return good;
    }

    /** {@code bytes} of the window held padding. */
    void padding(int bytes) {
        windowFreed(bytes);
    }

    /** The client has sent all; false when it is less than the request declared. */
    boolean requestEnds(byte[] trailers) {
        RequestText text = request;
        boolean good = text == null || text.end(trailers);
        ResponseFrames frames = response;
        if (good && frames != null && frames.isComplete()) {
            streamEnded();
        }
        touch();
        return good;
    }

    /** The client allows {@code bytes} more, or less; false when that is more than there can be. */
    boolean windowGrown(long bytes) {
        ResponseFrames frames = response;
        return frames == null || frames.windowGrown(bytes);
    }

    /**
     * The stream is no more, before its time; its pair will be told.
     *
     * @param orderly whether the client just wants nothing more
     */
    void gone(boolean orderly) {
        client = orderly ? Client.LEFT : Client.LOST;
        forgetStream();
        touch();
    }

    /** Bytes that wait may go now; within a turn of the output only. */
    void moveWaiting() {
        ResponseFrames frames = response;
        if (waiting.isEmpty() || frames == null) {
            return;
        }
        ByteBuffer text = waiting.view();
        int before = text.remaining();
        move(frames, text);
        if (text.remaining() < before) {
            waitingSinceNanos = System.nanoTime();
            waiting.drop(before - text.remaining());
            draining = true;
            touch();
        }
        output.forget(this);
        if (!waiting.isEmpty()) {
            output.await(this);
            return;
        }
        drained = true;
        touch();
        if (frames.isComplete()) {
            answered();
        }
        if (outputEnded) {
            finishOutput();
        }
    }

    private void move(ResponseFrames frames, ByteBuffer text) {
        frames.move(text);
        RequestText asked = request;
        if (asked != null && asked.isWithheld() && frames.isTunnel()) {
            asked.accept();
            touch();
        }
    }

    /** Tells the pair what has happened since; never from within one of its calls. */
    void deliver() {
        touched = false;
        if (client == Client.LOST) {
            tellBroken();
            return;
        }
        if (client == Client.LEFT || leaving) {
            if (handler != null) {
                handler.onReadable();
            }
            if (client == Client.LEFT) {
                // Not half-closed, as the end of its bytes alone would say, but gone.
                tellBroken();
            }
            return;
        }
        if (draining) {
            draining = false;
            if (handler != null) {
                handler.onDraining();
            }
        }
        if (drained) {
            drained = false;
            if (handler != null) {
                handler.onDrained();
            }
        }
        boolean moved = true;
        while (moved && handler != null && !readPaused && request != null && request.isReadable()) {
            long before = bytesRead;
            handler.onReadable();
            moved = bytesRead != before;
        }
    }

    private void tellBroken() {
        if (handler != null) {
            handler.onBroken(new IOException("the stream is gone"));
        }
    }

    private void touch() {
        if (!touched) {
            touched = true;
            connection.touched(this);
        }
    }

    // ---------------------------------------------------------------- the wire, for the pair

    @Override
    public void handler(Handler newHandler) {
        handler = newHandler;
    }

    @Override
    public int read(ByteBuffer into) {
        if (client == Client.LOST) {
            return LOST;
        }
        if (client == Client.LEFT || leaving) {
            return END;
        }
        RequestText text = request;
        if (text == null) {
            return 0;
        }
        int start = into.position();
        windowFreed(text.read(into));
        int moved = into.position() - start;
        bytesRead += moved;
        if (moved == 0 && text.isAtEnd()) {
            bytesRead++;
            text.endTold();
            return END;
        }
        return moved;
    }

    /** {@code bytes} of the window are free again; the client is told now and then. */
    private void windowFreed(int bytes) {
        windowUsed += bytes;
        if (windowUsed >= UPDATE_BYTES && id != 0 && !isRequestEnded()) {
            connection.putWindowUpdate(id, windowUsed);
            window += windowUsed;
            windowUsed = 0;
        }
    }

    @Override
    public Sent send(ByteBuffer bytes) {
        ResponseFrames frames = response;
        if (closed || frames == null) {
            return Sent.LOST;
        }
        connection.begin();
        try {
            if (waiting.isEmpty()) {
                move(frames, bytes);
            }
            if (bytes.hasRemaining()) {
                hold(bytes);
            }
            if (frames.isComplete()) {
                answered();
            }
        } finally {
            connection.end();
        }
        if (output.isLost()) {
            return Sent.LOST;
        }
        return waiting.isEmpty() ? Sent.ALL : Sent.LATER;
    }

    private void hold(ByteBuffer bytes) {
        if (waiting.isEmpty()) {
            waitingSinceNanos = System.nanoTime();
            output.await(this);
        }
        waiting.append(bytes);
    }

    /** END_STREAM was sent. */
    private void answered() {
        if (id == 0) {
            return;
        }
        RequestText asked = request;
        if (isRequestEnded()) {
            streamEnded();
        } else if (asked != null && asked.isWithheld()) {
            // The tunnel was refused: what the client still sends has no meaning.
            resetFor(ErrorCode.NO_ERROR);
        }
    }

    /** Both sides have sent all. */
    private void streamEnded() {
        connection.streamEnded(this);
        RequestText rest = request;
        boolean unread = rest != null && rest.isReadable();
        forgetStream();
        if (rest != null && unread && rest.isTunnel()) {
            request = rest;
            touch();
        } else if (unread || outputEnded) {
            // Its pair has no use for the rest of a request, and another request must not stand behind it.
            leave();
        }
    }

    private void forgetStream() {
        id = 0;
        request = null;
        response = null;
        waiting.clear();
        output.forget(this);
    }

    @Override
    public int pendingBytes() {
        return waiting.size();
    }

    @Override
    public long pendingSinceNanos() {
        return waitingSinceNanos;
    }

    @Override
    public void pauseReading() {
        readPaused = true;
    }

    @Override
    public void resumeReading() {
        readPaused = false;
        if (leaving || (request != null && request.isReadable())) {
            touch();
        }
    }

    @Override
    public void endOutput() {
        if (!outputEnded && !closed) {
            outputEnded = true;
            if (waiting.isEmpty()) {
                finishOutput();
            }
        }
    }

    /** The pair will write nothing more, and what it wrote is sent. */
    private void finishOutput() {
        ResponseFrames frames = response;
        if (frames == null || id == 0) {
            leave();
            return;
        }
        connection.begin();
        try {
            boolean tunnel = frames.isTunnel();
            if (frames.endsWithOutput()) {
                frames.end();
            }
            if (frames.isComplete() && isRequestEnded()) {
                streamEnded();
            } else if (!frames.isComplete()) {
                resetFor(ErrorCode.INTERNAL_ERROR);
            } else if (!tunnel) {
                // RFC 9113 §8.1: the response does not depend on the rest of the request.
                resetFor(ErrorCode.NO_ERROR);
            }
        } finally {
            connection.end();
        }
    }

    private void resetFor(ErrorCode code) {
        connection.reset(this, code);
        forgetStream();
        leave();
    }

    /** The pair is shown the client's end, so that it closes. */
    void leave() {
        leaving = true;
        touch();
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    /** {@inheritDoc} A tunnel of which everything is sent ends in order, as with a FIN. */
    @Override
    public void close() {
        abandon(true);
    }

    @Override
    public void reset() {
        abandon(false);
    }

    private void abandon(boolean orderly) {
        if (closed) {
            return;
        }
        closed = true;
        handler = null;
        ResponseFrames frames = response;
        if (id != 0 && frames != null) {
            connection.begin();
            try {
                endStream(frames, orderly);
            } finally {
                connection.end();
            }
        }
        forgetStream();
        connection.closed(this);
    }

    private void endStream(ResponseFrames frames, boolean orderly) {
        ErrorCode code = frames.isTunnel() ? ErrorCode.CANCEL : ErrorCode.INTERNAL_ERROR;
        if (orderly && frames.isTunnel() && waiting.isEmpty()) {
            frames.end();
        }
        if (!frames.isComplete()) {
            connection.reset(this, code);
        } else if (isRequestEnded()) {
            connection.streamEnded(this);
        } else {
            connection.reset(this, ErrorCode.NO_ERROR);
        }
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return connection.remoteAddress();
    }

    @Override
    public InetSocketAddress localAddress() {
        return connection.localAddress();
    }
}
