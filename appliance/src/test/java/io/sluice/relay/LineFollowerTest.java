package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LineFollowerTest {
    private final LineFollower follower = new LineFollower();

    private int follow(String text) {
        return follower.follow(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void stops_at_once_where_nothing_has_come_yet_and_where_a_line_has_ended() {
        assertThat(new LineFollower().stopAtBoundary()).isTrue();
        assertThat(follow("half a li")).isEqualTo(9);
        assertThat(follow("ne\n")).isEqualTo(3);
        assertThat(follower.stopAtBoundary()).isTrue();
        assertThat(follower.isDone()).isTrue();
        assertThat(follow("more\n")).isZero();
        assertThat(follower.hasSurplus()).isTrue();
    }

    @Test
    void goes_on_to_the_end_of_the_line_under_way() {
        follow("half");
        assertThat(follower.stopAtBoundary()).isFalse();
        assertThat(follow(" a line")).isEqualTo(7);
        assertThat(follower.isDone()).isFalse();
        assertThat(follow(", done\nand more\n")).isEqualTo(7);
        assertThat(follower.isDone()).isTrue();
        assertThat(follower.hasSurplus()).isTrue();
        assertThat(follower.messages()).isEqualTo(Follower.UNSEEN);
    }
}
