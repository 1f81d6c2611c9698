package io.sluice.account;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;

/** Events of a flight recording. */
class EventsTest {
    @Test
    void are_off_unless_recorded() {
        assertThat(new StreamEvent.Open().isEnabled()).isFalse();
        try (Recording recording = new Recording()) {
            recording.start();
            assertThat(new StreamEvent.Open().isEnabled()).isTrue();
            assertThat(new RefusedEvent().isEnabled()).isTrue();
        }
        assertThat(new StreamEvent.Open().isEnabled()).isFalse();
        assertThat(new RefusedEvent().isEnabled()).isFalse();
    }
}
