package io.sluice.console.show;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** Prints tables in one format. */
public final class Printer {
    private final PrintWriter out;
    private final Format format;
    private final boolean colours;

    public Printer(PrintWriter out, Format format, boolean colours) {
        this.out = out;
        this.format = format;
        this.colours = colours;
    }

    public void print(Table table) {
        switch (format) {
            case table -> forEyes(table);
            case json -> json(table);
            case csv -> csv(table);
        }
        out.flush();
    }

    /** Lines that are sentences, not a table: in JSON an array of texts. */
    public void print(List<String> lines) {
        if (format == Format.json) {
            StringWriter text = new StringWriter();
            try (JsonGenerator json = generator(text)) {
                json.writeStartArray();
                lines.forEach(json::writeString);
                json.writeEndArray();
            }
            out.println(text);
        } else {
            lines.forEach(out::println);
        }
        out.flush();
    }

    private void forEyes(Table table) {
        if (table.rows().isEmpty()) {
            out.println(table.nothing());
        } else if (table.isOneThing()) {
            int width = table.columns().stream()
                    .mapToInt(each -> each.head().length())
                    .max()
                    .orElse(0);
            for (int i = 0; i < table.columns().size(); i++) {
                Table.Column column = table.columns().get(i);
                String value = column.form().write(table.rows().get(0).get(i));
                out.println(
                        column.head() + " ".repeat(width - column.head().length() + 2) + painted(column, value, value));
            }
        } else {
            aligned(table);
        }
    }

    private void aligned(Table table) {
        List<Table.Column> columns = table.columns();
        List<List<String>> cells = new ArrayList<>();
        for (List<@Nullable Object> row : table.rows()) {
            List<String> written = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                written.add(columns.get(i).form().write(row.get(i)));
            }
            cells.add(written);
        }
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] = Stream.concat(
                            Stream.of(columns.get(i).head()), cells.stream().map(each -> each.get(column)))
                    .mapToInt(String::length)
                    .max()
                    .orElse(0);
        }
        List<String> heads = columns.stream().map(Table.Column::head).toList();
        String head = line(columns, heads, widths, false);
        out.println(colours ? "\u001b[1m" + head + "\u001b[0m" : head);
        cells.forEach(each -> out.println(line(columns, each, widths, true)));
    }

    private String line(List<Table.Column> columns, List<String> cells, int[] widths, boolean paint) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            String padding = " ".repeat(widths[i] - cell.length());
            boolean isLast = i == widths.length - 1;
            String padded = columns.get(i).form().isRight() ? padding + cell : isLast ? cell : cell + padding;
            line.append(i == 0 ? "" : "  ").append(paint ? painted(columns.get(i), cell, padded) : padded);
        }
        return line.toString();
    }

    private String painted(Table.Column column, String word, String padded) {
        return colours && column.form() == Form.STATE ? Colour.of(word).paint(padded) : padded;
    }

    private void json(Table table) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = generator(text)) {
            if (table.isOneThing() && table.rows().size() == 1) {
                object(json, table.columns(), table.rows().get(0));
            } else {
                json.writeStartArray();
                for (List<@Nullable Object> row : table.rows()) {
                    object(json, table.columns(), row);
                }
                json.writeEndArray();
            }
        }
        out.println(text);
    }

    private static JsonGenerator generator(StringWriter text) {
        return new JsonFactory()
                .createGenerator(
                        new ObjectWriteContext.Base() {
                            @Override
                            public DefaultPrettyPrinter getPrettyPrinter() {
                                return new DefaultPrettyPrinter();
                            }
                        },
                        text);
    }

    private static void object(JsonGenerator json, List<Table.Column> columns, List<@Nullable Object> row) {
        json.writeStartObject();
        for (int i = 0; i < columns.size(); i++) {
            json.writeName(columns.get(i).key());
            JsonText.write(json, row.get(i));
        }
        json.writeEndObject();
    }

    private void csv(Table table) {
        record(table.columns().stream().map(Table.Column::key));
        for (List<@Nullable Object> row : table.rows()) {
            List<String> fields = new ArrayList<>();
            for (Object each : row) {
                fields.add(plain(each));
            }
            record(fields.stream());
        }
    }

    private void record(Stream<String> fields) {
        out.print(fields.map(Printer::field).collect(Collectors.joining(",", "", "\r\n")));
    }

    private static String plain(@Nullable Object value) {
        if (value instanceof Object[] list) {
            return Stream.of(list).map(String::valueOf).collect(Collectors.joining(" "));
        } else if (value instanceof Collection<?> list) {
            return list.stream().map(String::valueOf).collect(Collectors.joining(" "));
        }
        return value == null ? "" : value.toString();
    }

    private static String field(String text) {
        boolean quoted = text.chars().anyMatch(each -> each == ',' || each == '"' || each == '\r' || each == '\n');
        return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
