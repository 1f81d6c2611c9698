package io.sluice.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanParameterInfo;
import org.junit.jupiter.api.Test;

/**
 * What every MBean of ours keeps to, the appliance's and the agent's. A module's {@code mbeans.txt} and a page of the docs
 * hold what its MBeans look like, so that every change shows in a diff; after a change that is meant, write both anew:
 * {@code mvn test -Dtest=OutsideViewTest -Dsluice.write=true -Dsurefire.failIfNoSpecifiedTests=false}.
 */
public abstract class OutsideViewContract {
    private static final Path TEXT = Path.of("src/test/resources/mbeans.txt");
    private static final Set<String> EDITABLE_IN_JCONSOLE =
            Set.of("java.lang.String", "int", "long", "double", "boolean");

    private final Path page;
    private final String introduction;

    /**
     * @param page of the docs, as seen from the module
     * @param introduction what it begins with
     */
    protected OutsideViewContract(Path page, String introduction) {
        this.page = page;
        this.introduction = introduction;
    }

    /** The MBeans that are meant. */
    protected abstract OutsideView view();

    @Test
    void is_the_one_that_is_checked_in() throws Exception {
        if (Boolean.getBoolean("sluice.write")) {
            Files.writeString(TEXT, view().text());
            Files.writeString(page, view().page(introduction));
        }
        assertThat(view().text()).isEqualTo(Files.readString(TEXT));
        assertThat(view().page(introduction)).isEqualTo(Files.readString(page));
    }

    @Test
    void has_a_sentence_on_everything_and_a_unit_on_every_number() {
        assertThat(view().missing()).isEmpty();
    }

    @Test
    void has_only_parameters_that_JConsole_can_edit_and_no_attribute_that_can_be_written() {
        for (MBeanInfo info : view().types().values()) {
            assertThat(Arrays.stream(info.getOperations())
                            .flatMap(each -> Arrays.stream(each.getSignature()))
                            .map(MBeanParameterInfo::getType))
                    .isSubsetOf(EDITABLE_IN_JCONSOLE);
            assertThat(info.getAttributes()).noneMatch(MBeanAttributeInfo::isWritable);
        }
    }
}
