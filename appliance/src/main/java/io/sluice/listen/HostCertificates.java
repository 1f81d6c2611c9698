package io.sluice.listen;

import io.sluice.config.TlsConfig;
import io.sluice.config.TlsConfig.CertificateFiles;
import io.sluice.route.HostName;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of a listener, and the choice among them by TLS server name: an exact name before a
 * wildcard, the first certificate where the client names no host.
 *
 * <p><b>Threading:</b> immutable; any thread.
 */
final class HostCertificates extends X509ExtendedKeyManager {
    private static final int SAN_DNS_NAME = 2;

    /** One certificate with its chain, its key and the names it is for. */
    private record Entry(String alias, List<X509Certificate> chain, PrivateKey key, List<String> names) {
        boolean isFor(String host, boolean exact) {
            for (String name : names) {
                int dot = host.indexOf('.');
                boolean matches = name.startsWith("*.")
                        ? !exact && dot > 0 && name.substring(1).equals(host.substring(dot))
                        : exact && name.equals(host);
                if (matches) {
                    return true;
                }
            }
            return false;
        }
    }

    private final List<Entry> entries;

    private HostCertificates(List<Entry> entries) {
        this.entries = entries;
    }

    /**
     * Reads and checks the files of a configuration.
     *
     * @throws IOException when one cannot be read, or a key does not belong to its certificate; the message names the
     *     file
     */
    static HostCertificates read(TlsConfig config) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (CertificateFiles files : config.certificates()) {
            List<X509Certificate> chain = PemFiles.chain(files.chain());
            X509Certificate own = chain.get(0);
            PrivateKey key = PemFiles.key(files.key(), own);
            checkPair(files, own, key);
            entries.add(new Entry("certificate-" + entries.size(), chain, key, names(files, own)));
        }
        return new HostCertificates(entries);
    }

    /** Signs a word with the key and checks it with the certificate. */
    private static void checkPair(CertificateFiles files, X509Certificate certificate, PrivateKey key)
            throws IOException {
        String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
        byte[] word = {1, 2, 3};
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(word);
            byte[] signature = signer.sign();
            signer.initVerify(certificate);
            signer.update(word);
            if (signer.verify(signature)) {
                return;
            }
        } catch (GeneralSecurityException unusable) {
            throw new IOException(files.key() + ": the key cannot be used: " + unusable.getMessage(), unusable);
        }
        throw new IOException(files.key() + ": the key does not belong to the certificate in " + files.chain());
    }

    private static List<String> names(CertificateFiles files, X509Certificate certificate) throws IOException {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> each : alternatives) {
                    if (Integer.valueOf(SAN_DNS_NAME).equals(each.get(0))) {
                        add(names, String.valueOf(each.get(1)));
                    }
                }
            }
        } catch (CertificateParsingException malformed) {
            throw new IOException(files.chain() + ": alternative names malformed", malformed);
        }
        if (names.isEmpty()) {
            String subject = certificate.getSubjectX500Principal().getName();
            for (String part : subject.split(",", -1)) {
                if (part.startsWith("CN=")) {
                    add(names, part.substring(3));
                }
            }
        }
        return names;
    }

    private static void add(List<String> names, String name) {
        boolean wildcard = name.startsWith("*.");
        String canonical = HostName.canonical(wildcard ? name.substring(2) : name);
        if (canonical != null) {
            names.add(wildcard ? "*." + canonical : canonical);
        }
    }

    /** Whether there is a certificate for {@code host}, a canonical name. */
    boolean covers(String host) {
        return entries.stream().anyMatch(each -> each.isFor(host, true) || each.isFor(host, false));
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        String host = engine == null ? null : serverName(engine);
        for (boolean exact : new boolean[] {true, false}) {
            for (Entry each : entries) {
                if (host != null && each.isFor(host, exact) && isOfType(each, keyType)) {
                    return each.alias();
                }
            }
        }
        boolean known = host != null && covers(host);
        for (Entry each : entries) {
            if (!known && isOfType(each, keyType)) {
                return each.alias();
            }
        }
        return null;
    }

    private static boolean isOfType(Entry entry, String keyType) {
        String algorithm = entry.key().getAlgorithm();
        return keyType.equals(algorithm)
                || keyType.startsWith(algorithm + "_")
                || keyType.startsWith(algorithm + "SSA");
    }

    private static @Nullable String serverName(SSLEngine engine) {
        return engine.getHandshakeSession() instanceof ExtendedSSLSession session
                ? serverName(session.getRequestedServerNames())
                : null;
    }

    /** The canonical host name among what a client asked for; null when it named none. */
    static @Nullable String serverName(List<SNIServerName> names) {
        for (SNIServerName each : names) {
            if (each.getType() == StandardConstants.SNI_HOST_NAME) {
                return each instanceof SNIHostName host
                        ? HostName.canonical(host.getAsciiName())
                        : HostName.canonical(new String(each.getEncoded(), java.nio.charset.StandardCharsets.US_ASCII));
            }
        }
        return null;
    }

    private @Nullable Entry entry(String alias) {
        return entries.stream()
                .filter(each -> each.alias().equals(alias))
                .findFirst()
                .orElse(null);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Entry entry = entry(alias);
        return entry == null ? null : entry.chain().toArray(new X509Certificate[0]);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Entry entry = entry(alias);
        return entry == null ? null : entry.key();
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return entries.stream()
                .filter(each -> isOfType(each, keyType))
                .map(Entry::alias)
                .toArray(String[]::new);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
