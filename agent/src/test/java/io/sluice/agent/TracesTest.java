package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TracesTest {
    private final Traces traces = new Traces(new Pauses(new Safepoints()));

    private static Trace message(int number) {
        return new Trace(
                Instant.parse("2026-11-23T10:15:02.113Z"),
                "message",
                true,
                Integer.toString(number),
                "lib-\"1\"",
                "websocket",
                true,
                512,
                "sluice-7",
                System.nanoTime() - 3_600_000_000_000L,
                61_000_000,
                1_000_000,
                60_000_000,
                null);
    }

    @Test
    void a_message_is_one_line_of_JSON_with_its_times_in_microseconds() {
        traces.offer(message(7));
        traces.write();
        assertThat(traces.lines())
                .containsExactly(
                        "{\"at\":\"2026-11-23T10:15:02.113Z\",\"what\":\"message\",\"why\":\"slow\",\"id\":\"7\","
                                + "\"liberator\":\"lib-\\\"1\\\"\",\"kind\":\"websocket\",\"direction\":\"to-client\","
                                + "\"bytes\":512,\"thread\":\"sluice-7\",\"total_us\":61000,\"transit_us\":1000,"
                                + "\"client_wait_us\":60000,\"collector_pauses\":0,\"collector_us\":0,"
                                + "\"stopped_us_at_most\":0}");
    }

    @Test
    void the_last_hundred_stay_newest_first() {
        IntStream.range(0, 130).forEach(each -> traces.offer(message(each)));
        traces.write();
        assertThat(traces.lines()).hasSize(100);
        assertThat(traces.lines()[0]).contains("\"id\":\"129\"");
        assertThat(traces.lines()[99]).contains("\"id\":\"30\"");
        assertThat(traces.total()).isEqualTo(130);
    }

    @Test
    void more_than_twenty_in_a_second_are_counted_and_dropped() {
        long allowed = IntStream.range(0, 50).filter(each -> traces.mayOffer()).count();
        assertThat(allowed).isEqualTo(20);
        assertThat(traces.dropped()).isEqualTo(30);
        traces.refill();
        assertThat(traces.mayOffer()).isTrue();
    }
}
