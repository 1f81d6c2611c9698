package io.sluice.manage;

import io.sluice.config.HostAndPort;
import io.sluice.config.JmxConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.rmi.NoSuchObjectException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.UnicastRemoteObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.management.MBeanServer;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.rmi.RMIConnection;
import javax.management.remote.rmi.RMIConnectorServer;
import javax.management.remote.rmi.RMIJRMPServerImpl;
import javax.rmi.ssl.SslRMIClientSocketFactory;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remote JMX on exactly one address: registry and RMI share the port, and nothing else is listened on. The
 * JDK's own agent would open a second, random port on all addresses.
 *
 * <p>What a client sends is read through filters that know the types of JMX and no others, and that limit depth,
 * references and arrays; what it may do is up to {@link Gate}, who it is up to {@link Logins}.
 */
final class RemoteJmx implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteJmx.class);
    private static final String LIMITS = "maxdepth=16;maxrefs=4096;maxarray=4096;maxbytes=4194304;";
    /** Whoever could send other classes, or remote references, could have code of the class path run. */
    private static final String CALLS = LIMITS
            + "java.lang.Object;java.lang.String;java.lang.Number;java.lang.Boolean;java.lang.Character;java.lang.Byte;"
            + "java.lang.Short;java.lang.Integer;java.lang.Long;java.lang.Float;java.lang.Double;java.lang.Enum;"
            + "java.math.BigInteger;java.math.BigDecimal;java.rmi.MarshalledObject;javax.security.auth.Subject;"
            + "java.util.ArrayList;java.util.Vector;java.util.HashMap;java.util.LinkedHashMap;java.util.TreeMap;"
            + "java.util.HashSet;java.util.LinkedHashSet;java.util.Date;java.util.Arrays$ArrayList;java.util.Map$Entry;"
            + "!javax.management.BadAttributeValueExpException;"
            + "javax.management.*;javax.management.openmbean.*;!*";

    private static final String CREDENTIALS = LIMITS + "java.lang.String;!*";

    private static final String NEVER = Long.toString(Long.MAX_VALUE - 1);
    private static final int MOST_SESSIONS = 16;
    private static final long IDLE_SECONDS = TimeUnit.HOURS.toSeconds(1);

    private final Registry registry;
    private final JMXConnectorServer connector;
    private final AdminSockets sockets;
    private final Logins logins;
    private final Sessions sessions;
    private final JMXServiceURL url;

    private RemoteJmx(
            Registry registry,
            JMXConnectorServer connector,
            AdminSockets sockets,
            Logins logins,
            Sessions sessions,
            JMXServiceURL url) {
        this.registry = registry;
        this.connector = connector;
        this.sockets = sockets;
        this.logins = logins;
        this.sessions = sessions;
        this.url = url;
    }

    /** RMI's side of the connector: knows the sessions that are open, and limits their number. */
    private static final class Sessions extends RMIJRMPServerImpl {
        private final Map<RMIConnection, Session> open = new ConcurrentHashMap<>();

        Sessions(int port, @Nullable RMIClientSocketFactory clients, AdminSockets servers, Map<String, ?> environment)
                throws IOException {
            super(port, clients, servers, environment);
        }

        @Override
        protected RMIConnection makeClient(String connectionId, Subject subject) throws IOException {
            Session session = Session.of(subject);
            if (session == null || open.size() >= MOST_SESSIONS) {
                throw new IOException("too many sessions: " + MOST_SESSIONS + " are open");
            }
            RMIConnection connection = super.makeClient(connectionId, subject);
            session.carriedBy(connection);
            open.put(connection, session);
            return connection;
        }

        @Override
        protected void clientClosed(RMIConnection client) throws IOException {
            Session session = open.remove(client);
            if (session != null) {
                LOG.info(
                        "management.logout user={} from={} id={}",
                        session.caller().user(),
                        session.caller().from(),
                        session.id());
            }
            super.clientClosed(client);
        }
    }

    /**
     * Says whether the address can be listened on, without starting anything.
     *
     * @param shared whether another process of the same user may listen there too
     * @return the address, with a free port in the place of port 0
     * @throws IOException when it is taken or not of this host; the message names it
     */
    static HostAndPort requireFree(HostAndPort bind, boolean shared) throws IOException {
        try (ServerSocket probe =
                AdminSockets.listening(new InetSocketAddress(bind.host(), bind.port()), new ServerSocket(), shared)) {
            return new HostAndPort(bind.host(), probe.getLocalPort());
        } catch (IOException taken) {
            throw taken(bind, taken);
        }
    }

    private static IOException taken(HostAndPort bind, Exception cause) {
        return new IOException(
                "management.jmx.bind " + bind + " is taken or not an address of this host: " + cause.getMessage()
                        + " (expected a free address and port, or 'jmx: off')",
                cause);
    }

    /**
     * @param shared whether another process of the same user may listen there too
     * @throws IOException when the address cannot be listened on, or the TLS files cannot be used; the message names
     *     it
     */
    static RemoteJmx start(JmxConfig config, MBeanServer server, Audit audit, boolean shared) throws IOException {
        AdminTls tls = config.tls() == null ? null : AdminTls.of(config.tls());
        HostAndPort address = requireFree(config.bind(), shared);
        // Clients are told to come back to this address; without it RMI tells them the address of the host's name.
        setUnlessSet("java.rmi.server.hostname", config.hostname());
        // RMI would ask for a full collection every hour, a pause for every stream, to find objects it exports.
        setUnlessSet("sun.rmi.dgc.server.gcInterval", NEVER);
        setUnlessSet("sun.rmi.dgc.client.gcInterval", NEVER);
        Registry registry = null;
        try {
            AdminSockets sockets = new AdminSockets(InetAddress.getByName(address.host()), tls, shared);
            RMIClientSocketFactory clients = tls == null ? null : new SslRMIClientSocketFactory();
            Logins logins = new Logins(config.users());
            registry = LocateRegistry.createRegistry(address.port(), clients, sockets);
            Map<String, Object> environment = new HashMap<>();
            environment.put(JMXConnectorServer.AUTHENTICATOR, logins);
            environment.put(RMIConnectorServer.RMI_SERVER_SOCKET_FACTORY_ATTRIBUTE, sockets);
            environment.put(RMIConnectorServer.SERIAL_FILTER_PATTERN, CALLS);
            environment.put(RMIConnectorServer.CREDENTIALS_FILTER_PATTERN, CREDENTIALS);
            Sessions sessions = new Sessions(address.port(), clients, sockets, environment);
            JMXConnectorServer connector = new RMIConnectorServer(
                    new JMXServiceURL("rmi", bracketed(address.host()), address.port()), environment, sessions, server);
            connector.setMBeanServerForwarder(Gate.before(server, audit));
            connector.start();
            // By a call within the process: over the network nobody may bind, not even from this host.
            registry.bind("jmxrmi", sessions.toStub());
            HostAndPort told = new HostAndPort(config.hostname(), address.port());
            return new RemoteJmx(
                    registry,
                    connector,
                    sockets,
                    logins,
                    sessions,
                    new JMXServiceURL("service:jmx:rmi://" + told + "/jndi/rmi://" + told + "/jmxrmi"));
        } catch (Exception failed) {
            unexport(registry);
            throw taken(config.bind(), failed);
        }
    }

    private static String bracketed(String host) {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    private static void unexport(@Nullable Registry registry) {
        try {
            if (registry != null) {
                UnicastRemoteObject.unexportObject(registry, true);
            }
        } catch (NoSuchObjectException gone) {
            LOG.debug("unexported before", gone);
        }
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /**
     * Checks new users and renewed certificates. What else has changed waits for a restart.
     *
     * @return takes them over, and ends the sessions of users that are gone or have another role
     * @throws IOException when the TLS files cannot be used
     */
    Runnable prepare(JmxConfig config) throws IOException {
        AdminTls renewed = config.tls() == null ? null : AdminTls.of(config.tls());
        return () -> {
            if (renewed != null) {
                sockets.renew(renewed);
            }
            logins.users(config.users());
            closeSessions(session -> !logins.isStillGood(session.caller()), "its user is gone or has another role");
        };
    }

    /** From now on another process of the same user may listen at the address too, or may not any more. */
    void share(boolean sharing) throws IOException {
        sockets.share(sharing);
    }

    /** Ends the sessions that nobody has used for an hour. */
    void closeIdle() {
        closeSessions(session -> session.idleSeconds() > IDLE_SECONDS, "idle for an hour");
    }

    /** Ends one session; whether there was one of this number. */
    boolean close(long id) {
        return closeSessions(session -> session.id() == id, "closed by an operator") > 0;
    }

    private int closeSessions(Predicate<Session> which, String why) {
        int closed = 0;
        for (Session each : sessions.open.values()) {
            if (which.test(each)) {
                LOG.info(
                        "management.close session={} user={} cause=\"{}\"",
                        each.id(),
                        each.caller().user(),
                        why);
                try {
                    each.close();
                    closed++;
                } catch (IOException gone) {
                    LOG.debug("session closed already", gone);
                }
            }
        }
        return closed;
    }

    /** Oldest first. */
    List<Session> sessions() {
        List<Session> list = new ArrayList<>(sessions.open.values());
        list.sort(Comparator.comparingLong(Session::id));
        return list;
    }

    Logins logins() {
        return logins;
    }

    long connectionsRefusedTotal() {
        return sockets.refusedTotal();
    }

    JMXServiceURL url() {
        return url;
    }

    @Override
    public void close() {
        try {
            connector.stop();
        } catch (IOException failed) {
            LOG.warn("management.close cause=\"{}\"", failed.toString());
        }
        unexport(registry);
    }
}
