package io.sluice.tls;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** The few pieces of DER (X.690 §8) that it takes to put an old private key into a PKCS #8 envelope. */
final class Der {
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final byte[] VERSION_0 = {2, 1, 0};

    private Der() {}

    /**
     * PrivateKeyInfo (RFC 5208 §5) around a key in the form of its own standard.
     *
     * @param subjectPublicKeyInfo of the certificate; its AlgorithmIdentifier (RFC 5280 §4.1) is the one the key needs
     * @param key RSAPrivateKey (RFC 8017 §A.1.2) or ECPrivateKey (RFC 5915 §3)
     */
    static byte[] privateKeyInfo(byte[] subjectPublicKeyInfo, byte[] key) {
        int algorithmAt = contentAt(subjectPublicKeyInfo, 0);
        int algorithmEnd = contentAt(subjectPublicKeyInfo, algorithmAt) + length(subjectPublicKeyInfo, algorithmAt);
        byte[] algorithm = Arrays.copyOfRange(subjectPublicKeyInfo, algorithmAt, algorithmEnd);
        return element(SEQUENCE, VERSION_0, algorithm, element(OCTET_STRING, key));
    }

    /** Where the content of the element at {@code at} starts. */
    private static int contentAt(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7F);
    }

    /** How long the content of the element at {@code at} is. */
    private static int length(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7F); i++) {
            length = (length << 8) | (der[at + 2 + i] & 0xFF);
        }
        return length;
    }

    private static byte[] element(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 5);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >> (8 * i));
            }
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
