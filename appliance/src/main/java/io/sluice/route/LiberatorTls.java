package io.sluice.route;

import io.sluice.config.HostAndPort;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken to a Liberator: what of its certificate is checked, and the name it must be for.
 *
 * <p><b>Threading:</b> any thread. The context keeps the sessions, so that most handshakes after the first are short.
 */
public final class LiberatorTls {
    private final SSLContext context;
    private final SSLParameters parameters;
    private final @Nullable String serverName;

    /**
     * @param parameters of every connection, without names
     * @param serverName what the certificate must be for; null: the host of the address
     */
    public LiberatorTls(SSLContext context, SSLParameters parameters, @Nullable String serverName) {
        this.context = context;
        this.parameters = parameters;
        this.serverName = serverName;
    }

    /** An engine in client mode for one connection to {@code address}. */
    public SSLEngine engine(HostAndPort address) {
        SSLEngine engine = context.createSSLEngine(name(address), address.port());
        engine.setUseClientMode(true);
        engine.setSSLParameters(parameters(address));
        return engine;
    }

    /**
     * TLS over a connected socket, which is closed with it; its handshake is not done yet.
     *
     * @throws IOException when the socket is closed
     */
    public SSLSocket over(Socket socket, HostAndPort address) throws IOException {
        SSLSocket secure =
                (SSLSocket) context.getSocketFactory().createSocket(socket, name(address), address.port(), true);
        secure.setSSLParameters(parameters(address));
        return secure;
    }

    private String name(HostAndPort address) {
        return serverName == null ? address.host() : serverName;
    }

    /** The name is asked for (SNI, RFC 6066 §3) unless it is an address. */
    private SSLParameters parameters(HostAndPort address) {
        String name = name(address);
        SSLParameters named = new SSLParameters();
        named.setProtocols(parameters.getProtocols());
        named.setCipherSuites(parameters.getCipherSuites());
        named.setEndpointIdentificationAlgorithm(parameters.getEndpointIdentificationAlgorithm());
        boolean literal = new HostAndPort(name, 1).literal() != null;
        named.setServerNames(literal ? List.of() : List.of(new SNIHostName(name.getBytes(StandardCharsets.US_ASCII))));
        return named;
    }
}
