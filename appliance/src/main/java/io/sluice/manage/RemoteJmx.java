package io.sluice.manage;

import io.sluice.config.HostAndPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.rmi.NoSuchObjectException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.RMIServerSocketFactory;
import java.rmi.server.UnicastRemoteObject;
import java.util.Map;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.rmi.RMIConnectorServer;
import org.eclipse.jetty.jmx.ConnectorServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remote JMX on exactly one address: registry and RMI share the port, and nothing else is listened on. The
 * JDK's own agent would open a second, random port on all addresses.
 *
 * <p>What a client sends is read through a filter that knows the types of JMX and no others.
 */
final class RemoteJmx implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteJmx.class);
    private static final String CALLS =
            "java.lang.*;java.math.*;java.util.*;javax.management.**;java.rmi.**;javax.security.auth.Subject;!*";
    /** There are no users yet; a console that sends a name and a password all the same is let in. */
    private static final String CREDENTIALS = "java.lang.String;!*";

    private static final String NEVER = Long.toString(Long.MAX_VALUE - 1);

    private final Registry registry;
    private final ConnectorServer connector;

    private RemoteJmx(Registry registry, ConnectorServer connector) {
        this.registry = registry;
        this.connector = connector;
    }

    /** Equal for equal addresses, by which RMI knows that registry and connector can share a port. */
    private record OneAddress(InetAddress address) implements RMIServerSocketFactory {
        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return listening(new InetSocketAddress(address, port));
        }
    }

    private static ServerSocket listening(InetSocketAddress address) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(address);
            return socket;
        } catch (IOException taken) {
            socket.close();
            throw taken;
        }
    }

    /**
     * Says whether the address can be listened on, without starting anything.
     *
     * @return the address, with a free port in the place of port 0
     * @throws IOException when it is taken or not of this host; the message names it
     */
    static HostAndPort requireFree(HostAndPort bind) throws IOException {
        try (ServerSocket probe = listening(new InetSocketAddress(bind.host(), bind.port()))) {
            return new HostAndPort(bind.host(), probe.getLocalPort());
        } catch (IOException taken) {
            throw taken(bind, taken);
        }
    }

    private static IOException taken(HostAndPort bind, Exception cause) {
        return new IOException(
                "management.jmx.bind " + bind + " is taken or not an address of this host: " + cause.getMessage()
                        + " (expected a free loopback address and port, or 'jmx: off')",
                cause);
    }

    /**
     * @throws IOException when the address cannot be listened on; the message names it
     */
    static RemoteJmx start(HostAndPort bind) throws IOException {
        HostAndPort address = requireFree(bind);
        // Clients are told to come back to this address; without it RMI tells them the address of the host's name.
        setUnlessSet("java.rmi.server.hostname", address.host());
        // RMI would ask for a full collection every hour, a pause for every stream, to find objects it exports.
        setUnlessSet("sun.rmi.dgc.server.gcInterval", NEVER);
        setUnlessSet("sun.rmi.dgc.client.gcInterval", NEVER);
        Registry registry = null;
        try {
            RMIServerSocketFactory sockets = new OneAddress(InetAddress.getByName(address.host()));
            // Jetty takes a registry that runs already for its own; made here, it is ours, and IPv6 works as well.
            registry = LocateRegistry.createRegistry(address.port(), null, sockets);
            ConnectorServer connector = new ConnectorServer(
                    new JMXServiceURL("service:jmx:rmi://" + address + "/jndi/rmi://" + address + "/jmxrmi"),
                    Map.of(
                            RMIConnectorServer.RMI_SERVER_SOCKET_FACTORY_ATTRIBUTE,
                            sockets,
                            RMIConnectorServer.SERIAL_FILTER_PATTERN,
                            CALLS,
                            RMIConnectorServer.CREDENTIALS_FILTER_PATTERN,
                            CREDENTIALS),
                    "javax.management.remote:type=RMIConnectorServer,port=" + address.port());
            connector.start();
            return new RemoteJmx(registry, connector);
        } catch (Exception failed) {
            unexport(registry);
            throw taken(bind, failed);
        }
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

    JMXServiceURL url() {
        return connector.getAddress();
    }

    @Override
    public void close() {
        try {
            connector.stop();
        } catch (Exception failed) {
            LOG.warn("management.close cause=\"{}\"", failed.toString());
        }
        unexport(registry);
    }
}
