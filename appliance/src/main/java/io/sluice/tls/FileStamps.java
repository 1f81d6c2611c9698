package io.sluice.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What tells one state of some files from the next without reading them: time of change, size and inode of each, of
 * the file itself where the name is a link.
 *
 * @param each {@code absent} for a file that is not there or cannot be looked at
 */
record FileStamps(Map<Path, String> each) {
    static FileStamps of(List<Path> files) {
        Map<Path, String> each = new LinkedHashMap<>();
        files.forEach(file -> each.put(file, stamp(file)));
        return new FileStamps(each);
    }

    private static String stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
        } catch (IOException gone) {
            return "absent";
        }
    }
}
