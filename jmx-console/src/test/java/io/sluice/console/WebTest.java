package io.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Chromium;
import io.sluice.console.reach.Keyboard;
import io.sluice.console.reach.Way;
import io.sluice.console.show.JsonText;
import io.sluice.console.sight.Sight;
import io.sluice.console.web.Web;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page: who gets in, and what a browser makes of it. */
class WebTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path folder;

    private static RunningSluice sluice;

    @BeforeAll
    static void start() throws Exception {
        Credentials.users(folder);
        sluice = RunningSluice.start(folder, ", tls: { chain: server.pem, key: server.key }, users: jmx.users");
        sluice.openStreams(RunningSluice.LIB_A, 3);
        sluice.openStreams(RunningSluice.LIB_B, 2);
    }

    @AfterAll
    static void stop() throws Exception {
        sluice.close();
    }

    private static Web web(String user, boolean readOnly) throws Exception {
        Way way = new Way(
                "dmz-a",
                sluice.url(),
                null,
                null,
                user,
                folder.resolve(user + ".pw"),
                folder.resolve("server.pem"),
                null,
                null,
                false);
        Sight sight = new Sight(way, Keyboard.ofTerminal(), 5000, 100);
        sight.connect();
        return Web.start(List.of(sight), 0, readOnly, 100);
    }

    private static URI at(Web web, String path) {
        return web.address().resolve(path);
    }

    private static HttpResponse<String> get(URI uri, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The cookie that the token is exchanged for. */
    private static String enter(Web web) throws Exception {
        HttpResponse<String> first = get(web.address());
        assertThat(first.statusCode()).isEqualTo(303);
        String cookie = first.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).contains("HttpOnly", "SameSite=Strict");
        return cookie.substring(0, cookie.indexOf(';'));
    }

    // ---------------------------------------------------------------- who gets in

    @Test
    void without_the_token_there_is_nothing_to_see() throws Exception {
        try (Web web = web("olga", false)) {
            for (String path : List.of("/", "/app.js", "/api/readings", "/api/streams", "/?token=guess", "/?token=")) {
                HttpResponse<String> answer = get(at(web, path));
                assertThat(answer.statusCode()).as(path).isEqualTo(403);
                assertThat(answer.body())
                        .as(path)
                        .doesNotContain("lib-a", "script", web.address().getQuery());
            }
            assertThat(get(at(web, "/api/readings"), "Cookie", "sluicectl=guess")
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void the_token_is_good_once() throws Exception {
        try (Web web = web("olga", false)) {
            String cookie = enter(web);
            assertThat(get(web.address()).statusCode()).isEqualTo(403);
            HttpResponse<String> page = get(at(web, "/"), "Cookie", cookie);
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .startsWith("default-src 'none'; script-src 'self'")
                    .doesNotContain("unsafe");
            assertThat(get(at(web, "/api/role"), "Cookie", cookie).body()).isEqualTo("{\"role\":\"operator\"}");
            assertThat(get(at(web, "/api/nothing"), "Cookie", cookie).statusCode())
                    .isEqualTo(404);
            assertThat(get(at(web, "/api/streams?query=bike"), "Cookie", cookie).body())
                    .contains("'bike' is no term");
        }
    }

    @Test
    void a_name_that_points_here_is_not_this_host() throws Exception {
        try (Web web = web("olga", false);
                Socket socket = new Socket("127.0.0.1", web.address().getPort())) {
            socket.getOutputStream()
                    .write(("GET /?" + web.address().getQuery()
                                    + " HTTP/1.1\r\nHost: evil.example.com\r\nConnection: close\r\n\r\n")
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 403")
                    .doesNotContain("Set-Cookie");
            assertThat(enter(web)).isNotEmpty();
        }
    }

    private static HttpResponse<String> act(Web web, String cookie, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(at(web, "/api/act"))
                .header("Cookie", cookie)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void acts_are_for_operators_and_for_pages_of_this_origin() throws Exception {
        String kill = "{\"act\":\"killLiberator\",\"target\":\"lib-b\",\"dryRun\":true}";
        try (Web web = web("olga", false)) {
            String cookie = enter(web);
            assertThat(act(web, cookie, kill).statusCode()).isEqualTo(403);
            assertThat(act(web, "sluicectl=guess", kill, "X-Sluicectl", "1").statusCode())
                    .isEqualTo(403);
            assertThat(act(web, cookie, kill, "X-Sluicectl", "1").body()).contains("lib-b: 2 streams");
            assertThat(act(web, cookie, "{\"act\":\"fly\"}", "X-Sluicectl", "1").statusCode())
                    .isEqualTo(400);
        }
        try (Web web = web("olga", false)) {
            String cookie = enter(web);
            String drain = "{\"act\":\"drain\",\"target\":\"lib-b\",\"dryRun\":true%s}";
            assertThat(act(web, cookie, drain.formatted(""), "X-Sluicectl", "1").body())
                    .contains("50 a second, all within 300 s", "\"perSecond\":50", "\"deadlineSeconds\":300");
            assertThat(act(
                                    web,
                                    cookie,
                                    drain.formatted(",\"perSecond\":\"7\",\"deadlineSeconds\":60"),
                                    "X-Sluicectl",
                                    "1")
                            .body())
                    .contains("7 a second, all within 60 s");
            for (String pace : List.of(
                    ",\"perSecond\":-1",
                    ",\"perSecond\":\"\"",
                    ",\"deadlineSeconds\":0",
                    ",\"deadlineSeconds\":\"1e3\"")) {
                HttpResponse<String> refused = act(web, cookie, drain.formatted(pace), "X-Sluicectl", "1");
                assertThat(refused.statusCode()).as(pace).isEqualTo(400);
                assertThat(refused.body()).as(pace).contains("expected");
            }
        }
        try (Web web = web("vic", false)) {
            String cookie = enter(web);
            assertThat(get(at(web, "/api/role"), "Cookie", cookie).body()).isEqualTo("{\"role\":\"viewer\"}");
            HttpResponse<String> refused = act(web, cookie, kill.replace("true", "false"), "X-Sluicectl", "1");
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(JsonText.object(refused.body()).get("error").toString()).startsWith("not allowed");
        }
        try (Web web = web("olga", true)) {
            String cookie = enter(web);
            assertThat(act(web, cookie, kill, "X-Sluicectl", "1").statusCode()).isEqualTo(403);
        }
    }

    // ---------------------------------------------------------------- in a browser

    private static Chromium browser(Web web) throws Exception {
        Optional<Path> binary = Chromium.installed();
        Assumptions.assumeTrue(binary.isPresent(), "no Chromium");
        return Chromium.open(binary.orElseThrow(), web.address());
    }

    private static void awaitTrue(Chromium browser, String expression) {
        RunningSluice.await(
                () -> assertThat(browser.evaluate(expression)).as(expression).isEqualTo("true"));
    }

    @Test
    void the_page_draws_and_an_operators_kill_kills() throws Exception {
        List<Socket> victims = sluice.openStreams(RunningSluice.LIB_A, 2);
        try (Web web = web("olga", false);
                Chromium browser = browser(web)) {
            awaitTrue(browser, "document.querySelectorAll('#charts canvas').length === 4");
            awaitTrue(browser, """
                    [...document.querySelectorAll('#charts canvas')].every(each => new Set(
                        each.getContext('2d').getImageData(0, 0, each.width, each.height).data).size > 10)""");
            awaitTrue(browser, "document.querySelector('#picture').textContent.includes('lib-b')");
            awaitTrue(browser, "document.querySelector('#liberator-rows').textContent.includes('UP')");
            awaitTrue(browser, "document.querySelectorAll('#stream-rows tr').length === 7");
            awaitTrue(
                    browser,
                    "performance.getEntriesByType('resource').every(each => each.name.startsWith(location.origin))");
            assertThat(browser.evaluate("location.search")).isEmpty();
            assertThat(browser.evaluate("document.cookie")).isEmpty();

            browser.evaluate("document.querySelector('#query').value = 'client=127.0.0.1:1'");
            browser.evaluate("document.querySelector('#stream-form').requestSubmit()");
            awaitTrue(browser, "document.querySelector('#stream-error').textContent.includes('client')");
            browser.evaluate("document.querySelector('#query').value = 'sort=-age'");
            browser.evaluate("document.querySelector('#stream-form').requestSubmit()");
            awaitTrue(browser, "document.querySelectorAll('#stream-rows button').length === 7");

            browser.evaluate("document.querySelector('#explain-host').value = 'fx.example.com'");
            browser.evaluate("document.querySelector('#explain-path').value = '/status'");
            browser.evaluate("document.querySelector('#explain-form').requestSubmit()");
            awaitTrue(browser, "document.querySelector('#explanation').textContent.includes('refused: 403')");
            browser.evaluate("document.querySelector('#explain-client').value = '203.0.113.7'");
            browser.evaluate("document.querySelector('#explain-form').requestSubmit()");
            awaitTrue(browser, "document.querySelector('#explanation').textContent.includes('203.0.113.7')");

            String port = Integer.toString(victims.get(0).getLocalPort());
            browser.evaluate(
                    "[...document.querySelectorAll('#stream-rows tr')].find(each => each.textContent.includes(':" + port
                            + "')).querySelector('button').click()");
            awaitTrue(browser, "document.querySelector('#confirm').open");
            awaitTrue(browser, "document.querySelector('#confirm-text').textContent.includes('1 stream (1 direct)')");
            awaitTrue(browser, "document.activeElement.id === 'confirm-no'");
            browser.evaluate("document.querySelector('#confirm-yes').click()");
            awaitTrue(browser, "document.querySelector('#toast').textContent.includes('1 ended now')");
            awaitTrue(browser, "document.querySelectorAll('#stream-rows tr').length === 6");
            awaitTrue(browser, "document.querySelector('#audit-rows').textContent.includes('olga')");
        } finally {
            for (Socket each : victims) {
                each.close();
            }
            awaitStreams(5);
        }
    }

    private static void press(Chromium browser, String label) throws Exception {
        String button = "document.querySelector('#liberator-rows button[aria-label=\"" + label + "\"]')";
        awaitTrue(browser, button + " !== null");
        browser.evaluate(button + ".click()");
        awaitTrue(browser, "document.querySelector('#confirm').open");
    }

    /** As somebody does who types it. */
    private static void type(Chromium browser, String input, String text) throws Exception {
        browser.evaluate("document.querySelector('" + input + "').value = '" + text + "'");
        browser.evaluate(
                "document.querySelector('" + input + "').dispatchEvent(new Event('input', { bubbles: true }))");
    }

    private static void awaitState(Chromium browser, String liberator, String pattern) {
        awaitTrue(
                browser,
                "[...document.querySelectorAll('#liberator-rows tr')].some(each => /^" + liberator + pattern
                        + "/.test(each.textContent))");
    }

    @Test
    void a_drain_pressed_on_the_page_drains_and_an_undrain_takes_back() throws Exception {
        try (Web web = web("olga", false);
                Chromium browser = browser(web)) {
            awaitState(browser, "lib-b", "UP");
            press(browser, "Drain lib-b");
            awaitTrue(
                    browser,
                    "document.querySelector('#confirm-text').textContent.startsWith('lib-b: 2 streams would be ended')");
            browser.evaluate("document.querySelector('#confirm-no').click()");
            awaitTrue(browser, "!document.querySelector('#confirm').open");
            assertThat(sluice.get("b.example.com", "/")).contains("200");

            press(browser, "Drain lib-b");
            awaitTrue(browser, "document.querySelector('#confirm-rate').value === '50'");
            awaitTrue(browser, "document.querySelector('#confirm-deadline').value === '300'");
            type(browser, "#confirm-rate", "-5");
            awaitTrue(browser, "document.querySelector('#confirm-text').textContent.includes('expected 0 to 100000')");
            awaitTrue(browser, "document.querySelector('#confirm-yes').disabled");
            type(browser, "#confirm-rate", "0");
            type(browser, "#confirm-deadline", "120");
            awaitTrue(
                    browser,
                    "document.querySelector('#confirm-text').textContent.includes('all at once, all within 120 s')");
            awaitTrue(browser, "!document.querySelector('#confirm-yes').disabled");
            browser.evaluate("document.querySelector('#confirm-yes').click()");
            awaitTrue(browser, "document.querySelector('#toast').textContent.includes('lib-b is DRAINING')");
            awaitTrue(browser, "document.querySelector('#audit-rows').textContent.includes('drain0, 120')");
            awaitState(browser, "lib-b", "DISABLED0");
            assertThat(sluice.get("b.example.com", "/")).contains("503");
            awaitTrue(browser, "document.querySelectorAll('#stream-rows tr').length === 3");

            press(browser, "Undrain lib-b");
            awaitTrue(browser, "document.querySelector('#confirm-pace').hidden");
            browser.evaluate("document.querySelector('#confirm-yes').click()");
            awaitState(browser, "lib-b", "UP");
            assertThat(sluice.get("b.example.com", "/")).contains("200");
            awaitTrue(browser, "/drain.*lib-b/.test(document.querySelector('#audit-rows').textContent)");
        } finally {
            Ctl.with(java.util.Map.of(), "--pid", Long.toString(sluice.pid())).run("enable", "lib-b", "--yes");
            sluice.openStreams(RunningSluice.LIB_B, 2);
            awaitStreams(5);
        }
    }

    @Test
    void a_button_that_is_held_while_the_page_is_renewed_is_pressed_all_the_same() throws Exception {
        try (Web web = web("olga", false);
                Chromium browser = browser(web)) {
            String button = "#liberator-rows button[aria-label=\"Drain lib-b\"]";
            awaitTrue(browser, "document.querySelector('" + button + "') !== null");
            browser.hold(button);
            for (int i = 0; i < 2; i++) {
                String about = browser.evaluate("document.querySelector('#about').textContent");
                awaitTrue(browser, "document.querySelector('#about').textContent !== '" + about + "'");
            }
            browser.release(button);
            awaitTrue(browser, "document.querySelector('#confirm').open");
        }
    }

    private static void awaitStreams(int count) {
        RunningSluice.await(() -> assertThat(Ctl.with(java.util.Map.of(), "--pid", Long.toString(sluice.pid()))
                        .run("streams", "--count", "-o", "csv")
                        .lines())
                .contains(Integer.toString(count)));
    }

    @Test
    void a_browser_with_a_wrong_token_sees_nothing() throws Exception {
        Optional<Path> binary = Chromium.installed();
        Assumptions.assumeTrue(binary.isPresent(), "no Chromium");
        try (Web web = web("olga", false);
                Chromium browser = Chromium.open(binary.orElseThrow(), at(web, "/?token=guess"))) {
            awaitTrue(browser, "document.body.innerText.startsWith('This page opens with the address')");
            assertThat(browser.evaluate("document.querySelectorAll('script, table, svg, canvas').length"))
                    .isEqualTo("0");
            assertThat(browser.evaluate("fetch('/api/readings').then(answer => window.got = answer.status) && ''"))
                    .isEmpty();
            awaitTrue(browser, "window.got === 403");
            assertThat(enter(web)).as("the token is still good").isNotEmpty();
        }
    }

    @Test
    void a_viewer_sees_no_buttons() throws Exception {
        try (Web web = web("vic", false);
                Chromium browser = browser(web)) {
            awaitTrue(browser, "document.querySelector('#role').textContent === 'viewer'");
            awaitTrue(browser, "document.querySelectorAll('#liberator-rows tr').length === 2");
            awaitTrue(browser, "document.querySelectorAll('#stream-rows tr').length >= 5");
            assertThat(browser.evaluate("document.querySelectorAll('table button').length"))
                    .isEqualTo("0");
        }
    }

    @Test
    void light_and_dark_are_a_key_away() throws Exception {
        try (Web web = web("olga", true);
                Chromium browser = browser(web)) {
            awaitTrue(browser, "document.querySelectorAll('#charts canvas').length === 4");
            String before = browser.evaluate("getComputedStyle(document.body).backgroundColor");
            browser.evaluate("document.querySelector('#theme').click()");
            awaitTrue(browser, "getComputedStyle(document.body).backgroundColor !== '" + before + "'");
        }
    }
}
