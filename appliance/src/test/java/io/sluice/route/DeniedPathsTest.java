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
                "/A/%42"
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
                "/status/../x",
                "/statu",
                "/a",
                "/ab",
                "/a/bc",
                "/%zzstatus",
                "/%",
                "/%7",
                "/status%",
                "/%252573tatus"
            })
    void are_no_others(String path) {
        assertThat(paths.denies(path)).isFalse();
    }

    @Test
    void may_be_none() {
        assertThat(new DeniedPaths(List.of()).denies("/status")).isFalse();
    }
}
