package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";

    private static ByteBuffer head(String fields) {
        String before = "an earlier head, to be left alone: \r\ntraceparent: x\r\n\r\n";
        ByteBuffer out = ByteBuffer.allocate(400);
        out.put((before + "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n").getBytes(StandardCharsets.US_ASCII));
        return out;
    }

    private static TraceContext.Reading read(String fields) {
        ByteBuffer out = head(fields);
        return TraceContext.read(out, text(out).indexOf("GET"));
    }

    private static String text(ByteBuffer out) {
        return new String(out.array(), 0, out.position(), StandardCharsets.US_ASCII);
    }

    @Test
    void a_stream_s_span_is_a_child_of_the_one_that_the_client_names() {
        TraceContext.Reading read = read("TraceParent:  00-" + TRACE + "-" + PARENT + "-01 \r\n");
        assertThat(read.found()).isEqualTo(TraceContext.Found.ONE);
        assertThat(read.context().traceId()).isEqualTo(TRACE);
        assertThat(read.context().parentId()).isEqualTo(PARENT);
        assertThat(read.context().sampled()).isTrue();
        assertThat(read.context().spanId()).matches("[0-9a-f]{16}").isNotEqualTo(PARENT);
    }

    @Test
    void a_client_that_wants_no_spans_gets_none() {
        assertThat(read("traceparent: 00-" + TRACE + "-" + PARENT + "-00\r\n")
                        .context()
                        .sampled())
                .isFalse();
    }

    @Test
    void a_later_version_may_say_more() {
        assertThat(read("traceparent: cc-" + TRACE + "-" + PARENT + "-01-more\r\n")
                        .context()
                        .traceId())
                .isEqualTo(TRACE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "ff-" + TRACE + "-" + PARENT + "-01",
                "00-00000000000000000000000000000000-" + PARENT + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-" + TRACE + "-" + PARENT,
                "00-" + TRACE + "-" + PARENT + "-01\r\ntraceparent: 00-" + TRACE + "-" + PARENT + "-01"
            })
    void what_is_no_traceparent_counts_as_none_and_is_not_doubled(String value) {
        TraceContext.Reading read = read("traceparent: " + value + "\r\n");
        assertThat(read.found()).isEqualTo(TraceContext.Found.WRONG);
        assertThat(read.context()).isNull();
    }

    @Test
    void one_is_added_at_the_end_of_a_head() {
        ByteBuffer out = head("");
        assertThat(TraceContext.read(out, text(out).indexOf("GET")).found()).isEqualTo(TraceContext.Found.NONE);
        TraceContext begun = TraceContext.begin(true);
        begun.addTo(out);
        assertThat(text(out))
                .endsWith("GET / HTTP/1.1\r\nHost: a\r\ntraceparent: 00-" + begun.traceId() + "-" + begun.spanId()
                        + "-01\r\n\r\n");
    }

    @Test
    void where_there_is_no_room_none_is_added() {
        ByteBuffer out = ByteBuffer.allocate(20).put("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        TraceContext.begin(true).addTo(out);
        assertThat(text(out)).isEqualTo("GET / HTTP/1.1\r\n\r\n");
    }
}
