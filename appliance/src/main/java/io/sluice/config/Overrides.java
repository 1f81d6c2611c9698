package io.sluice.config;

import io.sluice.config.ForwardedPolicy.XForwarded;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings one section of the file gives; null: it says nothing and the next wider place decides.
 *
 * @param lines where in the file each setting stands that is given, by its key
 */
public record Overrides(
        @Nullable Duration connectTimeout,
        @Nullable Duration responseHeadTimeout,
        @Nullable Duration streamIdleTimeout,
        @Nullable Duration requestHeadTimeout,
        @Nullable BodyRate requestBodyMinRate,
        @Nullable Duration tlsHandshakeTimeout,
        @Nullable Duration stalledClientTimeout,
        @Nullable Duration slowClientAfter,
        @Nullable Duration slowClientTimeout,
        @Nullable Duration stalledStreamAfter,
        @Nullable Integer socketSendBufferBytes,
        @Nullable Integer socketReceiveBufferBytes,
        KeepAlive tcpKeepAlive,
        @Nullable Integer maxRequestHeadBytes,
        @Nullable Integer maxUriBytes,
        @Nullable OnDown onDown,
        Forwarded forwarded,
        @Nullable List<String> denyPaths,
        Map<String, Integer> lines) {

    public static final Overrides NONE = new Overrides(
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            new KeepAlive(null, null, null),
            null,
            null,
            null,
            new Forwarded(null, null, null, null),
            null,
            Map.of());

    public Overrides {
        lines = Map.copyOf(lines);
    }

    /** The parts of {@link TcpKeepAlive}, each of which may be left out by itself. */
    public record KeepAlive(
            @Nullable Duration idle,
            @Nullable Duration interval,
            @Nullable Integer probes) {
        TcpKeepAlive over(TcpKeepAlive wider) {
            return new TcpKeepAlive(
                    Objects.requireNonNullElse(idle, wider.idle()),
                    Objects.requireNonNullElse(interval, wider.interval()),
                    Objects.requireNonNullElse(probes, wider.probes()));
        }
    }

    /** The parts of {@link ForwardedPolicy}, each of which may be left out by itself. */
    public record Forwarded(
            @Nullable XForwarded mode,
            @Nullable List<AddressRange> trust,
            @Nullable Boolean rfc7239,
            @Nullable Boolean via) {
        ForwardedPolicy over(ForwardedPolicy wider) {
            return new ForwardedPolicy(
                    Objects.requireNonNullElse(mode, wider.mode()),
                    Objects.requireNonNullElse(trust, wider.trust()),
                    Objects.requireNonNullElse(rfc7239, wider.rfc7239()),
                    Objects.requireNonNullElse(via, wider.via()));
        }
    }

    /** These settings, and those of the wider place where these say nothing. */
    public Settings over(Settings wider) {
        if (equals(NONE)) {
            return wider;
        }
        return new Settings(
                Objects.requireNonNullElse(connectTimeout, wider.connectTimeout()),
                Objects.requireNonNullElse(responseHeadTimeout, wider.responseHeadTimeout()),
                Objects.requireNonNullElse(streamIdleTimeout, wider.streamIdleTimeout()),
                Objects.requireNonNullElse(requestHeadTimeout, wider.requestHeadTimeout()),
                Objects.requireNonNullElse(requestBodyMinRate, wider.requestBodyMinRate()),
                Objects.requireNonNullElse(tlsHandshakeTimeout, wider.tlsHandshakeTimeout()),
                Objects.requireNonNullElse(stalledClientTimeout, wider.stalledClientTimeout()),
                Objects.requireNonNullElse(slowClientAfter, wider.slowClientAfter()),
                Objects.requireNonNullElse(slowClientTimeout, wider.slowClientTimeout()),
                Objects.requireNonNullElse(stalledStreamAfter, wider.stalledStreamAfter()),
                Objects.requireNonNullElse(socketSendBufferBytes, wider.socketSendBufferBytes()),
                Objects.requireNonNullElse(socketReceiveBufferBytes, wider.socketReceiveBufferBytes()),
                tcpKeepAlive.over(wider.tcpKeepAlive()),
                Objects.requireNonNullElse(maxRequestHeadBytes, wider.maxRequestHeadBytes()),
                Objects.requireNonNullElse(maxUriBytes, wider.maxUriBytes()),
                Objects.requireNonNullElse(onDown, wider.onDown()),
                forwarded.over(wider.forwarded()),
                Objects.requireNonNullElse(denyPaths, wider.denyPaths()));
    }
}
