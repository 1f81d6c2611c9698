package io.sluice.console.reach;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.rmi.NotBoundException;
import java.rmi.registry.LocateRegistry;
import java.rmi.server.RMIClientSocketFactory;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.management.MBeanServerConnection;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.rmi.RMIConnector;
import javax.management.remote.rmi.RMIServer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * An appliance that the console is connected to.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class Appliance implements AutoCloseable {
    private final String name;
    private final String where;
    /** Null where the connection is somebody else's. */
    private final @Nullable JMXConnector connector;

    private final MBeanServerConnection connection;

    private Appliance(String name, String where, JMXConnector connector) throws IOException {
        this(name, where, connector, connector.getMBeanServerConnection());
    }

    private Appliance(String name, String where, @Nullable JMXConnector connector, MBeanServerConnection connection) {
        this.name = name;
        this.where = where;
        this.connector = connector;
        this.connection = connection;
    }

    /**
     * Over a connection that somebody else has made, and ends.
     *
     * @param where whose, as in sentences about its loss
     */
    public static Appliance over(MBeanServerConnection connection, String where) {
        return new Appliance(where, where, null, connection);
    }

    /**
     * Connects.
     *
     * @param timeoutMillis how long a connection may take
     * @throws Failure when it does not come about; the sentence says what to do
     */
    public static Appliance at(Way way, Keyboard keyboard, int timeoutMillis) throws Failure {
        String url = way.url();
        if (url != null) {
            return remote(JmxAddress.of(url), way, keyboard, timeoutMillis);
        }
        Long pid = way.pid();
        String service = way.service();
        if (pid != null || service != null) {
            return attached(way.name(), pid != null ? pid : LocalProcess.ofService(Objects.requireNonNull(service)));
        }
        try {
            return remote(JmxAddress.USUAL, way, keyboard, timeoutMillis);
        } catch (Failure nobody) {
            if (nobody.exit() != Exit.NO_CONNECTION) {
                throw nobody;
            }
            return attached(
                    way.name(),
                    LocalProcess.theOnlyOne().orElseThrow(() -> nobody).pid());
        }
    }

    @SuppressWarnings("BanJNDI") // the address is what the process itself told, and its stub stands in it
    private static Appliance attached(String name, long pid) throws Failure {
        String where = "process " + pid;
        try {
            JMXServiceURL url = new JMXServiceURL(LocalProcess.managementUrl(pid));
            return new Appliance(name.isEmpty() ? where : name, where, JMXConnectorFactory.connect(url));
        } catch (IOException failed) {
            throw new Failure(
                    Exit.NO_CONNECTION, "cannot connect to process " + pid + ": " + Reasons.of(failed), failed);
        }
    }

    private static Appliance remote(JmxAddress address, Way way, Keyboard keyboard, int timeoutMillis) throws Failure {
        boolean tls = way.tls() || way.trust() != null || way.certificate() != null || !address.isLoopback();
        Map<String, Object> environment = new HashMap<>();
        // Nobody waits for a connection that is used once; the faces that stay open notice a loss by reading.
        environment.put("jmx.remote.x.client.connection.check.period", 0L);
        String user = way.user();
        if (user != null) {
            String password = Password.of(user, address.toString(), way.passwordFile(), keyboard);
            environment.put(JMXConnector.CREDENTIALS, new String[] {user, password});
        }
        try {
            ConsoleTls terms = tls ? ConsoleTls.of(way.trust(), way.certificate(), way.key()) : null;
            if (terms != null) {
                terms.connecting(address);
            }
            RMIConnector connector = connected(address, sockets(terms, timeoutMillis), environment);
            if (terms != null) {
                terms.connected();
            }
            return new Appliance(way.name().isEmpty() ? address.toString() : way.name(), address.toString(), connector);
        } catch (NotBoundException none) {
            throw new Failure(
                    Exit.NO_CONNECTION, address + " is a registry, but of no appliance: is the port right?", none);
        } catch (SecurityException refused) {
            throw loginRefused(address, user, refused);
        } catch (IOException failed) {
            throw notConnected(address, tls, way.certificate() != null, failed);
        } finally {
            if (tls) {
                ConsoleTls.done();
            }
        }
    }

    @SuppressWarnings("BanJNDI") // connects to the stub that the appliance's registry has; nothing is looked up by JNDI
    private static RMIConnector connected(
            JmxAddress address, RMIClientSocketFactory sockets, Map<String, Object> environment)
            throws IOException, NotBoundException {
        RMIServer server = (RMIServer) LocateRegistry.getRegistry(address.host(), address.port(), sockets)
                .lookup("jmxrmi");
        RMIConnector connector = new RMIConnector(server, environment);
        connector.connect();
        return connector;
    }

    private static RMIClientSocketFactory sockets(@Nullable ConsoleTls terms, int timeoutMillis) {
        PlainSockets plain = new PlainSockets(timeoutMillis);
        // Each time another one, unlike the plain: connections of one identity are never used by the next.
        return terms == null ? plain : (host, port) -> terms.over(plain.createSocket(host, port), host, port);
    }

    /** All of one timeout are equal: RMI uses a connection of the session before, and no heap of them stays open. */
    private record PlainSockets(int timeoutMillis) implements RMIClientSocketFactory {
        @Override
        public Socket createSocket(String host, int port) throws IOException {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(host, port), timeoutMillis);
                return socket;
            } catch (IOException failed) {
                socket.close();
                throw failed;
            }
        }
    }

    private static Failure loginRefused(JmxAddress address, @Nullable String user, SecurityException refused) {
        return new Failure(
                Exit.NOT_ALLOWED,
                "login refused by " + address + ": " + Reasons.of(refused)
                        + (user == null ? " (give --user NAME, or --certificate and --key)" : ""),
                refused);
    }

    private static Failure notConnected(JmxAddress address, boolean tls, boolean certificate, IOException failed) {
        Throwable root = failed;
        for (Throwable each = failed; each != null; each = each.getCause()) {
            root = each;
        }
        String start = "cannot connect to " + address + ": ";
        if (root instanceof SocketTimeoutException) {
            return noConnection(
                    start + "no answer - is a firewall in between? try: ssh -L 7199:" + address + " HOST", failed);
        } else if (root instanceof ConnectException) {
            return noConnection(
                    start + "refused - is the appliance running? try: sluicectl --pid PID, or sluicectl processes",
                    failed);
        } else if (root instanceof NoRouteToHostException || root instanceof UnknownHostException) {
            return noConnection(start + Reasons.of(root) + " - is the address right?", failed);
        }
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof SSLException) {
                return tlsFailed(start, each, failed);
            }
        }
        // With TLS 1.3 our side of the handshake is over before the other looks at our certificate (RFC 8446, 4.4.2).
        String hint = " - does it want TLS? try: --tls, --trust FILE";
        if (tls) {
            hint = certificate
                    ? " - does it trust the certificate of yours?"
                    : " - does it require a certificate of yours? give --certificate FILE --key FILE";
        }
        return noConnection(start + Reasons.of(failed) + hint, failed);
    }

    private static Failure tlsFailed(String start, Throwable tls, IOException failed) {
        String reason = Reasons.of(tls);
        String hint = "";
        if (reason.contains("Unsupported or unrecognized SSL message")) {
            hint = " - it speaks no TLS there";
        } else if (reason.contains("unable to find valid certification path") || reason.contains("PKIX")) {
            hint = " - its certificate is not trusted: give its authority with --trust FILE";
        } else if (reason.contains("No subject alternative") || reason.contains("No name matching")) {
            hint = " - its certificate is for another host: use the name in the certificate, and set"
                    + " management.jmx.hostname to it";
        } else if (reason.contains("certificate_required")
                || reason.contains("bad_certificate")
                || reason.contains("certificate_unknown")) {
            hint = " - it requires a certificate of yours: give --certificate FILE --key FILE";
        }
        return noConnection(start + "TLS failed: " + reason + hint, failed);
    }

    private static Failure noConnection(String sentence, IOException cause) {
        return new Failure(Exit.NO_CONNECTION, sentence, cause);
    }

    /** What it is called among several; its address where nobody named it. */
    public String name() {
        return name;
    }

    /** Its JMX address, or its process. */
    public String where() {
        return where;
    }

    /**
     * What whoever made this connection may do by the appliance's own word: operator, viewer, or empty where it does not
     * say. The appliance checks each call, whatever is said here.
     */
    public String role() throws Failure {
        return bean("Management").read("CallerRole").text("CallerRole");
    }

    MBeanServerConnection connection() {
        return connection;
    }

    /** One of its own, by the type in its name, as in {@code Streams}; whether it is there shows when it is read. */
    public Bean bean(String type) {
        return named("sluice:type=" + type);
    }

    /** One of its own by type and name, as Liberators and listeners have them. */
    public Bean bean(String type, String name) {
        String plain = "sluice:type=" + type + ",name=";
        try {
            return new Bean(this, new ObjectName(plain + name));
        } catch (MalformedObjectNameException quoted) {
            return named(plain + ObjectName.quote(name));
        }
    }

    /**
     * Any MBean, by its whole name.
     *
     * @throws IllegalArgumentException when it is no name of an MBean
     */
    public Bean named(String objectName) {
        try {
            return new Bean(this, new ObjectName(objectName));
        } catch (MalformedObjectNameException bad) {
            throw new IllegalArgumentException("'" + objectName + "' is no name of an MBean: " + bad.getMessage(), bad);
        }
    }

    /** All that match, by name, as in {@code sluice:type=Liberator,*}. */
    public List<Bean> beans(String pattern) throws Failure {
        ObjectName query = named(pattern).objectName();
        try {
            return connection.queryNames(query, null).stream()
                    .sorted(Comparator.comparing(ObjectName::getCanonicalName))
                    .map(each -> new Bean(this, each))
                    .toList();
        } catch (IOException lost) {
            throw new Failure(Exit.NO_CONNECTION, "the connection to " + where + " is lost: " + Reasons.of(lost), lost);
        }
    }

    /** Says goodbye, or lets it be where nobody hears it. */
    @Override
    public void close() {
        try {
            if (connector != null) {
                connector.close();
            }
        } catch (IOException gone) {
            // It is gone, which is what was wanted.
        }
    }
}
