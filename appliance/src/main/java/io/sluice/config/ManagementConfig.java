package io.sluice.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Management of the appliance itself.
 *
 * @param jmxBind a loopback address; null: no remote JMX
 * @param drainTime how long open streams may take to end after TERM
 */
public record ManagementConfig(@Nullable HostAndPort jmxBind, Duration drainTime) {
    public static final ManagementConfig DEFAULTS =
            new ManagementConfig(new HostAndPort("127.0.0.1", 7199), Duration.ofSeconds(10));
}
