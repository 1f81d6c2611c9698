package io.sluice.config;

import io.sluice.config.ConfigResult.Loaded;
import io.sluice.config.ConfigResult.Refused;
import io.sluice.config.Yaml.Mapping;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads a configuration and says everything that is wrong with it at once.
 *
 * <p>What is wrong is a value, never an exception: a file that is missing, unreadable, not text or not YAML is refused
 * as one with a wrong key is. Safe for use by several threads; nothing is kept between calls but the schema.
 */
public final class ConfigLoader {
    static final int MOST_BYTES = 2 * 1024 * 1024;

    private ConfigLoader() {}

    /** Files named in it are looked up from the folder it stands in. */
    public static ConfigResult load(Path file) {
        Problems problems = new Problems(file.toString());
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (NoSuchFileException e) {
            return refused(problems, "there is no such file");
        } catch (AccessDeniedException e) {
            return refused(problems, "cannot be read: permission denied");
        } catch (IOException e) {
            return refused(
                    problems,
                    Files.isDirectory(file) ? "is a folder (expected a file)" : "cannot be read: " + e.getMessage());
        }
        if (bytes.length > MOST_BYTES) {
            return refused(problems, "is larger than " + MOST_BYTES / 1024 / 1024 + "MiB");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            problems.at(firstBadByte(bytes), "not UTF-8 text");
            return new Refused(problems.inOrder());
        }
        Path absolute = file.toAbsolutePath();
        Path parent = absolute.getParent();
        return parse(file, text, parent == null ? absolute : parent, problems);
    }

    /**
     * For text that is not in a file yet, such as a candidate staged over JMX.
     *
     * @param name what problems call it
     * @param baseFolder where relative names of files in it start
     */
    public static ConfigResult parse(String name, String text, Path baseFolder) {
        Path file;
        try {
            file = baseFolder.resolve(name);
        } catch (InvalidPathException e) {
            file = baseFolder;
        }
        return parse(file, text, baseFolder, new Problems(name));
    }

    private static ConfigResult parse(Path file, String text, Path baseFolder, Problems problems) {
        Yaml tree = YamlText.parse(text, problems);
        if (tree != null) {
            Shape.shipped().check(tree, problems);
            if (tree instanceof Mapping root) {
                SluiceConfig config = new Reader(baseFolder, problems).read(file, text, root);
                if (problems.isEmpty()) {
                    return new Loaded(config);
                }
            }
        }
        return new Refused(problems.inOrder());
    }

    private static Refused refused(Problems problems, String sentence) {
        problems.wholeFile(sentence);
        return new Refused(problems.inOrder());
    }

    private static Position firstBadByte(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        String before = result.isError() ? out.flip().toString() : "";
        return new Position(
                (int) before.chars().filter(c -> c == '\n').count() + 1, before.length() - before.lastIndexOf('\n'));
    }
}
