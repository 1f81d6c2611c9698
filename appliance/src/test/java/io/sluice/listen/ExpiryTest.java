package io.sluice.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.listen.Certificates.Row;
import io.sluice.tls.TestAuthority;
import io.sluice.tls.TestAuthority.Wanted;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpiryTest {
    private static final Instant END = Instant.parse("2030-01-31T00:00:00Z");

    private Instant now = END.minus(Duration.ofDays(60));
    private final List<String> alarms = new ArrayList<>();
    private final Expiry expiry = new Expiry(new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });
    private final X509Certificate certificate =
            TestAuthority.root().issue(new Wanted().until(END)).certificate();

    private int alarmsAt(Duration left) {
        now = END.minus(left);
        expiry.look(List.of(new Row("public", certificate, List.of("a.example.com"), Path.of("a.pem"), 0)));
        return alarms.size();
    }

    @Test
    void is_told_at_30_7_and_1_days_and_at_the_end_each_once() {
        expiry.onAlarm(alarms::add);
        assertThat(alarmsAt(Duration.ofDays(31))).isZero();
        assertThat(alarmsAt(Duration.ofDays(30))).isOne();
        assertThat(alarmsAt(Duration.ofDays(29))).isOne();
        assertThat(alarmsAt(Duration.ofDays(7))).isEqualTo(2);
        assertThat(alarmsAt(Duration.ofDays(2))).isEqualTo(2);
        assertThat(alarmsAt(Duration.ofHours(24))).isEqualTo(3);
        assertThat(alarmsAt(Duration.ofHours(1))).isEqualTo(3);
        assertThat(alarmsAt(Duration.ZERO)).isEqualTo(4);
        assertThat(alarmsAt(Duration.ofDays(-5))).isEqualTo(4);
        assertThat(alarms.get(3)).contains("expired at 2030-01-31T00:00:00Z");
    }

    @Test
    void is_not_told_again_by_a_clock_that_jumps() {
        expiry.onAlarm(alarms::add);
        assertThat(alarmsAt(Duration.ofDays(6))).isOne();
        assertThat(alarmsAt(Duration.ofDays(40))).isOne();
        assertThat(alarmsAt(Duration.ofDays(6))).isOne();
    }
}
