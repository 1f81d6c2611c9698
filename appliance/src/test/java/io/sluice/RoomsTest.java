package io.sluice;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The arrows between the rooms: listen, http2, relay, connect, route, account, each using only what stands to its
 * right.
 */
@AnalyzeClasses(packages = "io.sluice", importOptions = DoNotIncludeTests.class)
class RoomsTest {
    private static final String[] ROOMS = {
        "io.sluice.config..",
        "io.sluice.loop..",
        "io.sluice.account..",
        "io.sluice.route..",
        "io.sluice.tls..",
        "io.sluice.proxy..",
        "io.sluice.connect..",
        "io.sluice.relay..",
        "io.sluice.http2..",
        "io.sluice.listen..",
        "io.sluice.drain..",
        "io.sluice.manage..",
        "io.sluice.demo..",
        "io.sluice.init..",
        "io.sluice.handover.."
    };

    @ArchTest
    static final ArchRule config_depends_on_no_room = room("config");

    @ArchTest
    static final ArchRule init_uses_config = room("init", "config");

    @ArchTest
    static final ArchRule handover_depends_on_no_room = room("handover");

    @ArchTest
    static final ArchRule loop_depends_on_no_room = room("loop");

    @ArchTest
    static final ArchRule account_depends_on_no_room = room("account");

    @ArchTest
    static final ArchRule route_uses_account_and_config = room("route", "account", "config");

    @ArchTest
    static final ArchRule tls_uses_names_and_config = room("tls", "route", "config");

    @ArchTest
    static final ArchRule proxy_uses_config = room("proxy", "config");

    @ArchTest
    static final ArchRule connect_uses_what_stands_to_its_right =
            room("connect", "proxy", "tls", "route", "account", "config", "loop");

    @ArchTest
    static final ArchRule relay_uses_what_stands_to_its_right =
            room("relay", "connect", "tls", "route", "account", "config", "loop");

    @ArchTest
    static final ArchRule http2_uses_what_stands_to_its_right =
            room("http2", "relay", "route", "account", "config", "loop");

    @ArchTest
    static final ArchRule listen_uses_what_stands_to_its_right =
            room("listen", "http2", "relay", "connect", "proxy", "tls", "route", "account", "config", "loop");

    @ArchTest
    static final ArchRule drain_uses_account_and_route = room("drain", "account", "route");

    @ArchTest
    static final ArchRule no_room_knows_manage_or_demo_or_init = noClasses()
            .that(resideInAnyPackage(
                    "io.sluice.config..",
                    "io.sluice.loop..",
                    "io.sluice.account..",
                    "io.sluice.route..",
                    "io.sluice.tls..",
                    "io.sluice.proxy..",
                    "io.sluice.connect..",
                    "io.sluice.relay..",
                    "io.sluice.http2..",
                    "io.sluice.listen..",
                    "io.sluice.drain.."))
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.sluice.manage..", "io.sluice.demo..", "io.sluice.init.."));

    @ArchTest
    static final ArchRule no_room_knows_the_house = noClasses()
            .that(resideInAnyPackage(ROOMS)
                    .and(resideInAPackage("io.sluice.manage..").negate()))
            .should()
            .dependOnClassesThat(resideInAPackage("io.sluice"));

    @ArchTest
    static final ArchRule account_depends_on_nothing_but_what_counts_and_logs = classes()
            .that()
            .resideInAPackage("io.sluice.account..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "java..",
                    "jdk.jfr..",
                    "io.sluice.account..",
                    "com.codahale.metrics..",
                    "org.HdrHistogram..",
                    "org.slf4j..",
                    "org.jspecify.annotations.."));

    @ArchTest
    static final ArchRule route_does_no_io = noClasses()
            .that()
            .resideInAPackage("io.sluice.route..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.nio.channels..", "org.eclipse.jetty.."));

    /** Only the rooms named, itself and what is no room at all. */
    private static ArchRule room(String name, String... used) {
        String[] allowed = new String[used.length + 1];
        allowed[0] = "io.sluice." + name + "..";
        for (int i = 0; i < used.length; i++) {
            allowed[i + 1] = "io.sluice." + used[i] + "..";
        }
        return classes()
                .that()
                .resideInAPackage("io.sluice." + name + "..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed)
                        .or(resideInAPackage("io.sluice..").negate()));
    }
}
