package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.account.Accounts;
import io.sluice.account.Refusal;
import io.sluice.account.StreamLog;
import io.sluice.config.ConfigLoader;
import io.sluice.config.ConfigResult;
import io.sluice.config.SluiceConfig;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeadlineTableTest {
    private static SluiceConfig config(String text) {
        return ((ConfigResult.Loaded) ConfigLoader.parse("sluice.yaml", text, Path.of("/nowhere"))).config();
    }

    @Test
    void shows_each_deadline_with_its_value_and_who_says_so() {
        Accounts accounts = new Accounts(new StreamLog(Set.of()));
        accounts.listener("plain").refusals().refused(Refusal.HEAD_TIMEOUT);
        accounts.listener("plain").refusals().refused(Refusal.H2_STALLED);
        accounts.listener("direct").refusals().refused(Refusal.PROXY_TIMEOUT);
        accounts.listener("plain").fellSilent();
        for (int i = 0; i < 3; i++) {
            accounts.liberator("lib-a").fellSilent();
        }
        for (int i = 0; i < 12; i++) {
            accounts.liberator("lib-a").connectTimedOut();
        }
        SluiceConfig config = config("""
                defaults: { stalledClientTimeout: 500ms, tcpKeepAliveProbes: 5, slowClientTimeout: 1m }
                listeners:
                  - { name: plain, bind: "127.0.0.1:0", requestHeadTimeout: 7s, protocols: [ h2, http/1.1 ] }
                  - { name: direct, bind: "127.0.0.1:0", kind: direct, liberator: lib-a, tcpKeepAliveIdle: 0,
                      proxyProtocol: { accept: [ 10.0.0.1 ], timeout: 2s } }
                liberators:
                  - { name: lib-a, address: "127.0.0.1:1", connectTimeout: 3s, newStreamsPerSecond: 10 }
                routes:
                  - { host: a.example.com, liberator: lib-a, requestBodyMinRate: 10B/2s, tcpKeepAliveIdle: 2m }
                """);
        assertThat(DeadlineTable.of(config, accounts))
                .containsExactly(
                        "deadline                  value  hits  from",
                        "listener plain",
                        "  requestHeadTimeout         7s     1  listener, line 3",
                        "  between requests          75s     -  built in",
                        "  stalledClientTimeout    500ms     1  defaults, line 1",
                        "  tcpKeepAliveIdle          30s     1  built in",
                        "  tcpKeepAliveInterval      10s     -  built in",
                        "  tcpKeepAliveProbes          5     -  defaults, line 1",
                        " a.example.com to lib-a",
                        "  newStreamsMaxWait          5s     0  built in",
                        "  connectTimeout             3s    12  liberator, line 7",
                        "  responseHeadTimeout       60s     0  built in",
                        "  requestBodyMinRate     10B/2s     0  route, line 9",
                        "  streamIdleTimeout           0     0  built in",
                        "  stalledClientTimeout    500ms     0  defaults, line 1",
                        "  slowClientTimeout         60s     0  defaults, line 1",
                        "  tcpKeepAliveIdle         120s     3  route, line 9",
                        "  tcpKeepAliveInterval      10s     -  built in",
                        "  tcpKeepAliveProbes          5     -  defaults, line 1",
                        "listener direct",
                        "  proxyProtocol.timeout      2s     1  listener",
                        "  tcpKeepAliveIdle            0     0  listener, line 4",
                        " * to lib-a",
                        "  newStreamsMaxWait          5s     0  built in",
                        "  connectTimeout             3s    12  liberator, line 7",
                        "  streamIdleTimeout           0     0  built in",
                        "  stalledClientTimeout    500ms     0  defaults, line 1",
                        "  slowClientTimeout         60s     0  defaults, line 1",
                        "  tcpKeepAliveIdle            0     3  listener, line 4");
    }

    @Test
    void counts_those_that_took_effect() throws Exception {
        try (Managed managed = new Managed("defaults: { requestHeadTimeout: 100ms }\n" + Managed.CONFIG);
                Socket slow = managed.client("plain")) {
            slow.getOutputStream().write("GET / ".getBytes(StandardCharsets.ISO_8859_1));
            slow.getInputStream().readAllBytes();
            assertThat(managed.<String[]>get("RoutingTable", "Deadlines"))
                    .anyMatch(each -> each.matches(" +requestHeadTimeout +100ms +1 +defaults, line 1"))
                    .anyMatch(each -> each.matches(" +requestHeadTimeout +100ms +0 +defaults, line 1"));
        }
    }
}
