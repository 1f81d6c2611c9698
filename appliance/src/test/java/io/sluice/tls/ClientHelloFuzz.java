package io.sluice.tls;

import io.sluice.route.HostName;
import io.sluice.tls.ClientHello.Reading;
import io.sluice.tls.ClientHello.State;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * The first bytes of a connection whose TLS is passed through. However they are cut they come to the same; in records
 * of other sizes the same message names the same host; and where the JDK's server finds a name it is that one.
 */
public final class ClientHelloFuzz {
    private static final SSLContext SERVER = server();

    private ClientHelloFuzz() {}

    private static SSLContext server() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static void fuzzerTestOneInput(byte[] data) {
        Reading whole = ClientHello.read(ByteBuffer.wrap(data));
        for (int length = 0; length < Math.min(data.length, 300); length++) {
            Reading part = ClientHello.read(ByteBuffer.wrap(data, 0, length));
            check(part.state() == State.INCOMPLETE || part.equals(whole), "in pieces it is " + part);
        }
        Random random = new Random(Arrays.hashCode(data));
        byte[] record = framed(data, random.nextInt(40) + 10);
        Reading framed = ClientHello.read(ByteBuffer.wrap(record));
        Reading once = ClientHello.read(ByteBuffer.wrap(framed(data, 1 << 14)));
        check(once.equals(framed) || framed.state() == State.INCOMPLETE, "in other records it is " + framed);
        compare(data, whole);
        compare(framed(data, 1 << 14), once);
    }

    /** The bytes as the body of a ClientHello. */
    private static byte[] framed(byte[] body, int each) {
        byte[] message =
                Hellos.joined(new byte[] {1}, Hellos.vector(3, Arrays.copyOf(body, Math.min(body.length, 2000))));
        return Hellos.records(message, each);
    }

    private static void compare(byte[] data, Reading reading) {
        if (reading.state() == State.COMPLETE) {
            String jdk = nameFoundByJdk(data);
            check(jdk == null || jdk.equals(String.valueOf(reading.serverName())), "the JDK finds " + jdk);
        }
    }

    /** Null when it finds none, or refuses the message. */
    private static String nameFoundByJdk(byte[] data) {
        AtomicReference<String> found = new AtomicReference<>();
        SSLEngine engine = SERVER.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setSNIMatchers(List.of(new SNIMatcher(0) {
            @Override
            public boolean matches(SNIServerName name) {
                found.set(
                        String.valueOf(HostName.canonical(new String(name.getEncoded(), StandardCharsets.ISO_8859_1))));
                return true;
            }
        }));
        engine.setSSLParameters(parameters);
        ByteBuffer in = ByteBuffer.wrap(data);
        try {
            engine.beginHandshake();
            for (int i = 0; i < 100 && in.hasRemaining() && found.get() == null; i++) {
                engine.unwrap(in, ByteBuffer.allocate(20_000));
                Runnable task = engine.getDelegatedTask();
                while (task != null) {
                    task.run();
                    task = engine.getDelegatedTask();
                }
            }
        } catch (SSLException | RuntimeException refused) {
            return found.get();
        }
        return found.get();
    }

    private static void check(boolean good, String what) {
        if (!good) {
            throw new AssertionError(what);
        }
    }
}
