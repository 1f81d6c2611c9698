package io.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DemoSiteTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final BlockingQueue<Double> rates = new LinkedBlockingQueue<>();
    private DemoState state = new DemoState(
            "1.0",
            1_000,
            7,
            5,
            new DemoState.Stickiness(12, 0),
            List.of(new DemoState.Listener("plain", "127.0.0.1:8080", "http", 3)),
            List.of(new DemoState.Route("plain", "a.localhost", "lib-a", "503", 3)),
            List.of(new DemoState.Liberator("lib-a", "127.0.0.1:18080", "up", Map.of("sse", 1L), 4, 5_000)),
            List.of(new DemoState.Stream("7f3a", "sse", "127.0.0.1:50000", "a.localhost", "lib-a", 900, 4_000, null)));
    private DemoSite site;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        DemoSite.Config config = new DemoSite.Config(
                "Two demo Liberators through Sluice",
                List.of(
                        new DemoSite.Target("A", "lib-a", URI.create("http://a.localhost:8080"), "127.0.0.1:14001"),
                        new DemoSite.Target("B", "lib-b", URI.create("http://b.localhost:8080"), null)),
                null,
                "Ctrl-C");
        site = DemoSite.start(new InetSocketAddress("127.0.0.1", 0), config, () -> state, rates::add);
        client = new RawClient(site.address());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        site.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html, <title>Sluice demo</title>",
        "/demo.css, text/css, prefers-color-scheme",
        "/demo.js, text/javascript, data-",
        "/icon.svg, image/svg+xml, <svg"
    })
    void serves_the_page_and_all_it_needs(String path, String type, String part) throws IOException {
        String head = request("GET " + path);
        assertThat(head).startsWith("HTTP/1.1 200 OK\n").containsIgnoringCase("Content-Type: " + type);
        assertThat(body(head)).contains(part.equals("data-") ? "dataset" : part);
    }

    @Test
    void lets_the_page_load_from_itself_and_connect_to_its_Liberators_only() throws IOException {
        assertThat(request("GET /"))
                .containsIgnoringCase(
                        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
                                + "img-src 'self'; connect-src 'self' http://a.localhost:8080 ws://a.localhost:8080 "
                                + "http://b.localhost:8080 ws://b.localhost:8080; "
                                + "frame-src http://a.localhost:8080 http://b.localhost:8080; "
                                + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'\n");
    }

    @Test
    void tells_the_page_where_the_Liberators_are() throws IOException {
        JsonNode config = JSON.readTree(body(request("GET /config.json")));
        assertThat(config.at("/targets/0/name").stringValue()).isEqualTo("A");
        assertThat(config.at("/targets/0/liberator").stringValue()).isEqualTo("lib-a");
        assertThat(config.at("/targets/0/url").stringValue()).isEqualTo("http://a.localhost:8080");
        assertThat(config.at("/targets/0/direct").stringValue()).isEqualTo("127.0.0.1:14001");
        assertThat(config.at("/targets/1/direct").isNull()).isTrue();
        assertThat(config.at("/jmx").isNull()).isTrue();
    }

    @Test
    void tells_the_page_the_state_of_the_appliance() throws IOException {
        JsonNode json = JSON.readTree(body(request("GET /state.json")));
        assertThat(json.at("/tableVersion").longValue()).isEqualTo(7);
        assertThat(json.at("/stickiness/checks").longValue()).isEqualTo(12);
        assertThat(json.at("/listeners/0/openConnections").longValue()).isEqualTo(3);
        assertThat(json.at("/routes/0/match").stringValue()).isEqualTo("a.localhost");
        assertThat(json.at("/liberators/0/openByKind/sse").longValue()).isEqualTo(1);
        assertThat(json.at("/streams/0/end").isNull()).isTrue();
    }

    @Test
    void says_that_the_state_could_not_be_read() throws IOException {
        state = null;
        String head = request("GET /state.json");
        assertThat(head).startsWith("HTTP/1.1 500 ");
        assertThat(body(head)).startsWith("The state could not be read: ");
    }

    @Test
    void takes_the_rate_from_its_own_page() throws Exception {
        assertThat(rate(origin(), "20")).startsWith("HTTP/1.1 200 ");
        assertThat(rates.poll(10, TimeUnit.SECONDS)).isEqualTo(20.0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1001", "1e3", "NaN", "fast"})
    void refuses_a_rate_that_is_none(String text) throws IOException {
        assertThat(rate(origin(), text)).startsWith("HTTP/1.1 400 ");
        assertThat(rates).isEmpty();
    }

    @Test
    void refuses_a_rate_from_a_page_elsewhere() throws IOException {
        assertThat(rate("http://elsewhere.example", "20")).startsWith("HTTP/1.1 403 ");
        assertThat(rates).isEmpty();
    }

    @Test
    void answers_to_no_name_but_its_own() throws IOException {
        client.say("GET /state.json HTTP/1.1\r\nHost: elsewhere.example:"
                + site.address().getPort() + "\r\n\r\n");
        assertThat(client.head()).startsWith("HTTP/1.1 421 ");
    }

    @Test
    void has_nothing_else() throws IOException {
        assertThat(request("GET /DemoSite.class")).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void names_the_address_that_is_taken() {
        assertThatThrownBy(() -> DemoSite.start(
                        site.address(), new DemoSite.Config("", List.of(), null, ""), () -> state, rates::add))
                .isInstanceOf(BindException.class)
                .hasMessageStartingWith(
                        "demo page cannot listen on 127.0.0.1:" + site.address().getPort() + ": ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a.localhost:8080/", "a.localhost", "http://a.localhost/?b"})
    void wants_the_bare_address_of_a_Liberator(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DemoSite.Target("A", "lib-a", URI.create(url), null))
                .withMessageContaining("'" + url + "'");
    }

    private String origin() {
        return "http://127.0.0.1:" + site.address().getPort();
    }

    private String request(String line) throws IOException {
        client.say(line + " HTTP/1.1\r\nHost: 127.0.0.1:" + site.address().getPort() + "\r\n\r\n");
        return client.head();
    }

    private String rate(String origin, String body) throws IOException {
        client.say("POST /rate HTTP/1.1\r\nHost: 127.0.0.1:" + site.address().getPort() + "\r\nOrigin: " + origin
                + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        return client.head();
    }

    private String body(String head) throws IOException {
        return client.body(head.replace("Content-length:", "Content-Length:"));
    }
}
