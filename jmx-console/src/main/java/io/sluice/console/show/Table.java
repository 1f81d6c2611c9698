package io.sluice.console.show;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a command found: columns with a name for programs and a head for eyes, and rows of values. */
public final class Table {
    /**
     * A column.
     *
     * @param key its name in JSON and CSV, with its unit
     * @param head its head for eyes
     */
    public record Column(String key, String head, Form form) {}

    private final List<Column> columns;
    private final List<List<@Nullable Object>> rows = new ArrayList<>();
    private boolean isOneThing;
    private String nothing = "none";

    public Table(Column... columns) {
        this(List.of(columns));
    }

    public Table(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    public static Column column(String key, String head, Form form) {
        return new Column(key, head, form);
    }

    /** A column of text whose head is its key. */
    public static Column column(String key) {
        return new Column(key, key, Form.TEXT);
    }

    public Table row(@Nullable Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(values.length + " values in " + columns.size() + " columns");
        }
        rows.add(new ArrayList<>(Arrays.asList(values)));
        return this;
    }

    /** Shown as a name and a value on each line, in JSON as one object instead of an array. */
    public Table oneThing() {
        isOneThing = true;
        return this;
    }

    /** What is said to eyes where there are no rows. */
    public Table orSay(String sentence) {
        nothing = sentence;
        return this;
    }

    /**
     * A table that came as padded lines, the first its head, with at least two spaces between columns, as MBeans show
     * them.
     */
    public static Table ofLines(List<String> lines) {
        if (lines.isEmpty()) {
            return new Table(column("line"));
        }
        String[] heads = lines.get(0).strip().split(" {2,}");
        Table table = new Table(Arrays.stream(heads)
                .map(each -> column(camel(each), each, Form.TEXT))
                .toList());
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.strip().split(" {2,}", heads.length);
            Object[] row = new Object[heads.length];
            Arrays.fill(row, "");
            System.arraycopy(cells, 0, row, 0, cells.length);
            table.row(row);
        }
        return table;
    }

    private static String camel(String head) {
        StringBuilder key = new StringBuilder();
        boolean upper = false;
        for (int i = 0; i < head.length(); i++) {
            char each = head.charAt(i);
            if (!Character.isLetterOrDigit(each)) {
                upper = key.length() > 0;
            } else {
                key.append(upper ? Character.toUpperCase(each) : each);
                upper = false;
            }
        }
        return key.toString();
    }

    /** The rows of several, each behind what it is of: {@code key} is the name of that column. */
    public static Table joined(String key, Map<String, Table> tables) {
        List<Column> columns = new ArrayList<>(List.of(column(key)));
        Map<String, Column> all = new LinkedHashMap<>();
        tables.values().forEach(each -> each.columns.forEach(column -> all.putIfAbsent(column.key, column)));
        columns.addAll(all.values());
        Table joined = new Table(columns);
        tables.forEach((name, table) -> {
            for (List<@Nullable Object> row : table.rows) {
                List<@Nullable Object> wide = new ArrayList<>();
                wide.add(name);
                all.keySet().forEach(each -> wide.add(table.value(row, each)));
                joined.rows.add(wide);
            }
        });
        return joined;
    }

    private @Nullable Object value(List<@Nullable Object> row, String key) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).key.equals(key)) {
                return row.get(i);
            }
        }
        return null;
    }

    List<Column> columns() {
        return columns;
    }

    List<List<@Nullable Object>> rows() {
        return rows;
    }

    boolean isOneThing() {
        return isOneThing;
    }

    String nothing() {
        return nothing;
    }
}
