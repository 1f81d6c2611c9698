package io.sluice.console.reach;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS to several appliances at a time, each with whom it trusts and the certificate it shows.
 *
 * <p>RMI takes the one context that is the process's default and asks nobody else, so that one is ours and looks up
 * whom it speaks to. Each has a context of its own behind it: a session that is resumed is not checked again, so none
 * may be resumed under other terms than it was made. The appliance's certificate must be for the host that is spoken to
 * (RFC 9525), which RMI itself did not check before the updates of 2025.
 *
 * <p><b>Threading:</b> any; for a peer hold the terms of whoever connects, and then of who connected last.
 */
final class ConsoleTls {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final char[] IN_MEMORY = "in memory".toCharArray();

    private static final Map<String, ConsoleTls> BY_PEER = new ConcurrentHashMap<>();
    /** The file of the certificate that each JMX address was first shown; empty where it was none. */
    private static final Map<String, String> SHOWN = new ConcurrentHashMap<>();

    private static final ThreadLocal<@Nullable ConsoleTls> CONNECTING = new ThreadLocal<>();
    private static boolean installed;

    private final SSLContext context;
    private final String certificate;
    private final Set<String> peers = ConcurrentHashMap.newKeySet();

    private ConsoleTls(SSLContext context, String certificate) {
        this.context = context;
        this.certificate = certificate;
    }

    /** @throws Failure when a file cannot be used; the sentence names it */
    static ConsoleTls of(@Nullable Path trust, @Nullable Path certificate, @Nullable Path key) throws Failure {
        if ((certificate == null) != (key == null)) {
            throw new Failure(Exit.USAGE, "--certificate and --key belong together: give both or none");
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(certificate == null || key == null ? null : showing(certificate, key), trusting(trust), null);
            return new ConsoleTls(context, certificate == null ? "" : certificate.toString());
        } catch (GeneralSecurityException | IOException failed) {
            throw new Failure(Exit.USAGE, "TLS cannot be set up: " + Reasons.of(failed), failed);
        }
    }

    /**
     * From now on this thread's new peers are spoken to with these.
     *
     * @throws Failure when this process has shown {@code address} another certificate: RMI keeps connections for a
     *     while and would use them, so that somebody acted in the name of somebody else
     */
    void connecting(JmxAddress address) throws Failure {
        String before = SHOWN.putIfAbsent(address.toString(), certificate);
        if (before != null && !before.equals(certificate)) {
            throw new Failure(
                    Exit.USAGE,
                    "this process has spoken to " + address + " with "
                            + (before.isEmpty() ? "no certificate" : "certificate " + before)
                            + " and stays with that: in the profiles, one appliance has one certificate");
        }
        install();
        CONNECTING.set(this);
    }

    /** The connection has come about: what RMI does for it later, on threads of its own, is done with these. */
    void connected() {
        peers.forEach(each -> BY_PEER.put(each, this));
    }

    /** This thread connects no more. */
    static void done() {
        CONNECTING.remove();
    }

    /**
     * Speaks TLS with these over {@code socket}, which belongs to the result, or is closed.
     *
     * @param host whose certificate is expected
     */
    Socket over(Socket socket, String host, int port) throws IOException {
        try {
            return checked(context.getSocketFactory().createSocket(socket, host, port, true));
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    /** The certificate must be for the host that is spoken to. */
    private static Socket checked(Socket socket) {
        SSLSocket secure = (SSLSocket) socket;
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        return secure;
    }

    /** Makes the process's default context one that finds the right terms by itself. */
    private static synchronized void install() throws Failure {
        if (installed) {
            return;
        }
        try {
            SSLContext usual = SSLContext.getDefault();
            SSLContext.setDefault(new SSLContext(new Terms(usual), usual.getProvider(), usual.getProtocol()) {});
            installed = true;
        } catch (GeneralSecurityException failed) {
            throw new Failure(Exit.NO_CONNECTION, "this Java has no TLS: " + Reasons.of(failed), failed);
        }
    }

    private static TrustManager[] trusting(@Nullable Path file) throws GeneralSecurityException, IOException, Failure {
        KeyStore store = null;
        if (file != null) {
            store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (X509Certificate each : certificates(file)) {
                store.setCertificateEntry("ca" + store.size(), each);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager[] showing(Path certificate, Path key)
            throws GeneralSecurityException, IOException, Failure {
        List<X509Certificate> chain = certificates(certificate);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "console",
                privateKey(key, chain.get(0).getPublicKey().getAlgorithm()),
                IN_MEMORY,
                chain.toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, IN_MEMORY);
        return factory.getKeyManagers();
    }

    private static List<X509Certificate> certificates(Path file) throws Failure, CertificateException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (all.isEmpty()) {
                throw new Failure(Exit.USAGE, "there is no certificate in " + file + " (expected PEM)");
            }
            List<X509Certificate> list = new ArrayList<>();
            all.forEach(each -> list.add((X509Certificate) each));
            return list;
        } catch (IOException unreadable) {
            throw new Failure(Exit.USAGE, "cannot read " + file + ": " + Reasons.of(unreadable), unreadable);
        }
    }

    private static PrivateKey privateKey(Path file, String algorithm) throws Failure, GeneralSecurityException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.US_ASCII);
        } catch (IOException unreadable) {
            throw new Failure(Exit.USAGE, "cannot read " + file + ": " + Reasons.of(unreadable), unreadable);
        }
        Matcher block = KEY.matcher(text);
        if (!block.find()) {
            throw new Failure(
                    Exit.USAGE,
                    "there is no PKCS #8 key in " + file + " (expected BEGIN PRIVATE KEY; try: openssl pkcs8 -topk8"
                            + " -nocrypt -in " + file + ")");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(block.group(1));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (InvalidKeySpecException | IllegalArgumentException broken) {
            throw new Failure(
                    Exit.USAGE,
                    "the key in " + file + " does not fit the certificate, which is for " + algorithm,
                    broken);
        }
    }

    /** The terms for a peer, which are those of the connecting thread while it connects. */
    private static ConsoleTls of(String peer) throws SSLException {
        ConsoleTls now = CONNECTING.get();
        if (now != null) {
            now.peers.add(peer);
            return now;
        }
        ConsoleTls before = BY_PEER.get(peer);
        if (before == null) {
            throw new SSLException("nobody asked for a connection to " + peer);
        }
        return before;
    }

    /** Makes each connection with the terms for its peer, from their own context: no session of others is resumed. */
    private static final class Sockets extends SSLSocketFactory {
        private final SSLSocketFactory usual;

        Sockets(SSLSocketFactory usual) {
            this.usual = usual;
        }

        private static SSLSocketFactory towards(String host, int port) throws SSLException {
            return of(host + ":" + port).context.getSocketFactory();
        }

        @Override
        public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
            return checked(towards(host, port).createSocket(socket, host, port, autoClose));
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return checked(towards(host, port).createSocket(host, port));
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
            return checked(towards(host, port).createSocket(host, port, from, fromPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            throw nameless();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
            throw nameless();
        }

        private static SSLException nameless() {
            return new SSLException("a certificate is for the name of a host, and none was given");
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return usual.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return usual.getSupportedCipherSuites();
        }
    }

    /** The usual context, but for the connections that it makes. */
    private static final class Terms extends SSLContextSpi {
        private final SSLContext usual;
        private final SSLSocketFactory sockets;

        Terms(SSLContext usual) {
            this.usual = usual;
            this.sockets = new Sockets(usual.getSocketFactory());
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {
            throw new UnsupportedOperationException("the terms are those of each peer");
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return sockets;
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return usual.getServerSocketFactory();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return usual.createSSLEngine();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return usual.createSSLEngine(host, port);
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            return usual.getDefaultSSLParameters();
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return usual.getSupportedSSLParameters();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return usual.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return usual.getClientSessionContext();
        }
    }
}
