package io.sluice.manage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes a configuration file so that there is the old one or the new one at every moment, never half of one. */
final class ConfigFile {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private ConfigFile() {}

    /**
     * Replaces the content of a file and keeps the old one beside it.
     *
     * @param expected what it should hold: somebody who edited it since is not overwritten
     * @return a sentence that names the copy
     * @throws IOException when it holds something else, or cannot be written; it is as it was then
     */
    static String replace(Path file, String expected, String text) throws IOException {
        String there = Files.readString(file);
        if (there.equals(text)) {
            return file + " holds the configuration in force already; nothing was written";
        }
        if (!there.equals(expected)) {
            throw new IOException(file + " has been edited since it was read (stageFile and diff show how)");
        }
        Path target = file.toRealPath();
        Path copy = target.resolveSibling(target.getFileName() + ".before-" + STAMP.format(Instant.now()));
        Files.copy(target, copy, StandardCopyOption.COPY_ATTRIBUTES);
        Path fresh = Files.createTempFile(
                target.getParent(),
                target.getFileName() + ".",
                ".new",
                PosixFilePermissions.asFileAttribute(Files.getPosixFilePermissions(target)));
        try {
            try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            // As the umask may have taken some away.
            Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(target));
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        return target + " is written, comments kept, spacing not; the old one is " + copy;
    }
}
