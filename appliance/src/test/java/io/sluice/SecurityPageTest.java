package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.account.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code docs/security.md} against the list of reasons. */
class SecurityPageTest {
    private final String page = Files.readString(Path.of("../docs/security.md"));

    SecurityPageTest() throws IOException {}

    @ParameterizedTest
    @EnumSource
    void says_why_each_reason_is_refused(Refusal refusal) {
        assertThat(page.lines().filter(line -> line.startsWith("| `") && line.contains("`" + refusal.label() + "`")))
                .hasSize(1);
    }

    @Test
    void is_named_where_problems_are_reported() {
        assertThat(Path.of("../SECURITY.md")).content().contains("docs/security.md");
    }
}
