package io.sluice.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Management of the appliance itself.
 *
 * @param jmx null: no remote JMX
 * @param metrics where metrics and health are served over HTTP; null: nowhere
 * @param drainTime how long the drain after TERM may take; zero: none
 */
public record ManagementConfig(
        @Nullable JmxConfig jmx, @Nullable HostAndPort metrics, Duration drainTime) {
    public static final ManagementConfig DEFAULTS =
            new ManagementConfig(JmxConfig.on(new HostAndPort("127.0.0.1", 7199)), null, Duration.ofSeconds(10));

    /** Where remote JMX listens; null: nowhere. */
    public @Nullable HostAndPort jmxBind() {
        return jmx == null ? null : jmx.bind();
    }
}
