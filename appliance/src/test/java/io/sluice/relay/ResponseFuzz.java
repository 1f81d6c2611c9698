package io.sluice.relay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * A Liberator's head through parser and writer. What is accepted goes out as one head that a strict client reads in the
 * same way; reading what was written comes to the same again.
 */
public final class ResponseFuzz {
    private ResponseFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        int end = HeadEnd.find(ByteBuffer.wrap(data));
        if (end < 0) {
            return;
        }
        Random random = new Random(Arrays.hashCode(data));
        boolean toHead = random.nextBoolean();
        boolean close = random.nextBoolean();
        ResponseHead head = ResponseHead.read(Arrays.copyOf(data, end), toHead);
        if (head == null) {
            return;
        }
        boolean decoded = head.framing().mode() == Framing.Mode.CHUNKED && random.nextBoolean();
        ByteBuffer out = ByteBuffer.allocate(head.maxWrittenBytes());
        head.write(out, close, decoded, null);
        byte[] written = Arrays.copyOf(out.array(), out.position());
        judge(new String(written, StandardCharsets.ISO_8859_1), head);
        check(HeadEnd.find(ByteBuffer.wrap(written)) == written.length, "not one head");
        if (new String(written, StandardCharsets.ISO_8859_1).split("\r\n").length > Fields.MAX_FIELDS) {
            return; // With our own field it may be one more than we read.
        }
        ResponseHead again = ResponseHead.read(written, toHead);
        check(again != null && again.status() == head.status(), "written, it reads differently");
        Framing expected = decoded ? Framing.UNTIL_CLOSE : head.framing();
        check(again.framing().equals(expected), "written, it is framed as " + again.framing() + " not " + expected);
    }

    private static void judge(String written, ResponseHead head) {
        check(written.startsWith("HTTP/1.1 " + head.status() + " "), "status line");
        check(written.endsWith("\r\n\r\n"), "end");
        int framings = 0;
        String[] lines = written.substring(0, written.length() - 4).split("\r\n", -1);
        for (int i = 1; i < lines.length; i++) {
            check(lines[i].matches("[-!#$%&'*+.^_`|~0-9A-Za-z]+: [\\t -~\\x80-\\xff]*"), "field '" + lines[i] + "'");
            String name = lines[i].substring(0, lines[i].indexOf(':')).toLowerCase(Locale.ROOT);
            framings += name.equals("content-length") || name.equals("transfer-encoding") ? 1 : 0;
            boolean hop = name.matches("keep-alive|proxy-connection|proxy-authenticate|te|http2-settings");
            check(!hop, name + " was relayed");
            check(!name.equals("upgrade") || head.status() == 101 || head.status() == 426, "an offer was relayed");
        }
        check(framings <= 1, "two framings");
        check(framings == 0 || (head.status() >= 200 && head.status() != 204), "a body where none is");
    }

    private static void check(boolean good, String what) {
        if (!good) {
            throw new AssertionError(what);
        }
    }
}
