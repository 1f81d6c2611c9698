package io.sluice.http2;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a connection: those that are open, the wires whose pairs wait for the next one, and how the last ones
 * ended.
 *
 * <p><b>Threading:</b> the loop's thread.
 *
 * <p><b>Bounds:</b> {@value #MOST_OPEN} open streams, {@value #MOST_IDLE} idle wires.
 */
final class Streams {
    static final int MOST_OPEN = 100;

    /** Each has a connection to a Liberator. */
    private static final int MOST_IDLE = 8;

    private final List<StreamWire> open = new ArrayList<>();
    private final ArrayDeque<StreamWire> idle = new ArrayDeque<>();
    private final Departed departed = new Departed();
    private int last;
    private int firstWindow = Frame.FIRST_WINDOW;

    /** The highest number that the client has used. */
    int last() {
        return last;
    }

    /** The client has used {@code number}, for a stream that may be opened or refused. */
    void used(int number) {
        last = number;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    boolean isFull() {
        return open.size() == MOST_OPEN;
    }

    /** The open stream of that number; null when there is none. */
    @Nullable
    StreamWire open(int number) {
        for (int i = open.size() - 1; i >= 0; i--) {
            if (open.get(i).id() == number) {
                return open.get(i);
            }
        }
        return null;
    }

    /** How those ended that are not open any more. */
    Departed departed() {
        return departed;
    }

    /** A wire whose pair has served {@code authority} and waits; it is idle no more. Null when there is none. */
    @Nullable
    StreamWire takeIdle(String authority) {
        for (StreamWire each : idle) {
            if (each.isIdle() && each.authority().equals(authority)) {
                idle.remove(each);
                return each;
            }
        }
        return null;
    }

    /** {@code carrier} is about to carry a stream. */
    void begins(StreamWire carrier) {
        open.add(carrier);
    }

    /** {@code carrier}'s stream ends before its time. */
    void breaksOff(StreamWire carrier) {
        open.remove(carrier);
    }

    /** Both sides of {@code carrier}'s stream have sent all: it may carry the next. */
    void ended(StreamWire carrier) {
        departed.ended(carrier.id());
        open.remove(carrier);
        idle.addFirst(carrier);
        if (idle.size() > MOST_IDLE) {
            idle.removeLast().leave();
        }
    }

    /** The pair behind {@code carrier} is gone. */
    void closed(StreamWire carrier) {
        idle.remove(carrier);
    }

    /** How many bytes of DATA the client allows on a new one. */
    int firstWindow() {
        return firstWindow;
    }

    /** The client wants this window for each, new or open; false when that is more than there can be for one. */
    boolean firstWindow(int bytes) {
        long grown = (long) bytes - firstWindow;
        firstWindow = bytes;
        for (StreamWire each : open) {
            if (!each.windowGrown(grown)) {
                return false;
            }
        }
        return true;
    }

    /** The connection ends, and with it all streams: their pairs are told, soon. */
    void leave(boolean orderly) {
        List<StreamWire> left = List.copyOf(open);
        open.clear();
        left.forEach(each -> each.gone(orderly));
        idle.forEach(StreamWire::leave);
    }
}
