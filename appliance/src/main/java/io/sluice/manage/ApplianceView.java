package io.sluice.manage;

import io.sluice.account.Accounts;
import io.sluice.drain.Drains;
import io.sluice.listen.Certificates;
import io.sluice.listen.Listeners;
import io.sluice.loop.EdgeLoops;
import io.sluice.route.Router;
import java.time.Instant;

/**
 * What management sees of an appliance.
 *
 * @param version of the build
 */
public record ApplianceView(
        String version,
        Instant startedAt,
        Accounts accounts,
        Router router,
        Listeners listeners,
        Certificates certificates,
        Drains drains,
        EdgeLoops loops) {}
