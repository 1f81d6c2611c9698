package io.sluice.agent;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** A second agent: writes down how many bytes the loops have allocated so far. Argument: the file. */
public final class Meter {
    private Meter() {}

    public static void agentmain(String file) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = 0;
        for (Thread each : Thread.getAllStackTraces().keySet()) {
            if (each.getName().matches("sluice-\\d+")) {
                bytes += threads.getThreadAllocatedBytes(each.getId());
            }
        }
        Files.writeString(Path.of(file), Long.toString(bytes));
    }
}
