package io.sluice.manage;

import io.sluice.config.Role;
import java.io.Closeable;
import java.io.IOException;
import java.security.Principal;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's login over remote JMX, from the login to the end of the connection.
 *
 * <p><b>Threading:</b> any thread.
 */
final class Session implements Principal {
    private final long id;
    private final Caller caller;
    private final Instant since = Instant.now();
    private volatile long usedNanos = System.nanoTime();
    private volatile @Nullable Closeable connection;

    Session(long id, String user, Role role, String from) {
        this.id = id;
        this.caller = new Caller(user, role, from);
    }

    /** The session that a subject stands for; null when it is none of ours. */
    static @Nullable Session of(@Nullable Subject subject) {
        return subject == null
                ? null
                : subject.getPrincipals(Session.class).stream().findFirst().orElse(null);
    }

    /** As what the JDK carries it along with each call. */
    Subject subject() {
        Subject subject = new Subject();
        subject.getPrincipals().add(this);
        subject.setReadOnly();
        return subject;
    }

    /** What {@link #close} closes. */
    void carriedBy(Closeable opened) {
        connection = opened;
    }

    /** Its client asked for something. */
    void used() {
        usedNanos = System.nanoTime();
    }

    long idleSeconds() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - usedNanos);
    }

    void close() throws IOException {
        Closeable open = connection;
        if (open != null) {
            open.close();
        }
    }

    long id() {
        return id;
    }

    Caller caller() {
        return caller;
    }

    Instant since() {
        return since;
    }

    /** The user's: it becomes part of the JDK's connection id. */
    @Override
    public String getName() {
        return caller.user();
    }
}
