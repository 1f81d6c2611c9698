package io.sluice.console.reach;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A user's password: from a file that only its owner can read, or from the keyboard; never from the command line. */
final class Password {
    private Password() {}

    /** @throws Failure when there is none to be had */
    static String of(String user, String appliance, @Nullable Path file, Keyboard keyboard) throws Failure {
        if (file != null) {
            return inFile(file);
        }
        char[] typed = keyboard.askSecretly("password of " + user + " at " + appliance + ": ");
        if (typed == null) {
            throw new Failure(
                    Exit.USAGE,
                    "a password is needed for " + user + ", and there is no terminal to ask at: give"
                            + " --password-file FILE");
        }
        return new String(typed);
    }

    private static String inFile(Path file) throws Failure {
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (view != null) {
                Set<PosixFilePermission> rights = view.readAttributes().permissions();
                if (rights.contains(PosixFilePermission.OTHERS_READ)
                        || rights.contains(PosixFilePermission.GROUP_WRITE)
                        || rights.contains(PosixFilePermission.OTHERS_WRITE)) {
                    throw new Failure(
                            Exit.USAGE, "password file " + file + " is open to others: try chmod 600 " + file);
                }
            }
            String first = Files.readString(file, StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
            if (first.isEmpty()) {
                throw new Failure(
                        Exit.USAGE, "password file " + file + " is empty (expected the password as its first line)");
            }
            return first;
        } catch (IOException unreadable) {
            throw new Failure(
                    Exit.USAGE, "cannot read password file " + file + ": " + Reasons.of(unreadable), unreadable);
        }
    }
}
