package io.sluice.manage;

import io.sluice.config.Role;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Who is calling an MBean right now.
 *
 * @param user {@code alice}; {@code anyone} where remote JMX has no users; {@code local:OSUSER} by local attach
 * @param from the client's address; empty by local attach
 */
record Caller(String user, Role role, String from) {
    private static final Caller LOCAL = new Caller("local:" + System.getProperty("user.name", "?"), Role.OPERATOR, "");
    private static final MethodHandle SUBJECT = subjectOfThread();

    /** Of this thread. A call that did not come through remote JMX has no subject: it was made in this process. */
    static Caller current() {
        Session session = Session.of(currentSubject());
        return session == null ? LOCAL : session.caller();
    }

    static @Nullable Subject currentSubject() {
        try {
            return (Subject) SUBJECT.invokeExact();
        } catch (Throwable impossible) {
            throw new IllegalStateException("the JDK does not tell who is calling", impossible);
        }
    }

    /** {@code Subject.current()} from Java 18 on; before, the access control context had it. */
    private static MethodHandle subjectOfThread() {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        try {
            try {
                return lookup.findStatic(Subject.class, "current", MethodType.methodType(Subject.class));
            } catch (NoSuchMethodException before18) {
                Class<?> context = Class.forName("java.security.AccessControlContext");
                MethodHandle getContext = lookup.findStatic(
                        Class.forName("java.security.AccessController"), "getContext", MethodType.methodType(context));
                MethodHandle getSubject =
                        lookup.findStatic(Subject.class, "getSubject", MethodType.methodType(Subject.class, context));
                return MethodHandles.filterReturnValue(getContext, getSubject);
            }
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }
}
