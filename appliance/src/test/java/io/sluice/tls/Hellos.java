package io.sluice.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** ClientHellos: those of the JDK, and such as no library makes. */
public final class Hellos {
    private final List<byte[]> extensions = new ArrayList<>();
    private int session = 32;
    private byte[] behind = {};

    /** What the JDK's client says first, as one record. */
    public static byte[] ofJdk(String name) {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine(name, 443);
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            engine.setSSLParameters(parameters);
            engine.beginHandshake();
            ByteBuffer out = ByteBuffer.allocate(32 * 1024);
            engine.wrap(ByteBuffer.allocate(0), out);
            byte[] record = new byte[out.flip().remaining()];
            out.get(record);
            return record;
        } catch (NoSuchAlgorithmException | SSLException e) {
            throw new AssertionError(e);
        }
    }

    public Hellos name(String name) {
        byte[] host = name.getBytes(StandardCharsets.ISO_8859_1);
        return extension(0, vector(2, joined(new byte[] {0}, vector(2, host))));
    }

    public Hellos extension(int type, byte... content) {
        extensions.add(joined(new byte[] {(byte) (type >> 8), (byte) type}, vector(2, content)));
        return this;
    }

    public Hellos sessionBytes(int bytes) {
        session = bytes;
        return this;
    }

    /** Bytes behind the extensions, within the message. */
    public Hellos behind(byte... bytes) {
        behind = bytes;
        return this;
    }

    /** The message, without a record. */
    public byte[] message() {
        byte[] body = joined(
                new byte[] {3, 3},
                new byte[32],
                vector(1, new byte[session]),
                vector(2, (byte) 0x13, (byte) 1, (byte) 0xaa, (byte) 0xaa),
                vector(1, (byte) 0),
                extensions.isEmpty() ? new byte[0] : vector(2, joined(extensions.toArray(byte[][]::new))),
                behind);
        return joined(new byte[] {1}, vector(3, body));
    }

    /** In one record. */
    public byte[] record() {
        return records(message(), 1 << 14);
    }

    /** In records of so many bytes of content. */
    public static byte[] records(byte[] message, int each) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < message.length; at += each) {
            int part = Math.min(each, message.length - at);
            out.writeBytes(new byte[] {22, 3, 1, (byte) (part >> 8), (byte) part});
            out.write(message, at, part);
        }
        return out.toByteArray();
    }

    public static byte[] vector(int lengthBytes, byte... content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int shift = (lengthBytes - 1) * 8; shift >= 0; shift -= 8) {
            out.write(content.length >> shift);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    public static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] each : parts) {
            out.writeBytes(each);
        }
        return out.toByteArray();
    }
}
