package io.sluice.manage;

import io.sluice.config.JmxUser;
import io.sluice.config.PasswordHash;
import io.sluice.config.Role;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import javax.management.remote.JMXAuthenticator;
import javax.net.ssl.SSLSocket;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may come in over remote JMX, and as what. A name and a password that are wrong, a name that is unknown and a
 * certificate that is nobody's get the same answer, after a delay that grows.
 *
 * <p><b>Threading:</b> any thread; passwords are checked one at a time, so that guessing never takes more than one
 * processor.
 */
final class Logins implements JMXAuthenticator {
    private static final Logger LOG = LoggerFactory.getLogger(Logins.class);
    private static final String ANYONE = "anyone";
    /** Of nobody's password: an unknown name takes as long as a known one. */
    private static final PasswordHash NOBODYS = Objects.requireNonNull(PasswordHash.parse(
            "pbkdf2-sha512:210000:" + "AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));

    private final LoginDelay delay = new LoginDelay();
    private final Object onePassword = new Object();
    private final AtomicLong lastId = new AtomicLong();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile List<JmxUser> users;

    /** @param users empty: whoever comes is an operator, which is for loopback only */
    Logins(List<JmxUser> users) {
        this.users = users;
    }

    /** For logins from now on. */
    void users(List<JmxUser> now) {
        users = now;
    }

    /** Whether the login would still be granted, with the same role; passwords aside. */
    boolean isStillGood(Caller caller) {
        List<JmxUser> now = users;
        return now.isEmpty()
                ? caller.user().equals(ANYONE)
                : now.stream().anyMatch(each -> each.name().equals(caller.user()) && each.role() == caller.role());
    }

    @Override
    public Subject authenticate(@Nullable Object credentials) {
        AdminSockets.Accepted connection = AdminSockets.current();
        if (connection == null) {
            throw new SecurityException("no connection");
        }
        List<JmxUser> now = users;
        if (now.isEmpty()) {
            return granted(ANYONE, Role.OPERATOR, connection);
        }
        JmxUser user = credentials == null ? byCertificate(now, connection.tls()) : byPassword(now, credentials);
        if (user != null) {
            delay.succeeded(connection.remote());
            return granted(user.name(), user.role(), connection);
        }
        refused.increment();
        LOG.info("management.login refused from={} total={}", connection.from(), refused.sum());
        keepWaiting(connection.remote());
        throw new SecurityException("login refused: unknown user, wrong password, or no certificate of a user");
    }

    private Subject granted(String user, Role role, AdminSockets.Accepted connection) {
        accepted.increment();
        LOG.info("management.login user={} role={} from={}", user, role.word(), connection.from());
        return new Session(lastId.incrementAndGet(), user, role, connection.from()).subject();
    }

    private static @Nullable JmxUser byCertificate(List<JmxUser> users, @Nullable SSLSocket tls) {
        String name = tls == null ? null : AdminTls.commonName(tls);
        return users.stream()
                .filter(each -> each.password() == null && each.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private @Nullable JmxUser byPassword(List<JmxUser> users, Object credentials) {
        if (!(credentials instanceof String[] pair) || pair.length != 2 || pair[0] == null || pair[1] == null) {
            return null;
        }
        JmxUser user = users.stream()
                .filter(each -> each.name().equals(pair[0]))
                .findFirst()
                .orElse(null);
        PasswordHash hash = user == null ? null : user.password();
        char[] password = pair[1].toCharArray();
        try {
            synchronized (onePassword) {
                boolean right = (hash == null ? NOBODYS : hash).matches(password);
                return right && hash != null ? user : null;
            }
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    /** On the thread of the connection, of which there are few: see {@link AdminSockets}. */
    private void keepWaiting(InetAddress address) {
        try {
            TimeUnit.MILLISECONDS.sleep(delay.millisAfterFailure(address, System.nanoTime()));
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    List<JmxUser> users() {
        return users;
    }

    long acceptedTotal() {
        return accepted.sum();
    }

    long refusedTotal() {
        return refused.sum();
    }
}
