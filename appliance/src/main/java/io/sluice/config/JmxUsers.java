package io.sluice.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads the file of users: a line for each, {@code NAME ROLE PROOF}, where the proof is a {@link PasswordHash} or the
 * word {@code certificate}; empty lines and lines that start with {@code #} are skipped.
 */
final class JmxUsers {
    private static final int MOST_BYTES = 1024 * 1024;
    private static final String NAME = "[A-Za-z0-9._@-]{1,64}";
    private static final Set<PosixFilePermission> TOO_OPEN = Set.of(
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private JmxUsers() {}

    /** @param problem hears a sentence for each thing that is wrong; it never holds a hash */
    static List<JmxUser> read(Path file, Consumer<String> problem) {
        List<JmxUser> users = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<String> lines;
        try {
            if (Files.size(file) > MOST_BYTES) {
                problem.accept("is larger than 1MiB");
                return users;
            }
            lines = Files.readAllLines(file);
        } catch (MalformedInputException binary) {
            problem.accept("is not UTF-8 text");
            return users;
        } catch (IOException unreadable) {
            problem.accept("cannot be read: " + unreadable.getMessage());
            return users;
        }
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                int number = i + 1;
                user(line, names, users, sentence -> problem.accept("line " + number + ": " + sentence));
            }
        }
        if (lines.stream().map(String::strip).allMatch(line -> line.isEmpty() || line.startsWith("#"))) {
            problem.accept("holds no user (expected lines of name, role and proof; see 'sluice hash-password')");
        }
        return users;
    }

    private static void user(String line, Set<String> names, List<JmxUser> users, Consumer<String> problem) {
        String[] parts = line.split("\\s+", -1);
        if (parts.length != 3) {
            problem.accept("has " + parts.length + " words (expected name, role and proof)");
            return;
        }
        String name = parts[0];
        if (!name.matches(NAME)) {
            problem.accept("name is " + Problems.quote(name) + " (expected letters, digits and . _ @ -, 64 at most)");
        } else if (!names.add(name)) {
            problem.accept("user " + Problems.quote(name) + " is defined twice");
        }
        Role role = null;
        for (Role each : Role.values()) {
            role = each.word().equals(parts[1]) ? each : role;
        }
        if (role == null) {
            problem.accept("role is " + Problems.quote(parts[1]) + " (expected viewer or operator)");
        }
        boolean certificate = parts[2].equals("certificate");
        PasswordHash hash = PasswordHash.parse(parts[2]);
        if (!certificate && hash == null) {
            problem.accept("the proof of user " + Problems.quote(name)
                    + " is neither a line of 'sluice hash-password' nor the word certificate");
        } else if (role != null) {
            users.add(new JmxUser(name, role, hash));
        }
    }

    /** Why others than its owner may not be trusted to have left it alone or unread; empty: all is well. */
    static String tooOpen(Path file) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.stream().noneMatch(TOO_OPEN::contains)) {
                return "";
            }
            return "which is open to others, mode " + PosixFilePermissions.toString(permissions)
                    + " (expected rw-r----- or less: chmod 640 " + file + ")";
        } catch (IOException | UnsupportedOperationException unknown) {
            return "whose permissions cannot be read: " + unknown.getMessage();
        }
    }
}
