package io.sluice.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyPairGeneratorSpi;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.XECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.KeyAgreement;
import javax.crypto.KeyAgreementSpi;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * X25519 (RFC 7748 §5) by a native library, with keys as the JDK's TLS wants them: it asks a public key for its
 * coordinate, which the library's own keys do not tell.
 */
final class NativeX25519 {
    private static final String ALGORITHM = "XDH";
    private static final int KEY_BYTES = 32;

    /** What stands before the coordinate in an encoded public key (RFC 8410 §4). */
    private static final byte[] PREFIX = HexFormat.of().parseHex("302a300506032b656e032100");

    private NativeX25519() {}

    /** A public key of a pair that was made here. */
    @SuppressWarnings("serial") // never serialized
    static final class Public implements XECPublicKey {
        private final byte[] encoded;

        Public(byte[] encoded) {
            this.encoded = encoded;
        }

        /** The coordinate stands in it with the lowest byte first (RFC 7748 §5). */
        @Override
        public BigInteger getU() {
            return new BigInteger(1, reversed(Arrays.copyOfRange(encoded, PREFIX.length, encoded.length)));
        }

        @Override
        public AlgorithmParameterSpec getParams() {
            return NamedParameterSpec.X25519;
        }

        @Override
        public String getAlgorithm() {
            return ALGORITHM;
        }

        @Override
        public String getFormat() {
            return "X.509";
        }

        @Override
        public byte[] getEncoded() {
            return encoded.clone();
        }
    }

    /** Its private key: the library's, which alone can use it. */
    @SuppressWarnings("serial") // never serialized
    private static final class Private implements PrivateKey {
        private final PrivateKey key;

        Private(PrivateKey key) {
            this.key = key;
        }

        @Override
        public String getAlgorithm() {
            return ALGORITHM;
        }

        @Override
        public @Nullable String getFormat() {
            return null;
        }

        @Override
        public byte @Nullable [] getEncoded() {
            return null;
        }
    }

    /** Makes key pairs; for X25519 only, so that other curves come from the next provider. */
    static final class Pairs extends KeyPairGeneratorSpi {
        private final Provider library;

        Pairs(Provider library) {
            this.library = library;
        }

        @Override
        public void initialize(int bits, SecureRandom random) {
            throw new InvalidParameterException("asked for by name only");
        }

        @Override
        public void initialize(AlgorithmParameterSpec curve, SecureRandom random)
                throws InvalidAlgorithmParameterException {
            if (!isX25519(curve)) {
                throw new InvalidAlgorithmParameterException("X25519 only");
            }
        }

        @Override
        public KeyPair generateKeyPair() {
            try {
                KeyPair made = KeyPairGenerator.getInstance(ALGORITHM, library).generateKeyPair();
                byte[] encoded = made.getPublic().getEncoded();
                if (encoded.length != PREFIX.length + KEY_BYTES) {
                    throw new ProviderException("no X25519 key: " + encoded.length + " bytes");
                }
                return new KeyPair(new Public(encoded), new Private(made.getPrivate()));
            } catch (GeneralSecurityException impossible) {
                throw new ProviderException(impossible);
            }
        }
    }

    private static boolean isX25519(AlgorithmParameterSpec curve) {
        return curve instanceof NamedParameterSpec named
                && named.getName().equalsIgnoreCase(NamedParameterSpec.X25519.getName());
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] result = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            result[i] = bytes[bytes.length - 1 - i];
        }
        return result;
    }

    /** The secret that two keys have in common. */
    static final class Agreement extends KeyAgreementSpi {
        private final Provider library;
        private @Nullable PrivateKey own;
        private byte @Nullable [] secret;

        Agreement(Provider library) {
            this.library = library;
        }

        @Override
        protected void engineInit(Key key, SecureRandom random) throws InvalidKeyException {
            if (!(key instanceof Private mine)) {
                throw new InvalidKeyException("not made here");
            }
            own = mine.key;
            secret = null;
        }

        @Override
        protected void engineInit(Key key, AlgorithmParameterSpec parameters, SecureRandom random)
                throws InvalidKeyException {
            engineInit(key, random);
        }

        /** @throws InvalidKeyException also for a key of small order, with which every secret is zero (RFC 7748 §6.1) */
        @Override
        protected @Nullable Key engineDoPhase(Key key, boolean last) throws InvalidKeyException {
            if (!last || !(key instanceof XECPublicKey other) || !isX25519(other.getParams())) {
                throw new InvalidKeyException("X25519 is between two keys of X25519");
            }
            try {
                KeyAgreement agreement = KeyAgreement.getInstance(ALGORITHM, library);
                agreement.init(own);
                agreement.doPhase(translated(other), true);
                byte[] agreed = agreement.generateSecret();
                if (isZero(agreed)) {
                    throw new InvalidKeyException("a key of small order");
                }
                secret = agreed;
                return null;
            } catch (InvalidKeyException bad) {
                throw bad;
            } catch (GeneralSecurityException | RuntimeException bad) {
                throw new InvalidKeyException("no secret with this key", bad);
            }
        }

        private PublicKey translated(XECPublicKey other) throws GeneralSecurityException {
            byte[] u = other.getU().toByteArray();
            byte[] encoded = Arrays.copyOf(PREFIX, PREFIX.length + KEY_BYTES);
            for (int i = 0; i < Math.min(u.length, KEY_BYTES); i++) {
                encoded[PREFIX.length + i] = u[u.length - 1 - i];
            }
            return KeyFactory.getInstance(ALGORITHM, library).generatePublic(new X509EncodedKeySpec(encoded));
        }

        private static boolean isZero(byte[] bytes) {
            int any = 0;
            for (byte each : bytes) {
                any |= each;
            }
            return any == 0;
        }

        @Override
        protected byte[] engineGenerateSecret() {
            byte[] agreed = secret;
            if (agreed == null) {
                throw new IllegalStateException("no key to agree with was given");
            }
            secret = null;
            return agreed;
        }

        @Override
        protected int engineGenerateSecret(byte[] into, int offset) throws ShortBufferException {
            if (into.length - offset < KEY_BYTES) {
                throw new ShortBufferException(KEY_BYTES + " bytes are needed");
            }
            byte[] agreed = engineGenerateSecret();
            System.arraycopy(agreed, 0, into, offset, agreed.length);
            return agreed.length;
        }

        @Override
        protected SecretKey engineGenerateSecret(String algorithm) {
            return new SecretKeySpec(engineGenerateSecret(), algorithm);
        }
    }
}
