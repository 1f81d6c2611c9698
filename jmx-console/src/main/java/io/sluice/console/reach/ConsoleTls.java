package io.sluice.console.reach;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS to several appliances at a time, each with whom it trusts and the certificate it shows.
 *
 * <p>RMI takes the one context that is the process's default and asks nobody else, so that one is ours and looks up
 * whom it speaks to. The appliance's certificate must be for the host that is spoken to (RFC 9525), which RMI itself
 * did not check before the updates of 2025.
 *
 * <p><b>Threading:</b> any; the thread that connects first to a peer decides what holds for it.
 */
final class ConsoleTls {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final char[] IN_MEMORY = "in memory".toCharArray();

    private static final Map<String, ConsoleTls> BY_PEER = new ConcurrentHashMap<>();
    /** The file of the certificate that each JMX address was first shown; empty where it was none. */
    private static final Map<String, String> SHOWN = new ConcurrentHashMap<>();

    private static final ThreadLocal<@Nullable ConsoleTls> CONNECTING = new ThreadLocal<>();
    private static @Nullable SSLContext installed;

    private final X509ExtendedTrustManager trust;
    private final @Nullable X509ExtendedKeyManager keys;
    private final String certificate;

    private ConsoleTls(X509ExtendedTrustManager trust, @Nullable X509ExtendedKeyManager keys, String certificate) {
        this.trust = trust;
        this.keys = keys;
        this.certificate = certificate;
    }

    /** @throws Failure when a file cannot be used; the sentence names it */
    static ConsoleTls of(@Nullable Path trust, @Nullable Path certificate, @Nullable Path key) throws Failure {
        if ((certificate == null) != (key == null)) {
            throw new Failure(Exit.USAGE, "--certificate and --key belong together: give both or none");
        }
        try {
            return new ConsoleTls(
                    trusting(trust),
                    certificate == null || key == null ? null : showing(certificate, key),
                    certificate == null ? "" : certificate.toString());
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
        // A session that is resumed is not checked again, and it was others' terms that it met.
        SSLSessionContext sessions = install().getClientSessionContext();
        for (byte[] each : Collections.list(sessions.getIds())) {
            SSLSession session = sessions.getSession(each);
            if (session != null) {
                session.invalidate();
            }
        }
        CONNECTING.set(this);
    }

    static void connected() {
        CONNECTING.remove();
    }

    /** The context that finds the right ones by itself. */
    static synchronized SSLContext install() throws Failure {
        SSLContext context = installed;
        if (context == null) {
            try {
                context = SSLContext.getInstance("TLS");
                context.init(new KeyManager[] {new Keys()}, new TrustManager[] {new Trust()}, null);
            } catch (GeneralSecurityException failed) {
                throw new Failure(Exit.NO_CONNECTION, "this Java has no TLS: " + Reasons.of(failed), failed);
            }
            SSLContext.setDefault(context);
            installed = context;
        }
        return context;
    }

    private static X509ExtendedTrustManager trusting(@Nullable Path file)
            throws GeneralSecurityException, IOException, Failure {
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
        return first(factory.getTrustManagers(), X509ExtendedTrustManager.class);
    }

    private static X509ExtendedKeyManager showing(Path certificate, Path key)
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
        return first(factory.getKeyManagers(), X509ExtendedKeyManager.class);
    }

    private static <T> T first(Object[] all, Class<T> type) {
        return Arrays.stream(all)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
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

    private static ConsoleTls of(Socket socket) throws CertificateException {
        SSLSession session = ((SSLSocket) socket).getHandshakeSession();
        String peer = session.getPeerHost() + ":" + socket.getPort();
        ConsoleTls now = CONNECTING.get();
        if (now != null) {
            BY_PEER.put(peer, now);
            return now;
        }
        ConsoleTls before = BY_PEER.get(peer);
        if (before == null) {
            throw new CertificateException("nobody asked for a connection to " + peer);
        }
        return before;
    }

    /** Trusts whom each peer's own terms trust, for that peer's host alone. */
    private static final class Trust extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            SSLSocket secure = (SSLSocket) socket;
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
            of(socket).trust.checkServerTrusted(chain, type, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw noSocket();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw noSocket();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw noSocket();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw noSocket();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw noSocket();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }

        private static CertificateException noSocket() {
            return new CertificateException("only connections to an appliance are made with these terms");
        }
    }

    /** Shows each peer the certificate that was given for it. */
    private static final class Keys extends X509ExtendedKeyManager {
        private final Map<String, X509ExtendedKeyManager> byAlias = new ConcurrentHashMap<>();

        @Override
        public @Nullable String chooseClientAlias(
                String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
            if (!(socket instanceof SSLSocket)) {
                return null;
            }
            try {
                X509ExtendedKeyManager keys = of(socket).keys;
                String own = keys == null ? null : keys.chooseClientAlias(types, issuers, socket);
                if (keys == null || own == null) {
                    return null;
                }
                String alias = System.identityHashCode(keys) + " " + own;
                byAlias.put(alias, keys);
                return alias;
            } catch (CertificateException unknownPeer) {
                return null;
            }
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            X509ExtendedKeyManager keys = byAlias.get(alias);
            return keys == null ? null : keys.getCertificateChain(own(alias));
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            X509ExtendedKeyManager keys = byAlias.get(alias);
            return keys == null ? null : keys.getPrivateKey(own(alias));
        }

        private static String own(String alias) {
            return alias.substring(alias.indexOf(' ') + 1);
        }

        @Override
        public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }
}
