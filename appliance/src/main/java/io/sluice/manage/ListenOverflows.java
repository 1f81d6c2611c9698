package io.sluice.manage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections that the kernel dropped because the queue of a listening socket was full: nobody else tells of them,
 * and to their clients they look like a second of silence.
 *
 * <p>Linux counts them for all sockets of a network namespace together ({@code ListenOverflows} in
 * {@code /proc/net/netstat}); elsewhere there are none to see.
 *
 * <p><b>Threading:</b> one thread looks, any thread reads.
 */
final class ListenOverflows {
    private static final Logger LOG = LoggerFactory.getLogger(ListenOverflows.class);
    private static final String GROUP = "TcpExt:";
    private static final String COUNTER = "ListenOverflows";

    private final Path counters;
    private final long atStart;
    private volatile long total;

    ListenOverflows() {
        this(Path.of("/proc/net/netstat"));
    }

    ListenOverflows(Path counters) {
        this.counters = counters;
        this.atStart = read();
    }

    /** How many since this was made, as of the last look. */
    long total() {
        return total;
    }

    /** Reads the counter; warns when it has grown. */
    void look() {
        long before = total;
        long now = Math.max(before, read() - atStart);
        total = now;
        if (now > before) {
            LOG.warn(
                    "listen.overflow dropped={} total={} detail=\"connections came faster than they were accepted and the"
                            + " kernel dropped some; counted for the whole network namespace\"",
                    now - before,
                    now);
        }
    }

    private long read() {
        try {
            List<String> lines = Files.readAllLines(counters, StandardCharsets.ISO_8859_1);
            for (int i = 0; i + 1 < lines.size(); i++) {
                List<String> names = Arrays.asList(lines.get(i).split(" ", -1));
                int at = names.indexOf(COUNTER);
                if (names.get(0).equals(GROUP) && at > 0) {
                    return Long.parseLong(lines.get(i + 1).split(" ", -1)[at]);
                }
            }
        } catch (IOException | RuntimeException none) {
            LOG.debug("no {}", counters, none);
        }
        return 0;
    }
}
