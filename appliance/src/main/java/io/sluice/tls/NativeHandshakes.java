package io.sluice.tls;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Security;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import javax.crypto.KeyAgreement;
import org.conscrypt.Conscrypt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets native code do the two costly operations of a TLS handshake, which are most of what a new connection costs: the
 * X25519 key exchange and the ECDSA signature. Protocol, ciphers and certificates stay the JDK's.
 *
 * <p>Where the library cannot be loaded, or does not agree with the JDK, the JDK does it all, slower. The property
 * {@value #PROPERTY} says {@code native} (default) or {@code jdk}; anything else is logged and taken for the default.
 */
public final class NativeHandshakes {
    /** Who does the operations: {@code native} or {@code jdk}. */
    public static final String PROPERTY = "sluice.handshakes";

    private static final String NATIVE = "native";
    private static final String JDK = "jdk";

    /** Where the library is unpacked to; {@code java.io.tmpdir} without it. */
    private static final String FOLDER_PROPERTY = "org.conscrypt.native.workdir";

    private static final Logger LOG = LoggerFactory.getLogger(NativeHandshakes.class);

    private NativeHandshakes() {}

    /** Puts them in the first place for the whole process; a second time does nothing. */
    public static synchronized void install() {
        if (Security.getProvider(HandshakeProvider.NAME) != null) {
            return;
        }
        if (!isWanted(System.getProperty(PROPERTY, NATIVE))) {
            LOG.info("tls.handshakes by=jdk");
            return;
        }
        try {
            Provider library = Conscrypt.newProvider();
            Security.insertProviderAt(new HandshakeProvider(library), 1);
            requireAgreement();
            Conscrypt.Version is = Conscrypt.version();
            LOG.info(
                    "tls.handshakes by=native library={}-{}.{}.{}",
                    library.getName(),
                    is.major(),
                    is.minor(),
                    is.patch());
        } catch (GeneralSecurityException | RuntimeException | LinkageError unusable) {
            Security.removeProvider(HandshakeProvider.NAME);
            LOG.warn(
                    "tls.handshakes by=jdk cause=\"{}\" detail=\"slower\" action=\"{}\"",
                    unusable.toString(),
                    remedy(unusable));
        }
    }

    /** @param who what the property says */
    static boolean isWanted(String who) {
        String word = who.toLowerCase(Locale.ROOT);
        if (!word.equals(NATIVE) && !word.equals(JDK)) {
            LOG.warn("tls.handshakes detail=\"{} is '{}' (expected native or jdk)\" action=\"native\"", PROPERTY, who);
        }
        return !word.equals(JDK);
    }

    /** What an operator can do about it; told apart by how the library words it. */
    static String remedy(Throwable unusable) {
        String said = Objects.toString(unusable.getMessage(), "");
        if (!(unusable instanceof LinkageError)) {
            return doWithout("report it, with this line");
        }
        if (said.startsWith("Failed creating temp file")) {
            String folder = System.getProperty(FOLDER_PROPERTY, System.getProperty("java.io.tmpdir"));
            return doWithout("the library is unpacked to " + folder + ", which must be writable and not mounted noexec:"
                    + " name another folder with -D" + FOLDER_PROPERTY + "=FOLDER");
        }
        if (said.startsWith("no conscrypt")) {
            return doWithout("the library has no code for " + System.getProperty("os.name") + " on "
                    + System.getProperty("os.arch") + ", only for Linux on x86_64 and aarch64");
        }
        return doWithout("the library needs glibc, which Alpine and others with musl do not have");
    }

    private static String doWithout(String instead) {
        return instead + "; or do without it: -D" + PROPERTY + "=" + JDK;
    }

    /** As a handshake does it: through whatever provider stands first, here, and the JDK's at the other end. */
    private static void requireAgreement() throws GeneralSecurityException {
        KeyPair ours = pair(KeyPairGenerator.getInstance("XDH"));
        KeyPair theirs = pair(KeyPairGenerator.getInstance("XDH", "SunEC"));
        byte[] here = agree(KeyAgreement.getInstance("XDH"), ours, theirs);
        byte[] there = agree(KeyAgreement.getInstance("XDH", "SunEC"), theirs, ours);
        if (!Arrays.equals(here, there)) {
            throw new GeneralSecurityException("X25519 does not agree with the JDK's");
        }
        if (!(ours.getPublic() instanceof NativeX25519.Public)) {
            throw new GeneralSecurityException("the JVM takes X25519 from somebody else");
        }
    }

    private static KeyPair pair(KeyPairGenerator generator) throws GeneralSecurityException {
        generator.initialize(NamedParameterSpec.X25519);
        return generator.generateKeyPair();
    }

    private static byte[] agree(KeyAgreement agreement, KeyPair own, KeyPair other) throws GeneralSecurityException {
        agreement.init(own.getPrivate());
        agreement.doPhase((XECPublicKey) other.getPublic(), true);
        return agreement.generateSecret();
    }
}
