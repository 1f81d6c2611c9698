package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameFollowerTest {
    private static final int TEXT = 0x81;
    private static final int TEXT_GOES_ON = 0x01;
    private static final int LAST_PART = 0x80;
    private static final int PING = 0x89;

    private final FrameFollower follower = new FrameFollower();
    private final ByteArrayOutputStream frames = new ByteArrayOutputStream();

    private void frame(int first, int length, boolean masked) {
        int mask = masked ? 0x80 : 0;
        frames.write(first);
        if (length < 126) {
            frames.write(mask | length);
        } else if (length < 65_536) {
            frames.write(mask | 126);
            frames.write(length >> 8);
            frames.write(length);
        } else {
            frames.write(mask | 127);
            frames.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
        }
        // What looks like the head of a frame must not be taken for one.
        byte[] payload = new byte[length + (masked ? 4 : 0)];
        Arrays.fill(payload, (byte) 0x81);
        frames.writeBytes(payload);
    }

    @Test
    void passes_everything_on_however_it_is_cut_and_counts_messages() {
        for (int length : new int[] {0, 1, 125, 126, 127, 65_535, 65_536}) {
            frame(TEXT, length, false);
            frame(PING, 3, false);
            frame(TEXT_GOES_ON, length, true);
            frame(LAST_PART, 5, true);
        }
        byte[] all = frames.toByteArray();
        Random random = new Random(4);
        int at = 0;
        while (at < all.length) {
            int part = Math.min(all.length - at, 1 + random.nextInt(random.nextBoolean() ? 3 : 4096));
            assertThat(follower.follow(ByteBuffer.wrap(all, at, part))).isEqualTo(part);
            at += part;
        }
        assertThat(follower.messages()).isEqualTo(14);
        assertThat(follower.stopAtBoundary()).isTrue();
    }

    @Test
    void stops_where_the_frame_under_way_ends_and_nowhere_else() {
        frame(TEXT, 300, false);
        byte[] first = frames.toByteArray();
        frame(TEXT, 10, false);
        byte[] both = frames.toByteArray();
        for (int cut = 1; cut < first.length; cut++) {
            FrameFollower each = new FrameFollower();
            each.follow(ByteBuffer.wrap(both, 0, cut));
            assertThat(each.stopAtBoundary()).isFalse();
            assertThat(each.isDone()).isFalse();
            assertThat(each.follow(ByteBuffer.wrap(both, cut, both.length - cut)))
                    .isEqualTo(first.length - cut);
            assertThat(each.isDone()).isTrue();
            assertThat(each.hasSurplus()).isTrue();
        }
    }

    @Test
    void finds_no_boundary_any_more_behind_a_length_that_cannot_be() {
        frames.write(TEXT);
        frames.write(127);
        frames.writeBytes(ByteBuffer.allocate(8).putLong(-1).array());
        frame(TEXT, 3, false);
        byte[] all = frames.toByteArray();
        assertThat(follower.follow(ByteBuffer.wrap(all))).isEqualTo(all.length);
        assertThat(follower.stopAtBoundary()).isFalse();
        assertThat(follower.follow(ByteBuffer.wrap(all))).isEqualTo(all.length);
        assertThat(follower.isDone()).isFalse();
    }
}
