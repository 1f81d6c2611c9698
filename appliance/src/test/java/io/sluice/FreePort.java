package io.sluice;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** A port for what cannot say which one the system gave it, or must come back on the same one. */
public final class FreePort {
    private static final int FIRST = 15_000;
    private static final int LAST = 32_000;

    /** Counts on from somewhere else in each process, as tests of another module may run beside these. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(LAST - FIRST));

    private FreePort() {}

    /**
     * One on which nobody listens and which was not given to another of this process, as both could find it free before
     * either listens; outside the range from which the system gives ports to whoever connects, as a client could be
     * given it between now and its use.
     */
    public static int find() {
        while (true) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), LAST - FIRST);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException taken) {
                // Another one, then.
            }
        }
    }
}
