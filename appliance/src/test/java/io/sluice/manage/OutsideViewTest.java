package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.account.EndCause;
import io.sluice.account.Kind;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanOperationInfo;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a JMX client sees of the appliance. */
class OutsideViewTest extends OutsideViewContract {
    /** Numbers whose name says all. */
    private static final Set<String> WITHOUT_SUFFIX =
            Set.of("BuffersLent", "Version", "TableVersion", "ConnectionsLimit", "DescriptorsLimit", "Imbalance");

    private static final String POOL = """
              - { host: pool.example.com, pool: { liberators: [ { name: lib-a } ], affinity: { kind: address } } }
            """;

    private static final String INTRODUCTION = """
            # MBeans

            Everything that can be seen and done over JMX, in the domain `sluice`. Attributes are read only. Names end in
            what they are: `Total` only grows while the process lives, also over reloads; `Active` is now; `Peak` the most
            at a time; `Millis`, `Micros`, `Seconds`, `Days`, `Bytes` are units; instants are ISO 8601 in UTC. `String[]` attributes
            are tables for reading (double-click them in JConsole); `CompositeData[]` holds the same for programs.

            There is one `type=Liberator,name=…` for each Liberator and one `type=Listener,name=…` for each listener. One
            that left the table stays until its last stream or connection is gone; its counters go on if it comes back.

            Remote JMX listens on `management.jmx.bind` and on nothing else:
            `service:jmx:rmi:///jndi/rmi://127.0.0.1:7199/jmxrmi`, or in JConsole `127.0.0.1:7199`. From another host
            through ssh, with the same port on both sides: `ssh -L 7199:127.0.0.1:7199 HOST`.

            The [latency agent](tracing.md) brings its own: [mbeans-agent.md](mbeans-agent.md).

            This page is written by `OutsideViewTest` from the running MBeans; do not edit it by hand.
            """;

    private static Managed managed;
    private static OutsideView view;

    OutsideViewTest() {
        super(Path.of("../docs/mbeans.md"), INTRODUCTION);
    }

    @BeforeAll
    static void start() throws Exception {
        managed = new Managed(Managed.CONFIG + POOL);
        view = OutsideView.of(managed.mbeans);
    }

    @AfterAll
    static void stop() throws Exception {
        managed.close();
    }

    @Override
    protected OutsideView view() {
        return view;
    }

    @Test
    void names_numbers_by_what_they_are() {
        view.types().forEach((type, info) -> {
            for (MBeanAttributeInfo each : info.getAttributes()) {
                if (OutsideView.isNumber(each) && !WITHOUT_SUFFIX.contains(each.getName())) {
                    assertThat(each.getName())
                            .as(type)
                            .matches(".*(Total|Peak|Active|Seconds|Days|Bytes|PerSecond|Micros(P50|P99|Max))|Active");
                }
            }
        });
    }

    @Test
    void has_operations_that_only_read_first_and_then_the_others_each_by_name() {
        view.types().values().forEach(info -> {
            assertThat(info.getOperations())
                    .isSortedAccordingTo(Comparator.comparing(OutsideView::impact)
                            .reversed()
                            .thenComparing(MBeanOperationInfo::getName))
                    .allMatch(each -> OutsideView.impact(each).matches("INFO|ACTION"));
            assertThat(info.getAttributes()).isSortedAccordingTo(Comparator.comparing(MBeanAttributeInfo::getName));
        });
    }

    @Test
    void has_attributes_for_every_kind_of_stream_and_every_cause_of_its_end() {
        Set<String> attributes = Arrays.stream(
                        view.types().get("sluice:type=Liberator,name=NAME").getAttributes())
                .map(MBeanAttributeInfo::getName)
                .collect(Collectors.toSet());
        for (Kind kind : Kind.values()) {
            assertThat(attributes).contains(words(kind) + "Active", words(kind) + "Total");
        }
        for (EndCause cause : EndCause.values()) {
            assertThat(attributes).contains("Ended" + words(cause) + "Total");
        }
    }

    private static String words(Enum<?> constant) {
        return Arrays.stream(constant.name().split("_"))
                .map(each -> each.charAt(0) + each.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    @Test
    void can_be_read_whole_without_a_single_failure() throws Exception {
        for (ObjectName name : managed.mbeans.queryNames(new ObjectName("sluice:*"), null)) {
            for (MBeanAttributeInfo each : managed.mbeans.getMBeanInfo(name).getAttributes()) {
                assertThat(managed.mbeans.getAttribute(name, each.getName()))
                        .as(name + " " + each.getName())
                        .isNotNull();
            }
        }
    }

    @Test
    void has_tables_that_fit_into_the_sixty_characters_that_JConsole_shows() throws Exception {
        for (ObjectName name : managed.mbeans.queryNames(new ObjectName("sluice:*"), null)) {
            for (MBeanAttributeInfo each : managed.mbeans.getMBeanInfo(name).getAttributes()) {
                if (managed.mbeans.getAttribute(name, each.getName()) instanceof String[] lines) {
                    assertThat(lines).as(name + " " + each.getName()).allMatch(line -> line.length() <= 60);
                }
            }
        }
    }

    @Test
    void has_none_of_the_MBeans_of_Jetty() throws Exception {
        assertThat(ManagementFactory.getPlatformMBeanServer().getDomains())
                .noneMatch(domain -> domain.contains("jetty"));
    }
}
