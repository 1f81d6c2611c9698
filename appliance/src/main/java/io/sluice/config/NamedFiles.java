package io.sluice.config;

import io.sluice.config.Yaml.Scalar;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The files that a configuration names. */
final class NamedFiles {
    private final Path baseFolder;
    private final Problems problems;

    /** @param baseFolder where relative names start */
    NamedFiles(Path baseFolder, Problems problems) {
        this.baseFolder = baseFolder;
        this.problems = problems;
    }

    /** The file that {@code key} names, whether it is there or not; null when it names none. */
    @Nullable
    Path named(Section section, String key) {
        return section.read(
                key,
                text -> {
                    try {
                        return text.isEmpty() ? null : baseFolder.resolve(text).normalize();
                    } catch (InvalidPathException e) {
                        return null;
                    }
                },
                "the name of a file");
    }

    /** As {@link #named}; one that cannot be read is refused. */
    @Nullable
    Path existing(Section section, String key) {
        Path file = named(section, key);
        Scalar scalar = section.scalar(key);
        if (file == null || scalar == null) {
            return null;
        }
        String wrong = !Files.exists(file)
                ? "which does not exist"
                : Files.isDirectory(file)
                        ? "which is a folder"
                        : !Files.isReadable(file) ? "which is not readable" : "";
        if (!wrong.isEmpty()) {
            boolean relative = !file.toString().equals(scalar.text());
            problems.refuse(
                    scalar,
                    key + " is " + Problems.quote(scalar.text()) + ", " + wrong + (relative ? " (" + file + ")" : ""));
        }
        return file;
    }
}
