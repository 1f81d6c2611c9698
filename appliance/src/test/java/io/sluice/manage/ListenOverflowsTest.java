package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenOverflowsTest {
    @TempDir
    private Path folder;

    private Path counters(long overflows) throws IOException {
        return Files.writeString(
                folder.resolve("netstat"),
                "TcpExt: SyncookiesSent ListenOverflows ListenDrops\nTcpExt: 1 " + overflows
                        + " 9\nIpExt: A\nIpExt: 2\n");
    }

    @Test
    void counts_from_when_it_was_made() throws IOException {
        ListenOverflows overflows = new ListenOverflows(counters(40));
        overflows.look();
        assertThat(overflows.total()).isZero();
        counters(42);
        overflows.look();
        assertThat(overflows.total()).isEqualTo(2);
    }

    @Test
    void sees_none_where_the_system_does_not_count_them() {
        ListenOverflows overflows = new ListenOverflows(folder.resolve("none"));
        overflows.look();
        assertThat(overflows.total()).isZero();
    }
}
