package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract between the agent and the inside of the appliance. */
class JoinPointTest {
    private static TypePool appliance() {
        return TypePool.Default.of(ClassFileLocator.ForClassLoader.of(JoinPointTest.class.getClassLoader()));
    }

    @ParameterizedTest
    @EnumSource
    void every_join_point_is_there_in_this_appliance(JoinPoint point) {
        assertThat(point.missing(appliance()))
                .as(
                        "%s.%s was moved, renamed or changed: change it in JoinPoint (and in docs/tracing.md) with it."
                                + " The agent takes from it: %s",
                        point.type(), point.method(), point.gives())
                .isNull();
    }

    @Test
    void in_an_appliance_without_them_each_is_named_as_missing() {
        TypePool nothing = TypePool.Default.of(ClassFileLocator.NoOp.INSTANCE);
        Map<JoinPoint, String> missing = Weaver.missing(nothing);
        assertThat(missing).hasSize(JoinPoint.values().length);
        assertThat(missing.get(JoinPoint.PUMP_PASSED)).isEqualTo("no class io.sluice.relay.Pump");
    }

    @Test
    void the_documentation_has_a_row_for_each() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("../docs/tracing.md"));
        for (JoinPoint each : JoinPoint.values()) {
            assertThat(rows)
                    .as("rows for %s", each)
                    .filteredOn(row -> row.startsWith("| `" + each.shortName() + "` |"))
                    .singleElement()
                    .asString()
                    .contains(each.gives());
        }
    }

    @Test
    void the_documentation_has_a_row_for_each_stage() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("../docs/tracing.md"));
        for (Stage each : Stage.values()) {
            assertThat(rows)
                    .filteredOn(row -> row.startsWith("| `" + each.label() + "` |"))
                    .singleElement()
                    .asString()
                    .contains(each.sentence());
        }
    }
}
