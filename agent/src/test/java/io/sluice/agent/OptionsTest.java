package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    @Test
    void where_spans_go_is_a_URL_without_a_password() {
        assertThat(Options.DEFAULTS.with("otlp=https://collector:4318/v1/traces,spans=1/100,traceparent=create"))
                .hasToString("level=metrics,slow=50ms,sample=off,window=10s,jfr=off,"
                        + "otlp=https://collector:4318/v1/traces,spans=1/100,traceparent=create");
        assertThat(Options.DEFAULTS.with("otlp=http://collector").with("otlp=off"))
                .isEqualTo(Options.DEFAULTS);
        assertThatThrownBy(() -> Options.DEFAULTS.with("otlp=http://me:secret@collector"))
                .hasMessageContaining("expected a URL as in http://collector:4318/v1/traces, or off");
    }

    @Test
    void nothing_given_means_metrics_with_what_takes_50_ms_being_slow() {
        assertThat(Options.DEFAULTS.with("")).hasToString("level=metrics,slow=50ms,sample=off,window=10s,jfr=off");
    }

    @Test
    void every_option_can_be_given_and_reads_back_as_it_was_written() {
        String all = "level=trace,slow=800us,sample=1/1000,window=60s,jfr=on";
        assertThat(Options.DEFAULTS.with(all)).hasToString(all);
    }

    @Test
    void what_is_not_given_stays_as_it_was() {
        Options before = Options.DEFAULTS.with("slow=7ms,jfr=on");
        assertThat(before.with("window=1m")).hasToString("level=metrics,slow=7ms,sample=off,window=60s,jfr=on");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "lvel=metrics ~ option 'lvel' is not known (known: level=off|metrics|trace, slow=TIME, sample=1/N, window=TIME,"
                        + " jfr=on|off, otlp=URL|off, spans=1/N, traceparent=keep|create)",
                "level ~ option 'level' has no '=' (known: level=off|metrics|trace, slow=TIME, sample=1/N, window=TIME,"
                        + " jfr=on|off, otlp=URL|off, spans=1/N, traceparent=keep|create)",
                "level=full ~ level is 'full' (expected off, metrics or trace)",
                "slow=50 ~ slow is '50' (expected a time as in 50ms or 800us, or off)",
                "sample=0.1 ~ sample is '0.1' (expected a share as in 1/1000, or off)",
                "sample=1/0 ~ sample is '1/0' (expected a share as in 1/1000, or off)",
                "window=500ms ~ window is '500ms' (expected a time from 1s to 10m)",
                "window=11m ~ window is '11m' (expected a time from 1s to 10m)",
                "jfr=yes ~ jfr is 'yes' (expected on or off)",
                "level=metrics, ~ option '' has no '=' (known: level=off|metrics|trace, slow=TIME, sample=1/N, window=TIME,"
                        + " jfr=on|off, otlp=URL|off, spans=1/N, traceparent=keep|create)",
            })
    void what_is_wrong_is_refused_with_what_is_valid(String options, String sentence) {
        assertThatThrownBy(() -> Options.DEFAULTS.with(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }
}
