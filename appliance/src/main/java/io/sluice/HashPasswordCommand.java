package io.sluice;

import io.sluice.config.PasswordHash;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice hash-password}: makes the last word of a line in the file of JMX users. */
@Command(
        name = "hash-password",
        description = {
            "Asks for a password, twice, and prints its salted hash for the file of management.jmx.users:",
            "NAME ROLE HASH, where ROLE is viewer or operator.",
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:the hash is on standard output", " 1:no password, or two different ones"})
final class HashPasswordCommand implements Callable<Integer> {
    private static final int MOST_CHARS = 1024;
    private static final int FEWEST_CHARS = 8;

    @Option(names = "--stdin", description = "Reads one line from the standard input instead, for scripts.")
    private boolean stdin;

    @Override
    @SuppressWarnings("SystemConsoleNull") // before Java 22 there is none without a terminal
    public Integer call() throws IOException {
        Console console = stdin ? null : System.console();
        if (!stdin && console == null) {
            System.err.println("there is no terminal to ask at (use --stdin in a script); nothing was hashed");
            return 1;
        }
        char[] password = console == null ? line() : asked(console);
        if (password == null) {
            System.err.println("no password, or two different ones; nothing was hashed");
            return 1;
        }
        try {
            if (password.length < FEWEST_CHARS) {
                System.err.println("a password has at least " + FEWEST_CHARS + " characters; nothing was hashed");
                return 1;
            }
            System.out.println(PasswordHash.of(password).text());
            return 0;
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    private static char @Nullable [] asked(Console console) {
        char[] first = console.readPassword("Password: ");
        char[] second = console.readPassword("Again: ");
        boolean same = first != null && second != null && Arrays.equals(first, second);
        if (second != null) {
            Arrays.fill(second, '\0');
        }
        return same ? first : null;
    }

    private static char[] line() throws IOException {
        char[] text = new char[MOST_CHARS];
        int length = 0;
        Reader in = new InputStreamReader(System.in, Charset.defaultCharset());
        for (int next = in.read(); next >= 0 && next != '\n' && length < MOST_CHARS; next = in.read()) {
            text[length++] = (char) next;
        }
        if (length > 0 && text[length - 1] == '\r') {
            length--;
        }
        char[] password = Arrays.copyOf(text, length);
        Arrays.fill(text, '\0');
        return password;
    }
}
