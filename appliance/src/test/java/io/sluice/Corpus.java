package io.sluice;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cases of the wire in tables that can be read: one a line, its columns divided by {@code |}, bytes written with
 * escapes and the few words of {@link #WORDS}. Lines that start with {@code #} are for the reader, {@code ##} names a
 * duty that the cases below it belong to.
 */
final class Corpus {
    /** Not repeated on every line. */
    private static final Map<String, String> WORDS = Map.of(
            "POST", "POST /x HTTP/1.1\r\nHost: fx.example.com\r\n",
            "GET", "GET /x HTTP/1.1\r\nHost: fx.example.com\r\n",
            "HOST", "Host: fx.example.com\r\n",
            "OK", "HTTP/1.1 200 OK\r\n",
            "UPG", "Connection: Upgrade\r\nUpgrade: websocket\r\n",
            "KEY", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
            "V13", "Sec-WebSocket-Version: 13\r\n");

    private static final Pattern WORD = Pattern.compile("\\{([A-Z0-9]+)}");
    private static final Pattern REPEATED = Pattern.compile("\\{([^{}]+?)\\*(\\d+)}");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(r|n|t|\\\\|x[0-9a-fA-F]{2})");

    private Corpus() {}

    /**
     * One case.
     *
     * @param duty what it is about
     * @param title what is odd about it
     * @param columns the others, as they are written
     */
    record Case(String duty, String title, List<String> columns) {
        String text(int column) {
            return columns.get(column);
        }

        /** The bytes of a column, as ISO 8859-1. */
        String bytes(int column) {
            return Corpus.bytes(columns.get(column));
        }

        @Override
        public String toString() {
            return duty + ": " + title;
        }
    }

    /** The cases of {@code corpus/NAME.txt}. */
    static List<Case> read(String name) {
        List<Case> cases = new ArrayList<>();
        String duty = "";
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Corpus.class.getResourceAsStream("/corpus/" + name + ".txt"), name),
                StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("## ")) {
                    duty = line.substring(3);
                } else if (!line.isEmpty() && !line.startsWith("#")) {
                    List<String> columns = List.of(line.split(" \\| ", -1));
                    cases.add(new Case(duty, columns.get(0), columns.subList(1, columns.size())));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }

    private static String bytes(String written) {
        String words = WORD.matcher(written)
                .replaceAll(each -> Matcher.quoteReplacement(escaped(
                        Objects.requireNonNull(WORDS.get(each.group(1)), () -> "unknown word " + each.group()))));
        String long_ = REPEATED.matcher(words)
                .replaceAll(each -> Matcher.quoteReplacement(each.group(1).repeat(Integer.parseInt(each.group(2)))));
        return ESCAPE.matcher(long_).replaceAll(each -> Matcher.quoteReplacement(unescaped(each.group(1))));
    }

    private static String escaped(String text) {
        return text.replace("\r\n", "\\r\\n");
    }

    private static String unescaped(String escape) {
        return switch (escape.charAt(0)) {
            case 'r' -> "\r";
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'x' -> String.valueOf((char) Integer.parseInt(escape.substring(1), 16));
            default -> "\\";
        };
    }
}
