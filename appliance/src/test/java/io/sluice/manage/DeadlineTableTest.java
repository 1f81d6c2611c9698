package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.ConfigLoader;
import io.sluice.config.ConfigResult;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DeadlineTableTest {
    @Test
    void shows_each_deadline_with_its_value_and_who_says_so() {
        ConfigResult result = ConfigLoader.parse("sluice.yaml", """
                defaults: { stalledClientTimeout: 500ms }
                listeners:
                  - { name: plain, bind: "127.0.0.1:0", requestHeadTimeout: 7s }
                  - { name: direct, bind: "127.0.0.1:0", kind: direct, liberator: lib-a,
                      proxyProtocol: { accept: [ 10.0.0.1 ], timeout: 2s } }
                liberators:
                  - { name: lib-a, address: "127.0.0.1:1", connectTimeout: 3s }
                routes:
                  - { host: a.example.com, liberator: lib-a, requestBodyMinRate: 10B/2s }
                """, Path.of("/nowhere"));
        assertThat(DeadlineTable.of(((ConfigResult.Loaded) result).config()))
                .containsExactly(
                        "deadline                   value  from",
                        "listener plain",
                        "  requestHeadTimeout          7s  listener, line 3",
                        "  between requests           75s  built in",
                        " a.example.com to lib-a",
                        "  connectTimeout              3s  liberator, line 7",
                        "  responseHeadTimeout        60s  built in",
                        "  requestBodyMinRate      10B/2s  route, line 9",
                        "  streamIdleTimeout            0  built in",
                        "  stalledClientTimeout     500ms  defaults, line 1",
                        "listener direct",
                        "  proxyProtocol.timeout       2s  listener",
                        " * to lib-a",
                        "  connectTimeout              3s  liberator, line 7",
                        "  streamIdleTimeout            0  built in",
                        "  stalledClientTimeout     500ms  defaults, line 1",
                        "TCP keep-alive",
                        "  probed when silent for     30s  built in",
                        "  then every                 10s  built in",
                        "  lost after probes            3  built in");
    }
}
