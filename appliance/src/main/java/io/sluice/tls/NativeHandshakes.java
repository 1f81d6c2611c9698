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
import javax.crypto.KeyAgreement;
import org.conscrypt.Conscrypt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets native code do the two costly operations of a TLS handshake, which are most of what a new connection costs: the
 * X25519 key exchange and the ECDSA signature. Protocol, ciphers and certificates stay the JDK's.
 *
 * <p>Where the library cannot be loaded, or does not agree with the JDK, the JDK does it all, slower. The property
 * {@value #PROPERTY} says {@code native} (default) or {@code jdk}.
 */
public final class NativeHandshakes {
    /** Who does the operations: {@code native} or {@code jdk}. */
    public static final String PROPERTY = "sluice.handshakes";

    private static final Logger LOG = LoggerFactory.getLogger(NativeHandshakes.class);

    private NativeHandshakes() {}

    /** Puts them in the first place for the whole process; a second time does nothing. */
    public static synchronized void install() {
        if (Security.getProvider(HandshakeProvider.NAME) != null) {
            return;
        }
        if (System.getProperty(PROPERTY, "native").toLowerCase(Locale.ROOT).equals("jdk")) {
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
            LOG.warn("tls.handshakes by=jdk cause=\"{}\" detail=\"slower\"", unusable.toString());
        }
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
