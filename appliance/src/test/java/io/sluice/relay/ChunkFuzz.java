package io.sluice.relay;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/**
 * A chunked response through the follower. Whole and in pieces it must come to the same; what passes is verbatim; a
 * decoder written by another hand finds the same content and the same end; decoding and passing on agree.
 */
public final class ChunkFuzz {
    private ChunkFuzz() {}

    /** What became of a body: the bytes passed on, and whether it was done, broken or neither. */
    private record Outcome(String passed, String end) {}

    public static void fuzzerTestOneInput(byte[] data) {
        Random random = new Random(Arrays.hashCode(data));
        Outcome whole = follow(data, false, null);
        Outcome pieces = follow(data, false, random);
        check(whole.end.equals(pieces.end), "whole it is " + whole.end + ", in pieces " + pieces.end);
        String text = new String(data, StandardCharsets.ISO_8859_1);
        check(text.startsWith(pieces.passed), "not verbatim");
        Outcome decoded = follow(data, true, random);
        check(decoded.end.equals(whole.end), "decoding, the end differs");
        if (whole.end.equals("done")) {
            check(whole.passed.equals(pieces.passed), "pieces end elsewhere");
            check(decoded.passed.equals(referenceDecoded(whole.passed)), "another decoder reads another content");
        }
    }

    /** Follows {@code data} in pieces of random sizes; in one when {@code random} is null. */
    private static Outcome follow(byte[] data, boolean decoding, Random random) {
        BodyFollower follower = new BodyFollower(Framing.CHUNKED, decoding);
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        int at = 0;
        while (at < data.length) {
            int length = random == null ? data.length : 1 + random.nextInt(Math.min(data.length - at, 40));
            ByteBuffer piece = ByteBuffer.allocate(length).put(data, at, length).flip();
            int part = follower.follow(piece);
            if (part == BodyFollower.BROKEN) {
                return new Outcome(text(passed), "broken");
            }
            passed.write(piece.array(), 0, part);
            if (follower.isDone()) {
                return new Outcome(text(passed), "done");
            }
            check(!follower.hasSurplus(), "surplus before the end");
            at += length;
        }
        return new Outcome(text(passed), "open");
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    /** RFC 9112 §7.1 over a complete body, without any state machine. */
    private static String referenceDecoded(String body) {
        StringBuilder content = new StringBuilder();
        int at = 0;
        while (true) {
            int lineEnd = body.indexOf("\r\n", at);
            String size = body.substring(at, lineEnd).replaceFirst("(?s);.*", "");
            check(size.matches("[0-9a-fA-F]{1,15}"), "size '" + size + "'");
            long length = Long.parseLong(size, 16);
            at = lineEnd + 2;
            if (length == 0) {
                break;
            }
            content.append(body, at, (int) (at + length));
            at += (int) length;
            check(body.startsWith("\r\n", at), "chunk without its end");
            at += 2;
        }
        while (!body.startsWith("\r\n", at)) {
            int lineEnd = body.indexOf("\r\n", at);
            String trailer = body.substring(at, lineEnd);
            check(trailer.matches("[-!#$%&'*+.^_`|~0-9A-Za-z]+:[\\t -~\\x80-\\xff]*"), "trailer '" + trailer + "'");
            at = lineEnd + 2;
        }
        check(at + 2 == body.length(), "bytes behind the end were passed on");
        return content.toString();
    }

    private static void check(boolean good, String what) {
        if (!good) {
            throw new AssertionError(what);
        }
    }
}
