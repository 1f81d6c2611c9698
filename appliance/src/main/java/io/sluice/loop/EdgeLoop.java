package io.sluice.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.eclipse.jetty.io.ManagedSelector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop: a Jetty selector that calls our wires straight from {@code select}, with the buffers and
 * the deadlines of everything that lives on it.
 *
 * <p>Jetty's own endpoints go through a selected-key set, an execution strategy and two locks per event. A
 * wire needs none of them: it never blocks and is only touched by this loop, so it is called from the
 * selector's action, keeps its interest set between events (no {@code epoll_ctl} per message) and reads into
 * the loop's one buffer (an idle stream holds none).
 *
 * <p><b>Threading:</b> {@link #execute}, {@link #lentBuffers} and {@link #reserve} may be called from any thread,
 * everything else only from the loop's own.
 */
public final class EdgeLoop extends ManagedSelector {
    /** Bytes moved by one read at most; also the most that a wire may hold back for a slow reader. */
    public static final int BUFFER_BYTES = 32 * 1024;

    /** The compose buffer as TLS records, and room for one more record, which the engine asks for. */
    private static final int CIPHER_OUT_BYTES = 2 * BUFFER_BYTES + 8 * 1024 + 17 * 1024;

    private static final int SPARE_BUFFERS = 64;
    private static final Logger LOG = LoggerFactory.getLogger(EdgeLoop.class);

    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer composeBuffer = ByteBuffer.allocateDirect(2 * BUFFER_BYTES);
    // On the heap: the JDK's ciphers are several times slower into direct memory.
    private final ByteBuffer cipherIn = ByteBuffer.allocate(BUFFER_BYTES);
    private final ByteBuffer cipherOut = ByteBuffer.allocate(CIPHER_OUT_BYTES);
    private @Nullable ByteBuffer frameBuffer;
    private final ArrayDeque<ByteBuffer> spares = new ArrayDeque<>();
    private final DeadlineWheel wheel = new DeadlineWheel(System.nanoTime());
    private final Consumer<SelectionKey> dispatch = this::dispatch;
    private final AtomicInteger lentBuffers = new AtomicInteger();
    private final DescriptorReserve reserve;
    private final Executor keyWork;
    private final ArrayDeque<Runnable> soon = new ArrayDeque<>();
    private @Nullable Thread selecting;
    private long turnNanos = System.nanoTime();
    private boolean turnStamped;

    EdgeLoop(EdgeLoops loops, int id) {
        super(loops, id);
        reserve = loops.reserve();
        keyWork = loops.keyWork();
    }

    /** For the key work of TLS handshakes, which would hold up the loop; its end comes back by {@link #execute}. */
    Executor keyWork() {
        return keyWork;
    }

    /** The process's reserve of descriptors; from any thread. */
    public DescriptorReserve reserve() {
        return reserve;
    }

    /**
     * The buffer that bytes are read into, cleared. Lent until the caller returns to the loop or calls this
     * again; whoever needs the bytes longer copies them.
     */
    public ByteBuffer readBuffer() {
        return readBuffer.clear();
    }

    /**
     * The buffer in which heads are put together with the bytes that follow them, cleared; lent like
     * {@link #readBuffer}.
     */
    public ByteBuffer composeBuffer() {
        return composeBuffer.clear();
    }

    /**
     * The buffer in which HTTP/2 frames are put together, cleared; lent like {@link #readBuffer}. It is there from the
     * first use on, and on the heap because frames mostly go through TLS.
     */
    public ByteBuffer frameBuffer() {
        if (frameBuffer == null) {
            frameBuffer = ByteBuffer.allocate(2 * BUFFER_BYTES);
        }
        return frameBuffer.clear();
    }

    /** Where ciphertext is read to, cleared; lent until the bytes are decrypted. */
    ByteBuffer cipherIn() {
        return cipherIn.clear();
    }

    /** Where ciphertext is written to, cleared; lent until the bytes are sent. */
    ByteBuffer cipherOut() {
        return cipherOut.clear();
    }

    /** A direct buffer of {@link #BUFFER_BYTES}, the caller's until {@link #giveBack}. */
    ByteBuffer take() {
        lentBuffers.incrementAndGet();
        ByteBuffer spare = spares.pollLast();
        return spare == null ? ByteBuffer.allocateDirect(BUFFER_BYTES) : spare.clear();
    }

    void giveBack(ByteBuffer buffer) {
        lentBuffers.decrementAndGet();
        if (spares.size() < SPARE_BUFFERS) {
            spares.addLast(buffer);
        }
    }

    /** How many buffers wires hold for slow readers right now; 0 when nobody is behind. */
    public int lentBuffers() {
        return lentBuffers.get();
    }

    /** Makes {@code deadline} fire {@code delayNanos} from now, within a tick of 20 ms; moves it if it is armed. */
    public void arm(Deadline deadline, long delayNanos) {
        wheel.arm(deadline, System.nanoTime(), delayNanos);
    }

    /**
     * When this turn of the loop began, as {@link System#nanoTime}: taken once for all events that one select
     * returned, so that stamping a message costs nothing.
     */
    public long turnNanos() {
        return turnNanos;
    }

    /**
     * Runs {@code task} on this loop, after what it is doing now; from any thread. From the loop's own it costs no wakeup.
     */
    public void execute(Runnable task) {
        // Only the thread that has set it can find itself there, so no more than a plain read is needed.
        if (Thread.currentThread() == selecting) {
            soon.add(task);
        } else {
            submit(selector -> task.run());
        }
    }

    SelectionKey register(SelectableChannel channel, int interest, Selected attachment) throws IOException {
        return channel.register(getSelector(), interest, attachment);
    }

    @Override
    protected int nioSelect(Selector selector, boolean now) throws IOException {
        turnStamped = false;
        selecting = Thread.currentThread();
        try {
            int selected = select(selector, now || !soon.isEmpty());
            runSoon();
            return selected;
        } finally {
            selecting = null;
        }
    }

    private int select(Selector selector, boolean now) throws IOException {
        int selected;
        if (now) {
            selected = selector.selectNow(dispatch);
        } else if (wheel.isEmpty()) {
            selected = selector.select(dispatch);
        } else {
            selected = selector.select(dispatch, TimeUnit.NANOSECONDS.toMillis(DeadlineWheel.TICK_NANOS));
        }
        if (!wheel.isEmpty()) {
            turnNanos = System.nanoTime();
            wheel.advance(turnNanos);
        }
        return selected;
    }

    /** What is added meanwhile waits for the next turn, so that sockets get theirs. */
    private void runSoon() {
        for (int left = soon.size(); left > 0; left--) {
            Runnable task = soon.remove();
            try {
                task.run();
            } catch (RuntimeException failure) {
                LOG.error("loop.error cause=\"{}\" action=\"ignored\"", failure.toString(), failure);
            }
        }
    }

    private void dispatch(SelectionKey key) {
        if (!turnStamped) {
            turnStamped = true;
            turnNanos = System.nanoTime();
        }
        if (!(key.attachment() instanceof Selected selected)) {
            return;
        }
        try {
            selected.onSelected(key);
        } catch (CancelledKeyException closedMeanwhile) {
            LOG.debug("key cancelled while its event was pending");
        } catch (IOException | RuntimeException failure) {
            fail(selected, failure);
        }
    }

    private static void fail(Selected selected, Exception failure) {
        if (!(failure instanceof IOException)) {
            LOG.error("loop.error cause=\"{}\" action=\"connection closed\"", failure.toString(), failure);
        }
        try {
            selected.onFailed(failure);
        } catch (RuntimeException second) {
            LOG.error("loop.error cause=\"{}\" action=\"ignored\"", second.toString(), second);
        }
    }
}
