package io.sluice.console.reach;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one port of an appliance's remote JMX, with its registry on it. */
record JmxAddress(String host, int port) {
    static final JmxAddress USUAL = new JmxAddress("127.0.0.1", 7199);

    private static final Pattern PLAIN = Pattern.compile("(\\[[0-9A-Fa-f:.%a-z]+]|[^:/\\s]+)(?::(\\d{1,5}))?");
    private static final Pattern SERVICE =
            Pattern.compile("service:jmx:rmi://[^/]*/jndi/rmi://(\\[[^]]+]|[^:/]+):(\\d{1,5})/jmxrmi");
    private static final int HIGHEST_PORT = 65535;

    /**
     * Reads {@code host}, {@code host:port}, {@code [address]:port} or the service URL that {@code jconsole} takes.
     *
     * @throws Failure when it is none of them
     */
    static JmxAddress of(String text) throws Failure {
        Matcher service = SERVICE.matcher(text);
        Matcher parts = service.matches() ? service : PLAIN.matcher(text);
        if (parts.matches()) {
            int port = parts.group(2) == null ? USUAL.port : Integer.parseInt(parts.group(2));
            if (port > 0 && port <= HIGHEST_PORT) {
                String host = parts.group(1);
                return new JmxAddress(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
            }
        }
        throw new Failure(
                Exit.USAGE,
                "'" + text + "' is no address of an appliance (expected HOST:PORT as in 10.0.0.5:7199, or"
                        + " service:jmx:rmi://HOST:PORT/jndi/rmi://HOST:PORT/jmxrmi)");
    }

    /** @throws Failure when the host has no address */
    boolean isLoopback() throws Failure {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            throw new Failure(
                    Exit.NO_CONNECTION,
                    "cannot connect to " + this + ": the name " + host + " has no address - is it spelled right?",
                    unknown);
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
