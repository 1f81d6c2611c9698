package io.sluice.config;

import static io.sluice.config.Given.loaded;
import static io.sluice.config.Given.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NotYetTest {
    private static final String TOP =
            "listeners: [ { name: a, bind: '127.0.0.1:0' } ]\n" + "liberators:\n  - name: b\n    address: 'h:1'\n";

    static Stream<Arguments> later() {
        return Stream.of(Arguments.of(TOP + "management: { metrics: { bind: 127.0.0.1:9464 } }", "5:15: metrics"));
    }

    @ParameterizedTest
    @MethodSource("later")
    void what_a_later_stage_brings_is_refused(String text, String sentence) {
        String expected = sentence + " is not supported yet";
        assertThat(problems(text)).contains(expected).allMatch(line -> line.endsWith(" is not supported yet"));
    }

    @Test
    void each_line_of_the_list_is_tried_here() {
        List<String> tried =
                later().map(arguments -> (String) arguments.get()[1]).toList();
        assertThat(NotYet.LIST).allSatisfy(notYet -> {
            String key = notYet.path().replace("[]", "").replaceFirst("^[a-z]+\\.", "");
            assertThat(tried).anyMatch(sentence -> sentence.matches("[0-9:]+ " + key + "( '.*')?"));
        });
    }

    @Test
    void what_is_said_to_be_off_is_accepted() {
        assertThat(loaded("""
                                listeners:
                                  - name: a
                                    bind: 127.0.0.1:0
                                    tls: off
                                    limits: { acceptPerSecond: 0, allow: [], deny: [] }
                                liberators:
                                  - { name: b, address: "h:1", tls: off, newStreamsPerSecond: 0 }
                                management: { metrics: off }
                                """).listeners()).hasSize(1);
    }
}
