package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.ConfigResult.Loaded;
import io.sluice.config.ConfigResult.Refused;
import java.nio.file.Path;
import java.util.List;

/** Configuration texts and what comes of them. */
final class Given {
    /** Two Liberators and a listener; lines 1 to 7. */
    static final String BASE = """
            liberators:
              - name: lib1
                address: 127.0.0.1:18080
              - { name: lib2, address: "127.0.0.1:18081" }
            listeners:
              - name: plain
                bind: 127.0.0.1:8080
            """;

    private static final Path NOWHERE = Path.of("/nowhere");

    private Given() {}

    static SluiceConfig loaded(String text) {
        return loaded(text, NOWHERE);
    }

    static SluiceConfig loaded(String text, Path folder) {
        ConfigResult result = ConfigLoader.parse("sluice.yaml", text, folder);
        assertThat(result).isInstanceOf(Loaded.class);
        return ((Loaded) result).config();
    }

    /** The operator lines, without the name of the file. */
    static List<String> problems(String text) {
        return problems(text, NOWHERE);
    }

    static List<String> problems(String text, Path folder) {
        return lines(ConfigLoader.parse("sluice.yaml", text, folder)).stream()
                .map(line -> line.replaceFirst("^sluice.yaml:", ""))
                .toList();
    }

    static List<String> lines(ConfigResult result) {
        assertThat(result).isInstanceOf(Refused.class);
        return ((Refused) result).problems().stream().map(Problem::toString).toList();
    }
}
