package io.sluice.config;

import io.sluice.config.AffinityConfig.Forged;
import io.sluice.config.AffinityConfig.SameSite;
import io.sluice.config.PoolConfig.Member;
import io.sluice.config.Yaml.Entry;
import io.sluice.config.Yaml.Scalar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the {@code pool} of a route: its Liberators and how their clients are told apart. */
final class PoolReader {
    private static final Set<String> COOKIE_KEYS = Set.of(
            "name", "keys", "path", "domain", "sameSite", "secure", "partitioned", "maxAge", "forged", "release");
    private static final Set<String> ADDRESS_KEYS = Set.of("ipv4Bits", "ipv6Bits");

    private final NamedFiles files;
    private final Map<String, Position> liberatorNames;
    private final Problems problems;

    /** @param liberatorNames those that the file defines */
    PoolReader(NamedFiles files, Map<String, Position> liberatorNames, Problems problems) {
        this.files = files;
        this.liberatorNames = liberatorNames;
        this.problems = problems;
    }

    /** @param route what to call the route, as in {@code route 'fx.example.com'} */
    PoolConfig read(Section pool, String route) {
        Section affinity = pool.section("affinity");
        String kind = Objects.requireNonNullElse(affinity.text("kind"), "cookie");
        refuseForeignKeys(affinity, kind);
        return new PoolConfig(members(pool, route, kind.equals("path")), affinity(affinity, kind, route, pool));
    }

    private List<Member> members(Section pool, String route, boolean byPath) {
        List<Member> members = new ArrayList<>();
        Map<String, Position> names = new HashMap<>();
        Map<String, Position> paths = new HashMap<>();
        for (Section each : pool.sections("liberators")) {
            Scalar name = each.scalar("name");
            if (name == null) {
                continue;
            }
            if (!liberatorNames.containsKey(name.text())) {
                problems.refuse(name, Reader.undefined(route, "Liberator", name.text(), liberatorNames));
            }
            refuseSecond(names, name, "pool of " + route + " names Liberator ");
            Scalar path = each.scalar("path");
            if (path == null && byPath) {
                problems.at(
                        each.at(),
                        "Liberator " + Problems.quote(name.text()) + " has no path (required for kind: path)");
            } else if (path != null && !byPath) {
                problems.refuse(path, "path has no effect: only kind: path tells clients apart by it");
            } else if (path != null) {
                refuseSecond(paths, path, "pool of " + route + " has path ");
            }
            members.add(new Member(
                    name.text(),
                    Objects.requireNonNullElse(each.number("weight"), 1),
                    path == null ? "" : path.text()));
        }
        if (members.isEmpty()) {
            problems.at(pool.at(), "pool of " + route + " has no liberators (required)");
        }
        return members;
    }

    private void refuseSecond(Map<String, Position> seen, Scalar value, String subject) {
        Position first = seen.putIfAbsent(value.text(), value.at());
        if (first != null) {
            problems.refuse(
                    value, subject + Problems.quote(value.text()) + " twice (first at line " + first.line() + ")");
        }
    }

    private void refuseForeignKeys(Section affinity, String kind) {
        for (Map.Entry<String, Entry> each : affinity.mapping().entries().entrySet()) {
            String key = each.getKey();
            String owner = COOKIE_KEYS.contains(key) ? "cookie" : ADDRESS_KEYS.contains(key) ? "address" : kind;
            if (!owner.equals(kind)) {
                problems.at(each.getValue().at(), key + " has no effect on kind: " + kind + " (only on " + owner + ")");
            }
        }
    }

    private AffinityConfig affinity(Section section, String kind, String route, Section pool) {
        return switch (kind) {
            case "address" -> new AffinityConfig.Address(bits(section, "ipv4Bits", 32), bits(section, "ipv6Bits", 64));
            case "path" -> new AffinityConfig.Path();
            default -> cookie(section, route, pool);
        };
    }

    private int bits(Section section, String key, int standard) {
        return Objects.requireNonNullElse(section.number(key), standard);
    }

    private AffinityConfig.Cookie cookie(Section section, String route, Section pool) {
        if (!section.has("keys")) {
            problems.at(
                    section.has("kind") || section.has("name") ? section.at() : pool.at(),
                    "pool of " + route + " has no affinity.keys (required for kind: cookie)");
        }
        Section release = section.section("release");
        AffinityConfig.Cookie cookie = new AffinityConfig.Cookie(
                Objects.requireNonNullElse(section.text("name"), "sluice"),
                keys(section),
                Objects.requireNonNullElse(section.text("path"), "/"),
                domain(section),
                sameSite(section),
                isOn(section, "secure", true),
                isOn(section, "partitioned", false),
                Objects.requireNonNullElse(section.duration("maxAge"), Duration.ZERO),
                "new".equals(section.text("forged")) ? Forged.NEW : Forged.REFUSE,
                Objects.requireNonNullElse(release.duration("downFor"), Duration.ZERO),
                isOn(release, "removed", true));
        checkAttributes(cookie, section);
        return cookie;
    }

    /** Where a browser would throw the cookie away, and a client would be new at each request. */
    private void checkAttributes(AffinityConfig.Cookie cookie, Section section) {
        Position at = section.at();
        if (!cookie.secure() && cookie.sameSite() == SameSite.NONE) {
            problems.at(at, "sameSite None needs secure: on (browsers drop the cookie else)");
        }
        if (!cookie.secure() && cookie.partitioned()) {
            problems.at(at, "partitioned needs secure: on (browsers drop the cookie else)");
        }
        boolean host = cookie.name().startsWith("__Host-");
        if (host
                && (!cookie.secure()
                        || cookie.domain() != null
                        || !cookie.path().equals("/"))) {
            problems.at(at, "a name with __Host- needs secure: on, path: / and no domain (RFC 6265bis §4.1.3.2)");
        }
        if (cookie.name().startsWith("__Secure-") && !cookie.secure()) {
            problems.at(at, "a name with __Secure- needs secure: on (RFC 6265bis §4.1.3.1)");
        }
    }

    private @Nullable String domain(Section section) {
        return section.read(
                "domain",
                text -> {
                    String name = HostSyntax.canonical(text);
                    return HostSyntax.isHost(name) && name.contains(".") ? name : null;
                },
                "a host name without a leading dot, as in example.com");
    }

    private static SameSite sameSite(Section section) {
        String word = section.text("sameSite");
        for (SameSite each : SameSite.values()) {
            if (each.word().equals(word)) {
                return each;
            }
        }
        return SameSite.NONE;
    }

    private static boolean isOn(Section section, String key, boolean standard) {
        return Objects.requireNonNullElse(section.isOn(key), standard);
    }

    /** Stand-in keys when the file cannot be used: the problem is told, and the result dropped. */
    private AffinityKeys keys(Section section) {
        Path file = files.existing(section, "keys");
        Scalar at = section.scalar("keys");
        if (file == null || at == null || !Files.isReadable(file)) {
            return AffinityKeys.none();
        }
        try {
            return AffinityKeys.read(file);
        } catch (AffinityKeys.Malformed malformed) {
            problems.refuse(at, "keys is " + Problems.quote(at.text()) + ", " + malformed.getMessage());
        } catch (IOException unreadable) {
            problems.refuse(
                    at, "keys is " + Problems.quote(at.text()) + ", which cannot be read: " + unreadable.getMessage());
        }
        return AffinityKeys.none();
    }
}
