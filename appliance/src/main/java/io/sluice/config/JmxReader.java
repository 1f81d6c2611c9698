package io.sluice.config;

import io.sluice.config.JmxConfig.JmxTls;
import io.sluice.config.Yaml.Scalar;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads {@code management.jmx} and refuses what would leave management open to others. */
final class JmxReader {
    private static final HostAndPort DEFAULT_BIND = new HostAndPort("127.0.0.1", 7199);

    private final Section jmx;
    private final NamedFiles files;
    private final Problems problems;

    JmxReader(Section jmx, NamedFiles files, Problems problems) {
        this.jmx = jmx;
        this.files = files;
        this.problems = problems;
    }

    JmxConfig read() {
        HostAndPort bind =
                Objects.requireNonNullElse(jmx.read("bind", HostAndPort::parse, Reader.ADDRESS), DEFAULT_BIND);
        JmxTls tls = tls(jmx.section("tls"));
        List<JmxUser> users = users(tls);
        refuseOpen(bind);
        String hostname = jmx.text("hostname");
        return new JmxConfig(bind, hostname == null ? bind.host() : hostname, tls, users);
    }

    private @Nullable JmxTls tls(Section section) {
        Path chain = files.existing(section, "chain");
        Path key = files.existing(section, "key");
        Path trust = files.existing(section, "trust");
        Scalar at = section.scalar("key");
        if (key != null && at != null) {
            refuseTooOpen(at, "tls.key", key);
        }
        return chain == null || key == null ? null : new JmxTls(chain, key, trust);
    }

    private List<JmxUser> users(@Nullable JmxTls tls) {
        Scalar at = jmx.scalar("users");
        Path file = files.existing(jmx, "users");
        if (file == null || at == null) {
            return List.of();
        }
        refuseTooOpen(at, "users", file);
        List<String> wrong = new ArrayList<>();
        List<JmxUser> users = JmxUsers.read(file, wrong::add);
        for (JmxUser each : users) {
            if (each.password() == null && (tls == null || tls.trust() == null)) {
                wrong.add("user " + Problems.quote(each.name())
                        + " is known by a certificate, but none is asked for (add tls with chain, key and trust)");
            }
        }
        if (!wrong.isEmpty()) {
            problems.refuse(
                    at, "management.jmx.users is " + Problems.quote(at.text()) + ": " + String.join("; ", wrong));
        }
        return users;
    }

    private void refuseTooOpen(Scalar at, String key, Path file) {
        String wrong = Files.isReadable(file) ? JmxUsers.tooOpen(file) : "";
        if (!wrong.isEmpty()) {
            problems.refuse(at, "management.jmx." + key + " is " + Problems.quote(at.text()) + ", " + wrong);
        }
    }

    private void refuseOpen(HostAndPort bind) {
        Scalar at = jmx.scalar("bind");
        if (at == null || bind.isLoopback()) {
            return;
        }
        List<String> missing = new ArrayList<>();
        if (!jmx.has("tls") || jmx.scalar("tls") != null) {
            missing.add("tls (chain and key)");
        }
        if (!jmx.has("users")) {
            missing.add("users (a file of names, roles and password hashes)");
        }
        InetAddress literal = bind.literal();
        if (literal != null && literal.isAnyLocalAddress() && !jmx.has("hostname")) {
            missing.add("hostname (what clients are told to come back to)");
        }
        if (!missing.isEmpty()) {
            problems.refuse(
                    at,
                    "management.jmx.bind is " + Problems.quote(at.text())
                            + ", which is not a loopback address: that needs " + String.join(", ", missing)
                            + " (or bind 127.0.0.1 or \"[::1]\")");
        }
    }
}
