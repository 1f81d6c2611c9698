package io.sluice.manage;

import io.sluice.listen.AddressCounts;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.StandardSocketOptions;
import java.rmi.server.RMIServerSocketFactory;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of the JMX port: on one address, bounded in number, plain or TLS. One object for registry and
 * connector, by which RMI knows that they can share a port.
 *
 * <p><b>Threading:</b> any thread.
 */
final class AdminSockets implements RMIServerSocketFactory {
    private static final int MOST_CONNECTIONS = 64;
    private static final int MOST_PER_ADDRESS = 32;
    /** RMI would wait two hours for the next call; clients give a quiet connection up after 15 s. */
    private static final int MOST_SILENT_MILLIS = 30_000;
    /** RMI serves each connection on a thread of its own, which first reads from it. */
    private static final ThreadLocal<@Nullable Accepted> CURRENT = new ThreadLocal<>();

    private final InetAddress address;
    private final boolean shared;
    private volatile @Nullable ServerSocket listening;
    private final AddressCounts counts = new AddressCounts();
    private final Semaphore places = new Semaphore(MOST_CONNECTIONS);
    private final LongAdder refused = new LongAdder();
    private volatile @Nullable AdminTls tls;

    /**
     * @param shared whether another process of the same user may listen there too
     */
    AdminSockets(InetAddress address, @Nullable AdminTls tls, boolean shared) {
        this.address = address;
        this.shared = shared;
        this.tls = tls;
    }

    /** For connections from now on; whether there is TLS at all stays as it was. */
    void renew(AdminTls renewed) {
        if (tls != null) {
            tls = renewed;
        }
    }

    /** The connection whose call this thread is serving; null on other threads. */
    static @Nullable Accepted current() {
        return CURRENT.get();
    }

    /** How many connections were closed at once, being too many. */
    long refusedTotal() {
        return refused.sum();
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        ServerSocket opened = listening(new InetSocketAddress(address, port), new Listening(), shared);
        listening = opened;
        return opened;
    }

    /** From now on another process of the same user may listen at the address too, or may not any more. */
    void share(boolean sharing) throws IOException {
        ServerSocket open = listening;
        if (open != null) {
            open.setOption(StandardSocketOptions.SO_REUSEPORT, sharing);
        }
    }

    static ServerSocket listening(InetSocketAddress address, ServerSocket socket, boolean shared) throws IOException {
        try {
            socket.setReuseAddress(true);
            if (shared) {
                socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            socket.bind(address);
            return socket;
        } catch (IOException taken) {
            socket.close();
            throw taken;
        }
    }

    private final class Listening extends ServerSocket {
        Listening() throws IOException {}

        @Override
        public Socket accept() throws IOException {
            while (true) {
                Accepted accepted = new Accepted();
                implAccept(accepted);
                if (!accepted.admit()) {
                    refused.increment();
                    accepted.close();
                    continue;
                }
                AdminTls terms = tls;
                if (terms == null) {
                    return accepted;
                }
                try {
                    return accepted.secured(terms);
                } catch (IOException | RuntimeException gone) {
                    accepted.close();
                }
            }
        }
    }

    /** One client's connection. */
    final class Accepted extends Socket {
        private final AtomicBoolean counted = new AtomicBoolean();
        private @Nullable InetAddress remote;
        private volatile @Nullable SSLSocket secured;
        private volatile boolean moving;

        Accepted() throws IOException {
            super((SocketImpl) null);
        }

        private boolean admit() {
            remote = super.getInetAddress();
            if (remote == null || !places.tryAcquire()) {
                return false;
            }
            if (!remote.isLoopbackAddress() && !counts.take(remote, MOST_PER_ADDRESS)) {
                places.release();
                return false;
            }
            counted.set(true);
            return true;
        }

        private SSLSocket secured(AdminTls terms) throws IOException {
            SSLSocket socket = terms.over(this);
            secured = socket;
            return socket;
        }

        /**
         * None, on purpose, but for Flight Recorder, which asks while bytes move and cannot do without: RMI's registry
         * lets clients of this host bind, rebind and unbind, unless it does not know where they come from. Then it
         * refuses ("origin unknown"), and nobody can put a connector of his own in the place of ours.
         */
        @Override
        public @Nullable InetAddress getInetAddress() {
            return moving ? super.getInetAddress() : null;
        }

        /** The client's address and port. */
        String from() {
            SocketAddress peer = getRemoteSocketAddress();
            return (remote == null ? "?" : remote.getHostAddress())
                    + (peer instanceof InetSocketAddress inet ? ":" + inet.getPort() : ":" + getPort());
        }

        InetAddress remote() {
            return remote == null ? address : remote;
        }

        /** Null without TLS. */
        @Nullable
        SSLSocket tls() {
            return secured;
        }

        @Override
        public void setSoTimeout(int millis) throws SocketException {
            super.setSoTimeout(millis == 0 ? MOST_SILENT_MILLIS : Math.min(millis, MOST_SILENT_MILLIS));
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    CURRENT.set(Accepted.this);
                    moving = true;
                    try {
                        return super.read();
                    } finally {
                        moving = false;
                    }
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    CURRENT.set(Accepted.this);
                    moving = true;
                    try {
                        return super.read(bytes, offset, length);
                    } finally {
                        moving = false;
                    }
                }
            };
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    moving = true;
                    try {
                        out.write(bytes, offset, length);
                    } finally {
                        moving = false;
                    }
                }
            };
        }

        @Override
        public synchronized void close() throws IOException {
            super.close();
            if (counted.compareAndSet(true, false)) {
                places.release();
                if (remote != null && !remote.isLoopbackAddress()) {
                    counts.giveBack(remote);
                }
            }
        }
    }
}
