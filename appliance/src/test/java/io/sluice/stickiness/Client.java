package io.sluice.stickiness;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who lives one life after the other: with a cookie jar behind the pool's host, with an address or a path
 * behind theirs, or with hosts and ports that belong to one Liberator each.
 *
 * <p>Knows where it belongs from what it was sent, not from any configuration: the first delivery says so, and from
 * then on every other one must come from there, until an answer takes its cookie back.
 *
 * <p><b>Threading:</b> one thread.
 */
final class Client implements Runnable {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private final World world;
    private final Tally tally;
    private final Random random;
    private final InetAddress address;
    private long session;

    private @Nullable String cookie;
    private @Nullable String belongsTo;
    private @Nullable String homeOfAddress;

    /** @param number tells its address and its sessions from those of the others */
    Client(World world, int number, long seed) {
        this.world = world;
        this.tally = world.tally();
        this.random = new Random(seed * 1_000_003 + number);
        this.session = (long) number << 40;
        try {
            this.address =
                    InetAddress.getByAddress(new byte[] {127, 1, (byte) (number >> 8), (byte) (1 + number % 250)});
        } catch (java.net.UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void run() {
        while (world.goesOn()) {
            session++;
            cookie = null;
            belongsTo = null;
            int kind = random.nextInt(20);
            if (kind < 10) {
                livePooled();
            } else if (kind < 13) {
                liveByHost();
            } else if (kind < 15) {
                liveDirect();
            } else if (kind < 17) {
                liveByAddress();
            } else if (kind < 19) {
                liveByPath();
            } else {
                coalesce();
            }
            tally.happened("sessions");
        }
    }

    // ---------------------------------------------------------------- lives

    /**
     * A session behind the pool: a stream beside commands, polls, files; planned reconnects; a forged cookie at times.
     */
    private void livePooled() {
        int turns = 1 + random.nextInt(12);
        for (int i = 0; i < turns && world.goesOn(); i++) {
            int port = world.anyPort(random);
            try (Connection stream = Connection.open(port, address)) {
                if (random.nextInt(8) == 0 && cookie != null) {
                    forge(port);
                }
                String kind = random.nextBoolean() ? "stream" : "ws";
                int count = world.recordsOfAStream(random);
                if (random.nextInt(3) == 0) {
                    request(stream, World.POOL, "", "poll", 1 + random.nextInt(3));
                }
                request(stream, World.POOL, "", kind, count, () -> beside(port));
            } catch (IOException broken) {
                tally.happened("broken off");
            }
        }
    }

    /** While a stream is open: commands and files on a connection of their own, as StreamLink has them. */
    private void beside(int streamPort) {
        int port = random.nextInt(4) == 0 ? world.anyPort(random) : streamPort;
        try (Connection other = Connection.open(port, address)) {
            request(other, World.POOL, "", "command", 1);
            request(other, World.POOL, "", random.nextBoolean() ? "file" : "poll", 2);
        } catch (IOException broken) {
            tally.happened("broken off");
        }
    }

    /** Somebody tries a cookie that was not made for him; nobody may serve it. */
    private void forge(int port) {
        String own = String.valueOf(cookie);
        String[] parts = own.split("\\.");
        String other = world.anyLiberator(random);
        String forged = other.equals(parts[2]) || random.nextBoolean()
                ? own.substring(0, own.length() - 1) + (own.endsWith("A") ? "B" : "A")
                : own.replace("." + parts[2] + ".", "." + other + ".");
        // The last of 43 characters of base64 holds 4 bits: A, B, C and D may mean the same ones.
        if (forged.regionMatches(0, own, 0, own.length() - 1) && forged.length() == own.length()) {
            forged = own.substring(0, own.length() - 5) + "AAAAA";
        }
        if (forged.equals(own)) {
            return;
        }
        try (Connection attack = Connection.open(port, address)) {
            attack.send("GET /file/" + session + "/1 HTTP/1.1\r\nHost: " + World.POOL + "\r\nCookie: " + forged
                    + "\r\n\r\n");
            Head head = attack.head();
            tally.happened("forged cookies");
            if (head.field("X-Liberator") != null) {
                tally.violated("a forged cookie was served by " + head.field("X-Liberator") + ": " + forged);
            }
        } catch (IOException broken) {
            tally.happened("broken off");
        }
    }

    /** Hosts of several Liberators in turn over one connection: each must be answered by its own. */
    private void liveByHost() {
        try (Connection connection = Connection.open(world.anyPort(random), address)) {
            int turns = 2 + random.nextInt(6);
            for (int i = 0; i < turns; i++) {
                String liberator = world.anyLiberator(random);
                belongsTo = liberator;
                if (!request(
                        connection, liberator + ".test", "", i % 2 == 0 ? "poll" : "stream", 1 + random.nextInt(200))) {
                    return;
                }
            }
        } catch (IOException broken) {
            tally.happened("broken off");
        }
    }

    private void liveDirect() {
        String liberator = world.anyLiberator(random);
        belongsTo = liberator;
        int count = world.recordsOfAStream(random);
        try (Connection connection = Connection.open(world.anyDirectPort(liberator, random), address)) {
            connection.send(session + " " + count + " " + liberator + "\n");
            Reading reading = new Reading(liberator, count, () -> {});
            connection.body(null, reading);
            reading.ended();
        } catch (IOException broken) {
            tally.happened("broken off");
        }
    }

    /** Its address leads to one Liberator for ever: nothing that happens here changes that pool. */
    private void liveByAddress() {
        belongsTo = homeOfAddress;
        for (int i = 0; i < 4; i++) {
            try (Connection connection = Connection.open(world.anyPort(random), address)) {
                request(connection, World.BY_ADDRESS, "", "poll", 2);
                request(connection, World.BY_ADDRESS, "", "stream", 1 + random.nextInt(300));
            } catch (IOException broken) {
                tally.happened("broken off");
            }
        }
        homeOfAddress = belongsTo;
    }

    private void liveByPath() {
        String liberator = world.anyLiberator(random);
        belongsTo = liberator;
        try (Connection connection = Connection.open(world.anyPort(random), address)) {
            request(connection, World.BY_PATH, "/at-" + liberator, "poll", 2);
            request(connection, World.BY_PATH, "/at-" + liberator, "stream", 1 + random.nextInt(300));
        } catch (IOException broken) {
            tally.happened("broken off");
        }
    }

    /** What a browser does that shares a connection between names of one certificate: must be told that it is wrong. */
    private void coalesce() {
        String shown = world.anyLiberator(random);
        int port = world.anySecurePort(random);
        try {
            if (random.nextBoolean()) {
                try (Connection connection = Connection.secure(port, World.trust(), shown + ".test")) {
                    String asked = world.anyLiberator(random);
                    connection.send("GET /file/" + session + "/1 HTTP/1.1\r\nHost: " + asked + ".test\r\n\r\n");
                    judgeCoalesced(shown, asked, connection.head(), "HTTP/1.1");
                }
            } else {
                try (Http2Connection connection = new Http2Connection(port, World.trust(), shown + ".test")) {
                    for (int i = random.nextInt(6); i >= 0; i--) {
                        String asked = world.anyLiberator(random);
                        Head head = connection.get(asked + ".test", "/file/" + session + "/1");
                        judgeCoalesced(shown, asked, head, "HTTP/2");
                    }
                }
            }
        } catch (IOException broken) {
            tally.happened("broken off");
        }
    }

    private void judgeCoalesced(String shown, String asked, Head head, String protocol) {
        if (shown.equals(asked)) {
            judge(head, asked);
        } else if (head.status() == 421) {
            tally.happened("coalescing attempts refused over " + protocol);
        } else {
            tally.violated("TLS name " + shown + " and host " + asked + " were answered by " + head);
        }
    }

    // ---------------------------------------------------------------- one exchange

    private boolean request(Connection on, String host, String prefix, String kind, int count) throws IOException {
        return request(on, host, prefix, kind, count, () -> {});
    }

    /** @param halfway what is done in the middle of the response; whether the connection may be used again */
    private boolean request(Connection on, String host, String prefix, String kind, int count, Runnable halfway)
            throws IOException {
        boolean isSocket = kind.equals("ws");
        String body = kind.equals("command") ? "command" : "";
        on.send((body.isEmpty() ? "GET " : "POST ") + prefix + "/" + kind + "/" + session + "/" + count
                + " HTTP/1.1\r\nHost: "
                + host + "\r\n"
                + (belongsTo == null ? "" : "X-Belongs-To: " + belongsTo + "\r\n")
                + (cookie == null || !host.equals(World.POOL) ? "" : "Cookie: theme=dark; " + cookie + "\r\n")
                + (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n")
                + (isSocket
                        ? "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                                + KEY + "\r\n"
                        : "")
                + "\r\n" + body);
        Head head = on.head();
        boolean served = judge(head, belongsTo);
        if (!served) {
            return false;
        }
        tally.happened(kind);
        Reading reading = new Reading(String.valueOf(belongsTo), count, halfway);
        if (on.body(head, reading)) {
            reading.ended();
        }
        return !isSocket && head.field("Connection") == null;
    }

    /** Whether a Liberator answered, and the right one; takes up what the answer does to the cookie jar. */
    private boolean judge(Head head, @Nullable String wanted) {
        String server = head.field("X-Liberator");
        String set = head.field("Set-Cookie");
        boolean takenBack = set != null && set.contains("Max-Age=0");
        if (server == null) {
            tally.happened("refused with " + head.status());
            if (takenBack) {
                cookie = null;
                belongsTo = null;
                tally.happened("told to start anew");
            }
            return false;
        }
        if (wanted != null && !wanted.equals(server)) {
            tally.violated("session " + session + " of " + wanted + " was answered by " + server);
            return false;
        }
        if (takenBack) {
            tally.violated("session " + session + ": a Liberator's answer takes the cookie back");
        } else if (set != null) {
            cookie = set.substring(0, set.indexOf(';'));
            if (!cookie.contains("." + server + ".")) {
                tally.violated("session " + session + " of " + server + " got the cookie " + cookie);
            }
        }
        belongsTo = server;
        tally.delivered(1);
        return true;
    }

    /** Looks at each record of a response. */
    private final class Reading implements Connection.Records {
        private final String liberator;
        private final Signed wanted;
        private final int count;
        private final Runnable halfway;
        private int seen;

        Reading(String liberator, int count, Runnable halfway) {
            this.liberator = liberator;
            this.wanted = new Signed(liberator, session, SigningLiberator.secret(liberator));
            this.count = count;
            this.halfway = halfway;
        }

        @Override
        public boolean take(byte[] bytes, int from, int to) {
            if (!wanted.isNext(bytes, from, to)) {
                tally.violated("session " + session + " of " + liberator + " was sent '"
                        + new String(bytes, from, Math.min(to - from, 80), java.nio.charset.StandardCharsets.ISO_8859_1)
                        + "' as record " + seen);
                return false;
            }
            seen++;
            if (seen == count / 2 + 1) {
                halfway.run();
            }
            if ((seen & 63) == 0) {
                tally.delivered(64);
            }
            return true;
        }

        /** It ended as it ends when it is complete. */
        void ended() {
            tally.delivered(seen & 63);
            if (seen != count) {
                tally.happened("streams that ended early");
            }
        }
    }
}
