package io.sluice.console.verb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SupportBundleTest {
    @Test
    void secrets_that_stand_where_only_their_files_belong_are_removed() {
        String text = """
                tls: { keyPassword: hunter2, key: tls/a.key }
                secret: "very much so"
                passwordFile: /etc/sluice/pw
                """;
        assertThat(SupportBundle.withoutSecrets(text))
                .doesNotContain("hunter2", "very much so")
                .contains("keyPassword: (removed)", "key: tls/a.key", "passwordFile: /etc/sluice/pw");
    }

    @Test
    void keys_and_certificates_in_the_text_are_removed() {
        String text = "key: |\n  -----BEGIN PRIVATE KEY-----\n  MIIabc\n  -----END PRIVATE KEY-----\n";
        assertThat(SupportBundle.withoutSecrets(text)).doesNotContain("MIIabc").contains("(removed)");
    }
}
