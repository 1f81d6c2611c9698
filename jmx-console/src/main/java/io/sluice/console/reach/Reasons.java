package io.sluice.console.reach;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** What an exception says to somebody who does not read Java. */
public final class Reasons {
    private Reasons() {}

    /** The innermost cause in words, on one line, safe for a terminal. */
    public static String of(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        if (root instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (root instanceof AccessDeniedException) {
            return "permission denied";
        }
        String message = root.getMessage();
        return printable(message == null ? root.getClass().getSimpleName() : message);
    }

    /** Text from outside without control characters, which a terminal would obey. */
    public static String printable(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .map(each -> each == '\t' || each == '\n' ? ' ' : each)
                .filter(each -> !Character.isISOControl(each) && Character.getType(each) != Character.FORMAT)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
