package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import javax.management.MBeanOperationInfo;
import org.junit.jupiter.api.Test;

class DescribedTest {
    /** Has every kind of operation there is. */
    @Description("For this test.")
    public interface SampleMXBean {
        @Action
        @Description("Changes something.")
        String alter(
                @Parameter(name = "name", description = "the name of a Liberator") String name,
                @Parameter(name = "count", description = "a number") int count);

        @Description("Reads something.")
        String show(@Parameter(name = "name", description = "the name of a Liberator") String name);

        @Action
        @Description("Drops something.")
        String drop();
    }

    private static final String[] ALTER = {"java.lang.String", "int"};

    private final Described bean = new Described(
            new SampleMXBean() {
                @Override
                public String alter(String name, int count) {
                    return "altered " + name;
                }

                @Override
                public String show(String name) {
                    return "this is " + name;
                }

                @Override
                public String drop() {
                    return "dropped";
                }
            },
            SampleMXBean.class);

    @Test
    void an_action_refuses_the_word_that_JConsole_fills_in() {
        assertThatThrownBy(() -> bean.invoke("alter", new Object[] {"String", 1}, ALTER))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("name is 'String', which JConsole fills in (expected: the name of a Liberator);"
                        + " nothing was changed");
    }

    @Test
    void an_action_takes_any_other_word() throws Exception {
        assertThat(bean.invoke("alter", new Object[] {"Strings", 1}, ALTER)).isEqualTo("altered Strings");
        assertThat(bean.invoke("drop", new Object[0], new String[0])).isEqualTo("dropped");
        assertThat(bean.invoke("drop", null, null)).isEqualTo("dropped");
    }

    @Test
    void an_operation_that_only_reads_decides_for_itself() throws Exception {
        assertThat(bean.invoke("show", new Object[] {"String"}, new String[] {"java.lang.String"}))
                .isEqualTo("this is String");
    }

    @Test
    void operations_that_read_come_first() {
        assertThat(Arrays.stream(bean.getMBeanInfo().getOperations()).map(MBeanOperationInfo::getName))
                .containsExactly("show", "alter", "drop");
    }
}
