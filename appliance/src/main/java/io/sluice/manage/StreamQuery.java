package io.sluice.manage;

import io.sluice.account.Flow;
import io.sluice.account.Kind;
import io.sluice.account.Phase;
import io.sluice.account.StreamRecord;
import io.sluice.config.AddressRange;
import io.sluice.config.Quantity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which streams, and in which order: a short text of terms, all of which must hold.
 *
 * <pre>
 * liberator=lib-a kind=websocket,sse client=10.1.0.0/16 idle&gt;5m sort=behind
 * </pre>
 *
 * <p>A term is a column, an operator and a value without spaces. Words are compared with {@code =} and {@code !=}, and
 * may be a list; numbers, sizes and times with {@code <} and {@code >}. {@code sort=} names a column of numbers, the
 * largest first, or with a minus the smallest first. Without it the oldest stream comes first.
 */
final class StreamQuery {
    private static final Pattern TERM = Pattern.compile("([a-z]+)(!=|=|<|>)(\\S+)");
    private static final Map<String, Function<StreamRow, String>> WORDS = new LinkedHashMap<>();
    private static final Map<String, Measure> MEASURES = new LinkedHashMap<>();

    /** A column of numbers: what it measures, and how its values are written. */
    private record Measure(ToLongFunction<StreamRow> of, Unit unit, String meaning) {
        private enum Unit {
            TIME("a time, as in 500ms, 5s, 2m, 1h"),
            SIZE("a size, as in 512B, 64KiB, 1MiB"),
            NUMBER("a number");

            private final String expected;

            Unit(String expected) {
                this.expected = expected;
            }
        }

        /** Milliseconds, bytes or the number; null when {@code text} is none. */
        @Nullable
        Long value(String text) {
            return switch (unit) {
                case TIME -> {
                    Duration time = Quantity.duration(text);
                    yield time == null ? null : (Long) time.toMillis();
                }
                case SIZE -> {
                    Integer bytes = Quantity.bytes(text);
                    yield bytes == null ? null : (Long) (long) bytes;
                }
                case NUMBER -> text.matches("[0-9]{1,18}") ? (Long) Long.parseLong(text) : null;
            };
        }
    }

    static {
        WORDS.put("id", StreamRow::getId);
        WORDS.put("kind", StreamRow::getKind);
        WORDS.put("liberator", StreamRow::getLiberator);
        WORDS.put("listener", StreamRow::getListener);
        WORDS.put("host", StreamRow::getHost);
        WORDS.put("sni", StreamRow::getServerName);
        WORDS.put("route", StreamRow::getRoute);
        WORDS.put("phase", StreamRow::getPhase);
        WORDS.put("flow", StreamRow::getFlow);
        WORDS.put("protocol", StreamRow::getProtocol);
        measure("age", StreamRow::getOpenMillis, Measure.Unit.TIME, "since it was opened");
        measure("idle", StreamRow::quietMillis, Measure.Unit.TIME, "silent both ways");
        measure("behind", StreamRow::getClientBehindBytes, Measure.Unit.SIZE, "waits for the client");
        measure("waiting", StreamRow::getClientBehindMillis, Measure.Unit.TIME, "age of the oldest of it");
        measure("upbehind", StreamRow::getLiberatorBehindBytes, Measure.Unit.SIZE, "waits for the Liberator");
        measure("upwaiting", StreamRow::getLiberatorBehindMillis, Measure.Unit.TIME, "age of the oldest of it");
        measure("sent", StreamRow::getToClientBytes, Measure.Unit.SIZE, "to the client");
        measure("received", StreamRow::getFromClientBytes, Measure.Unit.SIZE, "from the client");
        measure("table", StreamRow::getTableVersion, Measure.Unit.NUMBER, "version it was opened under");
    }

    private static void measure(String column, ToLongFunction<StreamRow> of, Measure.Unit unit, String meaning) {
        MEASURES.put(column, new Measure(of, unit, meaning));
    }

    private final List<Predicate<StreamRow>> terms = new ArrayList<>();
    private ToLongFunction<StreamRow> key = row -> 0;
    private boolean smallestFirst = true;

    private StreamQuery() {}

    /**
     * Reads a query.
     *
     * @param text null and blank stand for all streams, the oldest first
     * @throws IllegalArgumentException when it is none; the message says which term, and what is expected
     */
    static StreamQuery of(@Nullable String text) {
        StreamQuery query = new StreamQuery();
        String plain = text == null ? "" : text.strip();
        if (Described.isPrefilled(plain)) {
            throw new IllegalArgumentException("query is 'String', which JConsole fills in (expected: terms such as"
                    + " kind=websocket idle>5m, or nothing for all streams; queryHelp() lists them)");
        }
        for (String term : plain.isEmpty() ? new String[0] : plain.split("\\s+")) {
            query.add(term);
        }
        return query;
    }

    /** Those that match, in order. */
    Stream<StreamRow> over(Collection<StreamRecord> streams) {
        long now = System.nanoTime();
        Comparator<Keyed> byKey = Comparator.comparingLong(Keyed::key);
        return streams.stream()
                .map(stream -> new StreamRow(stream, now))
                .filter(row -> terms.stream().allMatch(term -> term.test(row)))
                .map(row -> new Keyed(row, key.applyAsLong(row)))
                .sorted((smallestFirst ? byKey : byKey.reversed()).thenComparingLong(Keyed::id))
                .map(Keyed::row);
    }

    /** A row measured once: the numbers of a live stream change while it is sorted. */
    private record Keyed(StreamRow row, long key) {
        long id() {
            return row.stream().id();
        }
    }

    private void add(String term) {
        Matcher parts = TERM.matcher(term);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "'" + term + "' is no term (expected a column, one of = != < >, and a value without spaces,"
                            + " as in kind=websocket or idle>5m)");
        }
        String column = parts.group(1);
        String operator = parts.group(2);
        String value = parts.group(3);
        Function<StreamRow, String> word = WORDS.get(column);
        Measure measure = MEASURES.get(column);
        if (column.equals("sort")) {
            sort(term, operator, value);
        } else if (measure != null) {
            terms.add(compared(term, measure, operator, value));
        } else if (operator.equals("<") || operator.equals(">")) {
            throw new IllegalArgumentException(
                    "'" + term + "': " + operator + " is for columns of numbers (" + names(MEASURES) + ")");
        } else if (column.equals("client")) {
            terms.add(negated(operator, fromNetwork(term, value)));
        } else if (word != null) {
            terms.add(negated(operator, named(term, column, word, value)));
        } else {
            throw new IllegalArgumentException("'" + term + "' names no column (expected client, " + names(WORDS) + ", "
                    + names(MEASURES) + " or sort)");
        }
    }

    private static Predicate<StreamRow> negated(String operator, Predicate<StreamRow> term) {
        return operator.equals("=") ? term : term.negate();
    }

    private static Predicate<StreamRow> compared(String term, Measure measure, String operator, String text) {
        Long value = measure.value(text);
        if (value == null) {
            throw new IllegalArgumentException("'" + term + "': '" + text + "' is not " + measure.unit().expected);
        }
        long bound = value;
        return switch (operator) {
            case "<" -> row -> measure.of().applyAsLong(row) < bound;
            case ">" -> row -> measure.of().applyAsLong(row) > bound;
            case "=" -> row -> measure.of().applyAsLong(row) == bound;
            default -> row -> measure.of().applyAsLong(row) != bound;
        };
    }

    private static Predicate<StreamRow> named(
            String term, String column, Function<StreamRow, String> word, String value) {
        List<String> wanted = List.of(value.toLowerCase(Locale.ROOT).split(","));
        if (column.equals("kind")) {
            require(term, wanted, Arrays.stream(Kind.values()).map(Kind::label));
        } else if (column.equals("phase")) {
            require(term, wanted, Arrays.stream(Phase.values()).map(Phase::label));
        } else if (column.equals("flow")) {
            require(term, wanted, Arrays.stream(Flow.values()).map(Flow::label));
        }
        return row -> {
            String is = word.apply(row).toLowerCase(Locale.ROOT);
            return wanted.stream().anyMatch(each -> stands(each, is));
        };
    }

    /** {@code *.example.com} stands for every name that ends so. */
    private static boolean stands(String wanted, String is) {
        return wanted.equals(is) || (wanted.startsWith("*.") && is.endsWith(wanted.substring(1)));
    }

    private static void require(String term, List<String> wanted, Stream<String> known) {
        List<String> all = known.toList();
        for (String each : wanted) {
            if (!all.contains(each)) {
                throw new IllegalArgumentException(
                        "'" + term + "': '" + each + "' is unknown (expected " + String.join(", ", all) + ")");
            }
        }
    }

    private static Predicate<StreamRow> fromNetwork(String term, String value) {
        List<AddressRange> ranges = Arrays.stream(value.split(","))
                .map(each -> network("'" + term + "': '" + each + "'", each))
                .toList();
        return row -> ranges.stream().anyMatch(each -> each.contains(row.clientAddress()));
    }

    /**
     * An address or a network.
     *
     * @throws IllegalArgumentException when {@code text} is neither; {@code subject} begins the message
     */
    static AddressRange network(String subject, String text) {
        AddressRange range = AddressRange.parse(text.strip());
        if (range == null) {
            throw new IllegalArgumentException(
                    subject + " is no address or network (expected one such as 192.0.2.7 or 10.1.0.0/16)");
        }
        return range;
    }

    private void sort(String term, String operator, String value) {
        boolean reversed = value.startsWith("-");
        Measure measure = MEASURES.get(reversed ? value.substring(1) : value);
        if (measure == null || !operator.equals("=")) {
            throw new IllegalArgumentException("'" + term + "' is no order (expected sort= and one of "
                    + names(MEASURES) + ", with a minus for the smallest first)");
        }
        key = measure.of();
        smallestFirst = reversed;
    }

    private static String names(Map<String, ?> columns) {
        return String.join(", ", columns.keySet());
    }

    /** The language, a line for each part of it. */
    static String[] help() {
        List<String> lines = new ArrayList<>();
        lines.add("terms, all of which must hold, as in");
        lines.add("  kind=websocket liberator=lib-a idle>5m");
        lines.add("words, with = and !=, or a list a,b");
        lines.add("  client     address or network 10.1.0.0/16");
        lines.add("  kind       " + labels(Kind.values(), Kind::label, 0, 4));
        lines.add("             " + labels(Kind.values(), Kind::label, 4, 8));
        lines.add("  phase      " + labels(Phase.values(), Phase::label, 3, 7));
        lines.add("  flow       " + labels(Flow.values(), Flow::label, 0, 3));
        lines.add("  host, sni  a name or *.example.com");
        lines.add("  liberator, listener, route, protocol, id");
        lines.add("numbers, with < and > (also = and !=)");
        MEASURES.forEach((column, measure) -> lines.add(
                String.format(Locale.ROOT, "  %-9s  %s (%s)", column, measure.meaning(), example(measure.unit()))));
        lines.add("order: sort=behind, smallest first: sort=-age");
        return lines.toArray(String[]::new);
    }

    private static <T> String labels(T[] values, Function<T, String> label, int from, int to) {
        return Arrays.stream(values, from, to).map(label).collect(Collectors.joining(", "));
    }

    private static String example(Measure.Unit unit) {
        return switch (unit) {
            case TIME -> "5s, 2m";
            case SIZE -> "64KiB";
            case NUMBER -> "3";
        };
    }
}
