package io.sluice.loop;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening socket on a loop: takes what waits in its backlog and hands each connection to its owner.
 *
 * <p>It pauses, and leaves newcomers to the backlog, while the process has no descriptor to spare (instead of
 * spinning on a socket that stays ready) and while they come faster than their owner wants them.
 */
public final class Acceptor implements Selected {
    /** Whose connections these are; called on the loop's thread. */
    public interface Owner {
        /** Gets each accepted channel and owns it from then on. */
        void onAccepted(SocketChannel accepted);

        /** The most connections per second; 0: no limit. */
        int acceptPerSecond();

        /** More came than that: accepting pauses until the next may come. */
        void onSlowed();

        /** There is no descriptor to spare: accepting pauses until there are some. */
        void onExhausted();
    }

    private static final int BATCH = 64;
    private static final long PAUSE_NANOS = 100_000_000L;
    private static final long STOP_SECONDS = 2;
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

    private final EdgeLoop loop;
    private final ServerSocketChannel channel;
    private volatile Owner owner;
    private final TokenBucket bucket = new TokenBucket();
    private final Deadline resume = new Deadline() {
        @Override
        protected void onDeadline() {
            if (loop.reserve().isLow()) {
                loop.arm(this, PAUSE_NANOS);
            } else {
                accepting(true);
            }
        }
    };

    private Acceptor(EdgeLoop loop, ServerSocketChannel channel, Owner owner) {
        this.loop = loop;
        this.channel = channel;
        this.owner = owner;
    }

    /**
     * Starts accepting on {@code loop}; from any thread.
     *
     * @param channel bound and non-blocking; the acceptor's from now on, closed by {@link #stop}
     */
    public static Acceptor start(EdgeLoop loop, ServerSocketChannel channel, Owner owner) {
        Acceptor acceptor = new Acceptor(loop, channel, owner);
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
     * <p><b>Threading:</b> any thread; a connection that is being accepted at this moment may still go to the owner
     * before.
     */
    public void deliverTo(Owner next) {
        owner = next;
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
        stop(false);
    }

    /**
     * As {@link #stop}, but connections that wait in the backlog are taken first, however fast they may come: the
     * kernel would reset them, or give them to another socket that listens at the address.
     */
    public void stopEmpty() {
        stop(true);
    }

    private void stop(boolean empty) {
        CountDownLatch let = new CountDownLatch(1);
        loop.execute(() -> {
            resume.cancel();
            try {
                SocketChannel waiting = empty ? channel.accept() : null;
                while (waiting != null) {
                    owner.onAccepted(waiting);
                    waiting = channel.accept();
                }
            } catch (IOException noDescriptor) {
                LOG.debug("the backlog stays", noDescriptor);
            }
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
        if (loop.reserve().isLow()) {
            exhausted();
            return;
        }
        for (int i = 0; i < BATCH; i++) {
            int perSecond = owner.acceptPerSecond();
            if (perSecond > 0 && !bucket.take(perSecond, System.nanoTime())) {
                owner.onSlowed();
                pause(bucket.nanosToNext(perSecond));
                return;
            }
            SocketChannel accepted;
            try {
                accepted = channel.accept();
            } catch (IOException noDescriptor) {
                if (channel.isOpen()) {
                    loop.reserve().exhausted(String.valueOf(noDescriptor.getMessage()));
                    exhausted();
                }
                return;
            }
            if (accepted == null) {
                if (perSecond > 0) {
                    bucket.putBack();
                }
                return;
            }
            owner.onAccepted(accepted);
        }
    }

    private void exhausted() {
        owner.onExhausted();
        pause(PAUSE_NANOS);
    }

    private void pause(long nanos) {
        accepting(false);
        loop.arm(resume, nanos);
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
