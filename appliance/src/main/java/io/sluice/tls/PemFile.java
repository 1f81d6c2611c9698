package io.sluice.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The blocks of a PEM file (RFC 7468) in their order; text between them is ignored.
 *
 * <p>Messages name the file and the line, and never hold a byte of its content.
 */
final class PemFile {
    /** A file of certificates of all public authorities has a quarter of this. */
    private static final int MOST_BYTES = 1024 * 1024;

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    private static final int DER_SEQUENCE = 0x30;

    private PemFile() {}

    /** One block. */
    static final class Block {
        private final String label;
        private final boolean encryptedInside;
        private final byte[] content;

        private Block(String label, boolean encryptedInside, byte[] content) {
            this.label = label;
            this.encryptedInside = encryptedInside;
            this.content = content;
        }

        /** As in {@code CERTIFICATE}. */
        String label() {
            return label;
        }

        /** Whether its header fields (RFC 1421 §4.6) say that the content is encrypted. */
        boolean isEncryptedInside() {
            return encryptedInside;
        }

        byte[] content() {
            return content;
        }
    }

    /**
     * Reads {@code file} whole.
     *
     * @throws IOException when it cannot be read, or a block is damaged or cut off
     */
    static List<Block> read(Path file) throws IOException {
        byte[] bytes = bytes(file);
        String[] lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\r?\n|\r", -1);
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
                String label = line.substring(BEGIN.length(), line.length() - DASHES.length());
                int end = endOf(file, lines, i, label);
                blocks.add(block(file, label, lines, i + 1, end));
                i = end;
            }
        }
        if (blocks.isEmpty() && bytes.length > 0 && bytes[0] == DER_SEQUENCE) {
            throw new IOException(file + ": is DER, not PEM; convert it with: openssl x509 -inform der -in OLD -out NEW"
                    + " (openssl pkey for a key)");
        }
        return blocks;
    }

    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IOException(file + ": is larger than " + MOST_BYTES / 1024 / 1024 + "MiB");
            }
            return bytes;
        } catch (NoSuchFileException gone) {
            throw new IOException(file + ": there is no such file", gone);
        }
    }

    private static int endOf(Path file, String[] lines, int begin, String label) throws IOException {
        for (int i = begin + 1; i < lines.length; i++) {
            String line = lines[i].strip();
            if (line.equals(END + label + DASHES)) {
                return i;
            }
            if (line.startsWith(DASHES)) {
                break;
            }
        }
        throw new IOException(
                file + ":" + (begin + 1) + ": 'BEGIN " + label + "' has no END; is the file written to its end?");
    }

    private static Block block(Path file, String label, String[] lines, int from, int to) throws IOException {
        StringBuilder base64 = new StringBuilder();
        boolean encrypted = false;
        for (int i = from; i < to; i++) {
            String line = lines[i].strip();
            if (line.indexOf(':') >= 0) {
                encrypted |= line.startsWith("Proc-Type:") && line.endsWith("ENCRYPTED");
            } else {
                base64.append(line);
            }
        }
        try {
            return new Block(label, encrypted, Base64.getDecoder().decode(base64.toString()));
        } catch (IllegalArgumentException damaged) {
            throw new IOException(file + ":" + from + ": the content of '" + label + "' is not base64");
        }
    }
}
