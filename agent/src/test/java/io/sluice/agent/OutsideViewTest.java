package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.manage.Described;
import io.sluice.manage.OutsideView;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import org.junit.jupiter.api.Test;

/**
 * What a JMX client sees of the agent. {@code mbeans.txt} and {@code docs/mbeans-agent.md} hold it, so that every change
 * shows in a diff; after a change that is meant, write both anew: {@code mvn test
 * -Dtest=OutsideViewTest -Dsluice.write=true -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class OutsideViewTest {
    private static final Path TEXT = Path.of("src/test/resources/mbeans.txt");
    private static final Path PAGE = Path.of("../docs/mbeans-agent.md");
    private static final String INTRODUCTION = """
            # MBeans of the latency agent

            What can be seen and done over JMX, in the domain `sluice`, while the [latency agent](tracing.md) is there. There is
            one `type=Latency,liberator=…,stage=…` for each Liberator that has had a stream and each stage, for all kinds of
            streams together, and one with `,kind=…` for each kind that was timed. The rest is as in [mbeans.md](mbeans.md).

            This page is written by `OutsideViewTest` from the MBeans; do not edit it by hand.
            """;

    private final OutsideView view = new OutsideView(Map.of(
            "sluice:type=Agent", info(AgentMXBean.class),
            "sluice:type=Latency,liberator=NAME,stage=NAME", info(LatencyMXBean.class)));

    /** Of an MBean that is never asked for anything. */
    private static <T> MBeanInfo info(Class<T> type) {
        Object silent = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (bean, method, given) -> {
            throw new IllegalStateException("nobody asks");
        });
        return new Described(type.cast(silent), type).getMBeanInfo();
    }

    @Test
    void is_the_one_that_is_checked_in() throws Exception {
        if (Boolean.getBoolean("sluice.write")) {
            Files.writeString(TEXT, view.text());
            Files.writeString(PAGE, view.page(INTRODUCTION));
        }
        assertThat(view.text()).isEqualTo(Files.readString(TEXT));
        assertThat(view.page(INTRODUCTION)).isEqualTo(Files.readString(PAGE));
    }

    @Test
    void has_a_sentence_on_everything_and_a_unit_on_every_number() {
        assertThat(view.missing()).isEmpty();
    }

    @Test
    void has_only_parameters_that_JConsole_can_edit_and_no_attribute_that_can_be_written() {
        for (MBeanInfo info : new MBeanInfo[] {info(AgentMXBean.class), info(LatencyMXBean.class)}) {
            assertThat(info.getAttributes()).noneMatch(MBeanAttributeInfo::isWritable);
            for (MBeanOperationInfo each : info.getOperations()) {
                assertThat(each.getSignature())
                        .extracting(MBeanParameterInfo::getType)
                        .allMatch("java.lang.String"::equals);
            }
        }
    }
}
