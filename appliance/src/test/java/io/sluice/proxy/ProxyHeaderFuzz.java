package io.sluice.proxy;

import io.sluice.proxy.ProxyHeaderReader.Reading;
import io.sluice.proxy.ProxyHeaderReader.State;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first bytes of a connection behind a load balancer. However they are cut, they come to the same header or to
 * none; what stands behind it changes nothing; the bytes themselves, looked at in another way, name the same addresses.
 */
public final class ProxyHeaderFuzz {
    private static final Pattern LINE =
            Pattern.compile("PROXY (?:UNKNOWN(?: [ -~]*)?|TCP[46] (\\S+) (\\S+) (\\d{1,5}) (\\d{1,5}))\r\n");

    private ProxyHeaderFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        Reading whole = ProxyHeaderReader.read(ByteBuffer.wrap(data));
        for (int length = 0; length < Math.min(data.length, 400); length++) {
            Reading part = ProxyHeaderReader.read(ByteBuffer.wrap(data, 0, length));
            switch (part.state()) {
                case INCOMPLETE -> check(length < whole.length() || whole.state() != State.COMPLETE, "seen too late");
                case BROKEN -> check(whole.state() == State.BROKEN, "broken in pieces, not as a whole");
                case COMPLETE -> check(part.equals(whole), "what stands behind it counts");
            }
        }
        if (whole.state() == State.COMPLETE) {
            check(whole.length() <= Math.min(data.length, ProxyHeaderReader.MAX_BYTES), "longer than what there is");
            byte[] header = Arrays.copyOf(data, whole.length());
            ProxyHeader announced = whole.announced();
            if (announced != null) {
                isWritten(announced, header);
                check(readAgain(announced.v1()).equals(announced), "v1 written is not what was read");
                check(readAgain(announced.v2()).equals(announced), "v2 written is not what was read");
            }
        }
    }

    private static ProxyHeader readAgain(byte[] written) {
        check(written.length <= ProxyHeader.MAX_WRITTEN_BYTES, "written longer than allowed");
        Reading reading = ProxyHeaderReader.read(ByteBuffer.wrap(written));
        check(reading.state() == State.COMPLETE && reading.announced() != null, "not read again");
        return reading.announced();
    }

    private static void isWritten(ProxyHeader announced, byte[] header) {
        if (header[0] == 'P') {
            Matcher line = LINE.matcher(new String(header, StandardCharsets.ISO_8859_1));
            check(line.matches() && line.group(1) != null, "no line");
            check(Integer.parseInt(line.group(3)) == announced.source().getPort(), "source port");
            check(Integer.parseInt(line.group(4)) == announced.destination().getPort(), "destination port");
            isNamed(announced.source(), line.group(1));
            isNamed(announced.destination(), line.group(2));
        } else {
            int size = header[13] == 0x11 ? 4 : 16;
            endsWith(announced.source(), Arrays.copyOfRange(header, 16, 16 + size));
            endsWith(announced.destination(), Arrays.copyOfRange(header, 16 + size, 16 + 2 * size));
            ByteBuffer ports = ByteBuffer.wrap(header, 16 + 2 * size, 4);
            check((char) ports.getShort() == announced.source().getPort(), "source port");
            check((char) ports.getShort() == announced.destination().getPort(), "destination port");
        }
    }

    private static void isNamed(InetSocketAddress address, String text) {
        boolean ipv4 = !text.contains(":");
        check(!ipv4 || address.getAddress().getHostAddress().equals(text), "another address than " + text);
    }

    /** A mapped address has lost what stood before the IPv4 one. */
    private static void endsWith(InetSocketAddress address, byte[] bytes) {
        byte[] own = address.getAddress().getAddress();
        check(Arrays.equals(own, Arrays.copyOfRange(bytes, bytes.length - own.length, bytes.length)), "address");
    }

    private static void check(boolean good, String what) {
        if (!good) {
            throw new AssertionError(what);
        }
    }
}
