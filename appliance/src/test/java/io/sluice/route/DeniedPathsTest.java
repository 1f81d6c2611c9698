package io.sluice.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeniedPathsTest {
    private final DeniedPaths paths = new DeniedPaths(List.of("/Status", "/a/b"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/status",
                "/STATUS/",
                "/status/x/y",
                "//status",
                "///status//",
                "/./status",
                "/x/../status",
                "/x/y/../../status",
                "/../status",
                "/%73TATUS",
                "/%2573tatus",
                "/%2fstatus",
                "/x%2f..%2fstatus",
                "/%252e%252e/status",
                "/status;a=b",
                "/;a/status",
                "/x;/..;b/status",
                "\\status",
                "/\\status",
                "/%5Cstatus",
                "/status%00.html",
                "/status%20",
                "/status%09/x",
                "/a/b",
                "/a/./b/c",
                "/a//b",
                "/A/%42",
                "/%252573tatus",
                "/%25252573tatus",
                "/status/../x",
                "/status%00/../x",
                "/status%3fx",
                "/status%23x",
                "/x%2fy/../status",
                "/x\\y/../status",
                "/x%5cy/../status",
                "/a/;x/../b",
                "/a//../b",
                "/a/%20/../b",
                "/%c0%afstatus",
                "/x%c0%af..%c0%afstatus",
                "/%c0%ae%c0%ae/status",
                "/%c1%b3tatus",
                "/anything%2525252541"
            })
    void are_seen_through_every_disguise(String path) {
        assertThat(paths.denies(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "*",
                "/statuses",
                "/x/status",
                "/statu",
                "/a",
                "/ab",
                "/a/bc",
                "/%zzstatus",
                "/%",
                "/%7",
                "/status%",
                "/x%2fstatus",
                "/a%2525b",
                "/..%2f",
                "/%c0",
                "/%c3%a9tat"
            })
    void are_no_others(String path) {
        assertThat(paths.denies(path)).isFalse();
    }

    @Test
    void may_be_none() {
        assertThat(new DeniedPaths(List.of()).denies("/status")).isFalse();
    }
}
