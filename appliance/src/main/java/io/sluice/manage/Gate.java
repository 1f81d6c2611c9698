package io.sluice.manage;

import io.sluice.config.Role;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectInstance;
import javax.management.ObjectName;
import javax.management.QueryExp;
import javax.management.remote.MBeanServerForwarder;
import org.jspecify.annotations.Nullable;

/**
 * Stands between remote clients and the MBean server, and lets through what their role allows. What is not on its
 * list is refused to everybody: creating, registering and unregistering MBeans, instantiating, class loaders, and
 * every operation outside the domain {@code sluice} but those that read threads. The JVM's own beans that load
 * agents, write files or change flags are not seen at all.
 *
 * <p>A proxy, so that methods a later JDK adds to {@link MBeanServer} are refused as well.
 *
 * <p><b>Threading:</b> any thread.
 */
final class Gate implements InvocationHandler {
    private static final String DOMAIN = "sluice";
    private static final String THREADS = "java.lang:type=Threading";
    /** What can load agents and classes, write files and change flags: nobody needs it through a firewall. */
    private static final Set<String> HIDDEN_DOMAINS = Set.of("com.sun.management", "jdk.management.jfr");

    private final MBeanServer server;
    private final Audit audit;

    private Gate(MBeanServer server, Audit audit) {
        this.server = server;
        this.audit = audit;
    }

    static MBeanServerForwarder before(MBeanServer server, Audit audit) {
        return (MBeanServerForwarder) Proxy.newProxyInstance(
                Gate.class.getClassLoader(), new Class<?>[] {MBeanServerForwarder.class}, new Gate(server, audit));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given) throws Throwable {
        @Nullable Object[] arguments = given == null ? new Object[0] : given;
        Session session = Session.of(Caller.currentSubject());
        // A client asks for the default domain each minute only to show that it is alive.
        if (session != null && !method.getName().equals("getDefaultDomain")) {
            session.used();
        }
        return switch (method.getName()) {
            case "getMBeanServer" -> server;
            case "setMBeanServer" -> null; // the connector says which it was made for: the one it has
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> "Gate";
            case "getDefaultDomain" -> pass(method, arguments);
            case "getDomains" ->
                Arrays.stream(server.getDomains())
                        .filter(each -> !HIDDEN_DOMAINS.contains(each))
                        .toArray(String[]::new);
            case "getMBeanCount" -> visibleNames(null, null).size();
            case "queryNames" -> visibleNames((ObjectName) arguments[0], (QueryExp) arguments[1]);
            case "queryMBeans" -> visibleInstances((ObjectName) arguments[0], (QueryExp) arguments[1]);
            case "isRegistered" ->
                !isHidden((ObjectName) arguments[0]) && server.isRegistered((ObjectName) arguments[0]);
            case "getAttribute", "getAttributes", "getMBeanInfo", "getObjectInstance", "isInstanceOf" ->
                read(method, arguments);
            case "addNotificationListener", "removeNotificationListener" -> listen(method, arguments);
            // The connector itself asks, to read arguments with; a client has no call for these.
            case "getClassLoaderFor", "getClassLoaderRepository" -> pass(method, arguments);
            case "setAttribute", "setAttributes" -> set(method, arguments);
            case "invoke" -> operate(method, arguments);
            default ->
                throw refused(
                        String.valueOf(arguments.length == 0 ? "" : arguments[0]),
                        method.getName(),
                        given,
                        "not offered to remote clients");
        };
    }

    private Set<ObjectName> visibleNames(@Nullable ObjectName pattern, @Nullable QueryExp query) {
        Set<ObjectName> names = new HashSet<>(server.queryNames(pattern, query));
        names.removeIf(Gate::isHidden);
        return names;
    }

    private Set<ObjectInstance> visibleInstances(@Nullable ObjectName pattern, @Nullable QueryExp query) {
        Set<ObjectInstance> instances = new LinkedHashSet<>(server.queryMBeans(pattern, query));
        instances.removeIf(each -> isHidden(each.getObjectName()));
        return instances;
    }

    private static boolean isHidden(@Nullable ObjectName name) {
        return name != null && HIDDEN_DOMAINS.contains(name.getDomain());
    }

    private @Nullable Object read(Method method, @Nullable Object[] arguments) throws Throwable {
        if (isHidden((ObjectName) arguments[0])) {
            throw new SecurityException(arguments[0] + " is not offered to remote clients");
        }
        return pass(method, arguments);
    }

    /** A listener that is an MBean would have it called: that is an operation in disguise. */
    private @Nullable Object listen(Method method, @Nullable Object[] arguments) throws Throwable {
        if (arguments.length > 1 && arguments[1] instanceof ObjectName) {
            throw refused(String.valueOf(arguments[0]), method.getName(), arguments, "not offered to remote clients");
        }
        return read(method, arguments);
    }

    private @Nullable Object set(Method method, @Nullable Object[] arguments) throws Throwable {
        String mbean = String.valueOf(arguments[0]);
        String what = "set " + arguments[1];
        if (!isOurs((ObjectName) arguments[0])) {
            throw refused(mbean, what, null, "not offered to remote clients");
        }
        requireOperator(mbean, what, null);
        long started = System.nanoTime();
        String result = "failed";
        try {
            Object value = pass(method, arguments);
            result = "ok";
            return value;
        } finally {
            audit.wrote(Caller.current(), mbean, what, null, result, System.nanoTime() - started);
        }
    }

    private @Nullable Object operate(Method method, @Nullable Object[] arguments) throws Throwable {
        @Nullable ObjectName name = (ObjectName) arguments[0];
        String operation = String.valueOf(arguments[1]);
        @Nullable Object[] parameters = (@Nullable Object[]) arguments[2];
        if (name != null && isOurs(name)) {
            if (!onlyReads(name, operation, (String[]) arguments[3])) {
                requireOperator(name.toString(), operation, parameters);
            }
        } else if (name == null || !isReadingThreads(name, operation)) {
            throw refused(String.valueOf(name), operation, parameters, "not offered to remote clients");
        }
        return pass(method, arguments);
    }

    private static boolean isOurs(@Nullable ObjectName name) {
        return name != null && name.getDomain().equals(DOMAIN);
    }

    private static boolean isReadingThreads(ObjectName name, String operation) {
        return name.toString().equals(THREADS) && (operation.startsWith("get") || operation.startsWith("find"));
    }

    /** An operation that is not found counts as one that changes something. */
    private boolean onlyReads(ObjectName name, String operation, String @Nullable [] signature) throws JMException {
        List<String> types = signature == null ? List.of() : List.of(signature);
        try {
            for (MBeanOperationInfo each : server.getMBeanInfo(name).getOperations()) {
                List<String> own = Arrays.stream(each.getSignature())
                        .map(parameter -> parameter.getType())
                        .toList();
                if (each.getName().equals(operation) && own.equals(types)) {
                    return each.getImpact() == MBeanOperationInfo.INFO;
                }
            }
        } catch (InstanceNotFoundException gone) {
            return true; // and the call itself says so
        }
        return false;
    }

    private void requireOperator(String mbean, String operation, @Nullable Object @Nullable [] parameters) {
        if (Caller.current().role() != Role.OPERATOR) {
            throw refused(mbean, operation, parameters, "the role viewer only reads");
        }
    }

    private SecurityException refused(
            String mbean, String operation, @Nullable Object @Nullable [] parameters, String why) {
        audit.wrote(Caller.current(), mbean, operation, parameters, "refused: " + why, 0);
        return new SecurityException(operation + " on " + mbean + " refused: " + why);
    }

    private @Nullable Object pass(Method method, @Nullable Object[] arguments) throws Throwable {
        try {
            return method.invoke(server, arguments);
        } catch (InvocationTargetException wrapped) {
            throw wrapped.getCause() == null ? wrapped : wrapped.getCause();
        }
    }
}
