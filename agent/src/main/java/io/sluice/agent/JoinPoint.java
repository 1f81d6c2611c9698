package io.sluice.agent;

import io.sluice.agent.advice.AnswerBegun;
import io.sluice.agent.advice.BodyForwarded;
import io.sluice.agent.advice.DirectOpened;
import io.sluice.agent.advice.HeadServed;
import io.sluice.agent.advice.ListenerAccepted;
import io.sluice.agent.advice.PumpPassed;
import io.sluice.agent.advice.RequestHeadRead;
import io.sluice.agent.advice.RequestHeadWritten;
import io.sluice.agent.advice.ResponseHeadRead;
import io.sluice.agent.advice.SocketDrained;
import io.sluice.agent.advice.StreamCarried;
import io.sluice.agent.advice.StreamConnected;
import io.sluice.agent.advice.StreamEnded;
import io.sluice.agent.advice.StreamMoved;
import io.sluice.agent.advice.StreamOpened;
import io.sluice.agent.advice.StreamRelaying;
import io.sluice.agent.advice.TlsDrained;
import io.sluice.agent.advice.TlsEstablished;
import io.sluice.agent.advice.WireOnLoop;
import java.util.List;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.method.MethodList;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;

/**
 * Every place of the appliance that the agent looks at: the whole of what it knows about the appliance's inside, beside
 * the public methods that its advice calls.
 *
 * <p>A method is found by its class and name and must be the only one of that name; its fields and parameters are those
 * that the advice reads. A place that is not there, in another version of the appliance, is named and left out; the
 * others work without it.
 */
enum JoinPoint {
    LISTENER_ACCEPTED(
            "io.sluice.listen.Entrance", "onAccepted", ListenerAccepted.class, Often.CONNECTION, "start of accept"),
    WIRE_ON_LOOP("io.sluice.loop.SocketWire", "on", WireOnLoop.class, Often.CONNECTION, "end of accept"),
    TLS_ESTABLISHED(
            "io.sluice.loop.TlsWire", "established", TlsEstablished.class, Often.CONNECTION, "end of tls", "socket"),
    H2_STREAM_CARRIED(
            "io.sluice.relay.Arrival",
            "forStream",
            StreamCarried.class,
            Often.REQUEST,
            "accept and tls of HTTP/2 connections",
            "wire"),
    HEAD_SERVED("io.sluice.relay.RequestReader", "serve", HeadServed.class, Often.REQUEST, "start of head", "pair"),
    REQUEST_HEAD_READ(
            "io.sluice.relay.RequestHead", "read", RequestHeadRead.class, Often.REQUEST, "end of head, start of route"),
    DIRECT_OPENED(
            "io.sluice.relay.DirectPair",
            "open",
            DirectOpened.class,
            Often.CONNECTION,
            "connection of a Direct stream"),
    STREAM_OPENED("io.sluice.account.StreamRegistry", "open", StreamOpened.class, Often.REQUEST, "end of route"),
    STREAM_CONNECTED(
            "io.sluice.account.StreamRecord",
            "connected",
            StreamConnected.class,
            Often.REQUEST,
            "connect, start of upstream-head"),
    REQUEST_HEAD_WRITTEN(
            "io.sluice.relay.RequestHeadWriter",
            "write",
            RequestHeadWritten.class,
            Often.REQUEST,
            "traceparent, where spans are made"),
    RESPONSE_HEAD_READ(
            "io.sluice.relay.ResponseHead", "read", ResponseHeadRead.class, Often.REQUEST, "end of upstream-head"),
    ANSWER_BODY("io.sluice.relay.Exchange", "relay", AnswerBegun.class, Often.REQUEST, "first-byte", "stream", "pair"),
    ANSWER_TUNNEL(
            "io.sluice.relay.Exchange",
            "becomeTunnel",
            AnswerBegun.class,
            Often.REQUEST,
            "first-byte of a WebSocket",
            "stream",
            "pair"),
    STREAM_RELAYING(
            "io.sluice.account.StreamRegistry",
            "relaying",
            StreamRelaying.class,
            Often.REQUEST,
            "end of a Direct stream's stages"),
    STREAM_ENDED(
            "io.sluice.account.StreamRegistry", "end", StreamEnded.class, Often.REQUEST, "end of stages and waits"),
    PUMP_PASSED(
            "io.sluice.relay.Pump",
            "pass",
            PumpPassed.class,
            Often.MESSAGE,
            "to-client, to-liberator; start of waits",
            "stream",
            "sink",
            "toClient"),
    BODY_FORWARDED(
            "io.sluice.relay.RequestRelay",
            "send",
            BodyForwarded.class,
            Often.REQUEST,
            "to-liberator of request bodies",
            "stream",
            "sink"),
    SOCKET_DRAINED("io.sluice.loop.SocketWire", "drain", SocketDrained.class, Often.WAIT, "end of waits", "pending"),
    TLS_DRAINED("io.sluice.loop.TlsWire", "onDrained", TlsDrained.class, Often.WAIT, "end of waits over TLS"),
    H2_STREAM_MOVED(
            "io.sluice.http2.StreamWire", "moveWaiting", StreamMoved.class, Often.WAIT, "end of waits over HTTP/2");

    /** How often its advice runs. */
    enum Often {
        CONNECTION,
        REQUEST,
        MESSAGE,
        WAIT
    }

    private final String type;
    private final String method;
    private final Class<?> advice;
    private final Often often;
    private final String gives;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<String> fields;

    JoinPoint(String type, String method, Class<?> advice, Often often, String gives, String... fields) {
        this.type = type;
        this.method = method;
        this.advice = advice;
        this.often = often;
        this.gives = gives;
        this.fields = List.of(fields);
    }

    String type() {
        return type;
    }

    String method() {
        return method;
    }

    Class<?> advice() {
        return advice;
    }

    Often often() {
        return often;
    }

    /** Which figure stays empty without it. */
    String gives() {
        return gives;
    }

    /** As in {@code Pump.pass}. */
    String shortName() {
        return type.substring(type.lastIndexOf('.') + 1).replace('$', '.') + "." + method;
    }

    /** What is missing of it among the classes of {@code pool}; null when it is all there. */
    @Nullable
    String missing(TypePool pool) {
        TypePool.Resolution found = pool.describe(type);
        if (!found.isResolved()) {
            return "no class " + type;
        }
        TypeDescription described = found.resolve();
        MethodList<? extends MethodDescription> methods =
                described.getDeclaredMethods().filter(ElementMatchers.<MethodDescription>named(method));
        if (methods.size() != 1) {
            return (methods.isEmpty() ? "no method " : methods.size() + " methods ") + method + " in " + type;
        }
        for (String field : fields) {
            if (described
                    .getDeclaredFields()
                    .filter(ElementMatchers.named(field))
                    .isEmpty()) {
                return "no field " + field + " in " + type;
            }
        }
        return null;
    }
}
