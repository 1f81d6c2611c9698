package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.FakeLiberator.Conversation;
import io.sluice.manage.ApplianceView;
import io.sluice.manage.Management;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** What clients and Liberators say to each other gets into no line of the log, at whatever level, and into no MBean. */
class SecretsTest {
    private static final String SECRET = "s3cr3t-0f-a-trader";

    @RegisterExtension
    final Sluices sluices = new Sluices();

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger[] loggers = {
        (Logger) LoggerFactory.getLogger("sluice"), (Logger) LoggerFactory.getLogger("io.sluice")
    };
    private FakeLiberator fake;

    @BeforeEach
    void listen() {
        lines.start();
        for (Logger each : loggers) {
            each.setLevel(Level.TRACE);
            each.setAdditive(false);
            each.addAppender(lines);
        }
        fake = sluices.liberator();
        sluices.serve(fake);
    }

    @AfterEach
    void stopListening() {
        for (Logger each : loggers) {
            each.detachAppender(lines);
            each.setAdditive(true);
            each.setLevel(null);
        }
    }

    @Test
    void of_requests_that_are_served() throws Exception {
        TestClient client = sluices.client()
                .send(TestClient.request(
                                "POST",
                                "/" + SECRET + "?token=" + SECRET,
                                "Cookie: session=" + SECRET,
                                "Authorization: Bearer " + SECRET,
                                "X-" + SECRET + ": 1",
                                "X-Forwarded-For: " + SECRET,
                                "Content-Length: " + SECRET.length())
                        + SECRET);
        Conversation liberator = fake.next();
        liberator.expectHead("POST /");
        List<String> seen = view();
        liberator.send("HTTP/1.1 200 " + SECRET + "\r\nSet-Cookie: a=" + SECRET + "\r\nContent-Length: "
                + SECRET.length() + "\r\n\r\n" + SECRET);
        client.readHead();
        client.readText(SECRET.length());
        liberator.readText(SECRET.length());
        client.send(WebSocketTest.HANDSHAKE.replace("Origin:", "Cookie: a=" + SECRET + "\r\nOrigin:"));
        liberator.expectHead("GET /RTTP-TYPE8");
        liberator.send101("X-Token: " + SECRET);
        client.readHead();
        client.send(SECRET);
        liberator.readText(SECRET.length());
        liberator.send(SECRET);
        client.readText(SECRET.length());
        seen.addAll(view());
        client.close();
        liberator.awaitClientGone();
        check(seen);
    }

    @Test
    void of_what_is_refused() throws Exception {
        for (String bad : List.of(
                "GET /" + SECRET + " HTTP/1.1\r\nHost: " + SECRET + "@x\r\n\r\n",
                "GET /" + SECRET + " HTTP/7.1\r\nHost: x\r\n\r\n",
                SECRET + "\r\n\r\n",
                "GET /status?" + SECRET + " HTTP/1.1\r\nHost: fx.example.com\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: fx.example.com\r\n" + SECRET + "\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: fx.example.com\r\nExpect: " + SECRET + "\r\n\r\n",
                "POST /x HTTP/1.1\r\nHost: fx.example.com\r\nCookie: " + SECRET + "\r\nContent-Length: " + SECRET
                        + "\r\n\r\n" + SECRET)) {
            sluices.client().send(bad).readUntilEnd();
        }
        check(view());
    }

    @Test
    void of_answers_that_are_malformed_and_connections_that_break() throws Exception {
        TestClient client = sluices.client().get("/" + SECRET);
        Conversation liberator = fake.next();
        liberator.expectHead("GET /");
        liberator.send("HTTP/1.1 200 " + SECRET + "\r\n" + SECRET + "\r\n\r\n" + SECRET);
        client.readUntilEnd();
        TestClient second = sluices.client().get("/" + SECRET);
        liberator = fake.next();
        liberator.expectHead("GET /");
        liberator.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;" + SECRET + "\n" + SECRET);
        second.readUntilGone();
        TestClient third = sluices.client().get("/" + SECRET, "Cookie: " + SECRET);
        fake.next().expectHead("GET /");
        third.reset();
        Sluices.await(() ->
                assertThat(sluices.appliance().accounts().streams().active()).isZero());
        check(view());
    }

    private void check(List<String> seen) {
        for (ILoggingEvent each : new ArrayList<>(lines.list)) {
            seen.add(each.getFormattedMessage());
            if (each.getThrowableProxy() != null) {
                seen.add(ThrowableProxyUtil.asString(each.getThrowableProxy()));
            }
        }
        assertThat(seen).hasSizeGreaterThan(20).noneMatch(line -> line.contains(SECRET));
        assertThat(lines.list).isNotEmpty();
    }

    /** Every attribute of every MBean, and the open streams. */
    private List<String> view() throws Exception {
        Appliance appliance = sluices.appliance();
        Management management = Management.start(
                new ApplianceView(
                        "test",
                        appliance.startedAt(),
                        appliance.accounts(),
                        appliance.router(),
                        appliance.listeners(),
                        appliance.certificates(),
                        appliance.drains(),
                        appliance.loops()),
                config -> "",
                null,
                null);
        try {
            return attributes(ManagementFactory.getPlatformMBeanServer());
        } finally {
            management.close();
        }
    }

    private static List<String> attributes(MBeanServer server) throws JMException {
        List<String> seen = new ArrayList<>();
        for (ObjectName bean : server.queryNames(new ObjectName("sluice:*"), null)) {
            for (MBeanAttributeInfo each : server.getMBeanInfo(bean).getAttributes()) {
                Object value = server.getAttribute(bean, each.getName());
                seen.add(bean + " " + each.getName() + "="
                        + (value instanceof Object[] many ? Arrays.deepToString(many) : String.valueOf(value)));
            }
        }
        Object[] range = {"", 0, 100};
        String[] types = {String.class.getName(), "int", "int"};
        ObjectName streams = new ObjectName("sluice:type=Streams");
        seen.add(Arrays.deepToString((Object[]) server.invoke(streams, "list", range, types)));
        seen.add(Arrays.deepToString((Object[]) server.invoke(streams, "table", range, types)));
        return seen;
    }
}
