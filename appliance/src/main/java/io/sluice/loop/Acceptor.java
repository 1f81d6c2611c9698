package io.sluice.loop;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening socket on a loop: takes what waits in its backlog and hands each connection to the listener.
 *
 * <p>When the process runs out of descriptors it stops accepting for {@link #PAUSE_NANOS} instead of
 * spinning on a socket that stays ready; the backlog keeps the newcomers.
 */
public final class Acceptor implements Selected {
    private static final int BATCH = 64;
    private static final long PAUSE_NANOS = 100_000_000L;
    private static final long STOP_SECONDS = 2;
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

    private final EdgeLoop loop;
    private final ServerSocketChannel channel;
    private volatile Consumer<SocketChannel> taker;
    private final Runnable onExhausted;
    private final Deadline resume = new Deadline() {
        @Override
        protected void onDeadline() {
            accepting(true);
        }
    };

    private Acceptor(EdgeLoop loop, ServerSocketChannel channel, Consumer<SocketChannel> taker, Runnable onExhausted) {
        this.loop = loop;
        this.channel = channel;
        this.taker = taker;
        this.onExhausted = onExhausted;
    }

    /**
     * Starts accepting on {@code loop}; from any thread.
     *
     * @param channel bound and non-blocking; the acceptor's from now on, closed by {@link #stop}
     * @param taker gets each accepted channel, on the loop's thread, and owns it from then on
     * @param onExhausted called when accepting failed for want of descriptors
     */
    public static Acceptor start(
            EdgeLoop loop, ServerSocketChannel channel, Consumer<SocketChannel> taker, Runnable onExhausted) {
        Acceptor acceptor = new Acceptor(loop, channel, taker, onExhausted);
        loop.submit(selector -> {
            if (channel.isOpen()) {
                try {
                    channel.register(selector, SelectionKey.OP_ACCEPT, acceptor);
                } catch (IOException closed) {
                    LOG.debug("listener closed before it was registered", closed);
                }
            }
        });
        return acceptor;
    }

    /**
     * Gives every connection accepted from now on to {@code next}: a socket changes hands without ceasing to listen.
     *
     * <p><b>Threading:</b> any thread; a connection that is being accepted at this moment may still go to the taker
     * before.
     */
    public void deliverTo(Consumer<SocketChannel> next) {
        taker = next;
    }

    /**
     * Closes the listening socket; once this returns, connections are refused and the address is free.
     *
     * <p>A registered channel is only let go of by its selector, in the pass after it was closed; a loop that
     * nothing happens on would keep the address for ever. So the loop closes it, and this waits for that pass.
     *
     * <p><b>Threading:</b> any thread but the loops'.
     */
    public void stop() {
        CountDownLatch let = new CountDownLatch(1);
        loop.execute(() -> {
            resume.cancel();
            try {
                channel.close();
            } catch (IOException gone) {
                LOG.debug("close failed", gone);
            }
            loop.execute(let::countDown);
        });
        try {
            if (!let.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("listen.close late action=\"the address may stay taken for a while\"");
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onSelected(SelectionKey key) {
        for (int i = 0; i < BATCH; i++) {
            SocketChannel accepted;
            try {
                accepted = channel.accept();
            } catch (IOException exhausted) {
                if (channel.isOpen()) {
                    LOG.warn("listen.exhausted cause=\"{}\" action=\"accepting pauses\"", exhausted.getMessage());
                    onExhausted.run();
                    accepting(false);
                    loop.arm(resume, PAUSE_NANOS);
                }
                return;
            }
            if (accepted == null) {
                return;
            }
            taker.accept(accepted);
        }
    }

    @Override
    public void onFailed(Throwable cause) {
        LOG.debug("acceptor failed", cause);
    }

    private void accepting(boolean wanted) {
        SelectionKey key = channel.keyFor(loop.getSelector());
        if (key != null && key.isValid()) {
            key.interestOps(wanted ? SelectionKey.OP_ACCEPT : 0);
        }
    }
}
