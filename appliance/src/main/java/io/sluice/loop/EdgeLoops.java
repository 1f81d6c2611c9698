package io.sluice.loop;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The appliance's event loops: one selector manager for all listeners and all upstream sockets.
 *
 * <p>New client connections are spread over the loops in turn; whatever belongs to a connection stays on its
 * loop for life.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class EdgeLoops extends SelectorManager {
    /** One may wait for a token that signs. */
    private static final int LEAST_KEY_THREADS = 2;

    private static final long KEY_THREAD_IDLE_SECONDS = 30;

    private final List<EdgeLoop> loops = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final DescriptorReserve reserve;
    private final ThreadPoolExecutor keyWork;

    /**
     * @param loops how many loops, at least 1; one per processor serves best
     */
    public EdgeLoops(Executor executor, Scheduler scheduler, int loops) {
        super(executor, scheduler, loops);
        keyWork = keyWork(Math.max(loops, LEAST_KEY_THREADS));
        addBean(scheduler, true);
        reserve = new DescriptorReserve(scheduler);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        reserve.start();
    }

    @Override
    protected void doStop() throws Exception {
        reserve.stop();
        super.doStop();
        keyWork.shutdownNow();
    }

    /** As many threads as there are loops: more would only take turns with them on the same processors. */
    private static ThreadPoolExecutor keyWork(int threads) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor made = new ThreadPoolExecutor(
                threads, threads, KEY_THREAD_IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "sluice-handshake-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        made.allowCoreThreadTimeOut(true);
        return made;
    }

    /** For the key work of TLS handshakes. */
    Executor keyWork() {
        return keyWork;
    }

    /** The process's reserve of descriptors. */
    public DescriptorReserve reserve() {
        return reserve;
    }

    /** The loop that the next new connection shall live on. */
    public EdgeLoop next() {
        int count = loops.size();
        return count == 1 ? loops.get(0) : loops.get(Math.floorMod(turn.getAndIncrement(), count));
    }

    /** All loops. */
    public List<EdgeLoop> all() {
        return loops;
    }

    @Override
    protected ManagedSelector newSelector(int id) {
        EdgeLoop loop = new EdgeLoop(this, id);
        loops.add(loop);
        return loop;
    }

    /** Never called: wires register themselves and are no Jetty endpoints. */
    @Override
    protected EndPoint newEndPoint(SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
        throw new UnsupportedOperationException("wires register themselves");
    }

    /** Never called, as {@link #newEndPoint}. */
    @Override
    public Connection newConnection(SelectableChannel channel, EndPoint endPoint, Object attachment) {
        throw new UnsupportedOperationException("wires register themselves");
    }
}
