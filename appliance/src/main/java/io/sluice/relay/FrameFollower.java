package io.sluice.relay;

import java.nio.ByteBuffer;

/**
 * Follows the frames of one direction of a WebSocket (RFC 6455 §5.2).
 *
 * <p>Kept from the handshake on, because where a frame begins can only be known by whoever has followed all frames
 * before it. Costs a few instructions for each frame. A length that cannot be is passed on like everything else; from
 * then on there is no boundary to be found.
 */
final class FrameFollower implements Follower {
    private static final int FIN = 0x80;
    private static final int OPCODE = 0x0F;
    private static final int CONTROL = 0x08;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7F;
    private static final int LENGTH_IN_2 = 126;
    private static final int LENGTH_IN_8 = 127;
    private static final int MASK_BYTES = 4;

    private enum At {
        START,
        LENGTH,
        REST_OF_HEAD,
        PAYLOAD,
        LOST
    }

    private At at = At.START;
    private boolean endsMessage;
    private boolean stopping;
    private boolean surplus;
    private byte lengthBytes;
    private byte maskBytes;
    private int messages;
    private long left;

    @Override
    public int follow(ByteBuffer bytes) {
        int start = bytes.position();
        int limit = bytes.limit();
        int i = start;
        while (i < limit && !isDone()) {
            if (at == At.PAYLOAD) {
                int part = (int) Math.min(left, limit - i);
                i += part;
                left -= part;
                at = left == 0 ? At.START : At.PAYLOAD;
            } else if (at == At.LOST) {
                i = limit;
            } else {
                headByte(bytes.get(i++));
            }
        }
        surplus = i < limit;
        return i - start;
    }

    private void headByte(byte b) {
        switch (at) {
            case START -> {
                endsMessage = (b & FIN) != 0 && (b & OPCODE) < CONTROL;
                at = At.LENGTH;
            }
            case LENGTH -> {
                int length = b & LENGTH;
                left = length < LENGTH_IN_2 ? length : 0;
                lengthBytes = (byte) (length == LENGTH_IN_2 ? Short.BYTES : length == LENGTH_IN_8 ? Long.BYTES : 0);
                maskBytes = (byte) ((b & MASKED) != 0 ? MASK_BYTES : 0);
                at = At.REST_OF_HEAD;
                headRead();
            }
            default -> {
                if (lengthBytes > 0) {
                    left = (left << Byte.SIZE) | (b & 0xFF);
                    lengthBytes--;
                } else {
                    maskBytes--;
                }
                headRead();
            }
        }
    }

    private void headRead() {
        if (lengthBytes + maskBytes > 0) {
            return;
        }
        if (left < 0) {
            at = At.LOST;
            return;
        }
        if (endsMessage) {
            messages++;
        }
        at = left == 0 ? At.START : At.PAYLOAD;
    }

    @Override
    public boolean isDone() {
        return stopping && at == At.START;
    }

    @Override
    public boolean hasSurplus() {
        return surplus;
    }

    @Override
    public boolean stopAtBoundary() {
        stopping = true;
        return at == At.START;
    }

    @Override
    public int messages() {
        return messages;
    }
}
