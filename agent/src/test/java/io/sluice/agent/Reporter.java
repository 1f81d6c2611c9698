package io.sluice.agent;

import com.codahale.metrics.ConsoleReporter;
import com.codahale.metrics.SharedMetricRegistries;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A second agent: reports what is in the shared Dropwizard registry, once. Argument: the file. */
public final class Reporter {
    private Reporter() {}

    public static void agentmain(String file) throws Exception {
        try (PrintStream out = new PrintStream(file, StandardCharsets.UTF_8)) {
            ConsoleReporter.forRegistry(SharedMetricRegistries.getOrCreate("sluice"))
                    .outputTo(out)
                    .build()
                    .report();
        }
    }
}
