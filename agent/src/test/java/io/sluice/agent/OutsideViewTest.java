package io.sluice.agent;

import io.sluice.manage.Described;
import io.sluice.manage.OutsideView;
import io.sluice.manage.OutsideViewContract;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import javax.management.MBeanInfo;

/** What a JMX client sees of the agent. */
class OutsideViewTest extends OutsideViewContract {
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

    OutsideViewTest() {
        super(Path.of("../docs/mbeans-agent.md"), INTRODUCTION);
    }

    /** Of an MBean that is never asked for anything. */
    private static <T> MBeanInfo info(Class<T> type) {
        Object silent = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (bean, method, given) -> {
            throw new IllegalStateException("nobody asks");
        });
        return new Described(type.cast(silent), type).getMBeanInfo();
    }

    @Override
    protected OutsideView view() {
        return view;
    }
}
