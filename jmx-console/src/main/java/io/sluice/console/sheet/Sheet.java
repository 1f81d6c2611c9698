package io.sluice.console.sheet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** A table: columns of which as many are shown as fit, and rows that can be selected. */
public final class Sheet {
    /**
     * A column.
     *
     * @param head its head
     * @param rank which go first where there is no room: the highest
     * @param right whether it stands on the right, as numbers do
     */
    public record Field(String head, int rank, boolean right) {}

    /**
     * A row.
     *
     * @param key what it is about, for what is done with it
     * @param series what its graph shows; empty: none
     */
    @SuppressWarnings("ArrayRecordComponent") // rows are painted, never compared
    public record Row(String key, List<Cell> cells, double[] series) {}

    private final List<Field> fields = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private String graph = "";

    Sheet text(String head, int rank) {
        fields.add(new Field(head, rank, false));
        return this;
    }

    Sheet number(String head, int rank) {
        fields.add(new Field(head, rank, true));
        return this;
    }

    /** What is left of the width shows a graph of this. */
    Sheet graph(String head) {
        graph = head;
        return this;
    }

    void row(String key, Cell... cells) {
        row(key, new double[0], cells);
    }

    void row(String key, double[] series, Cell... cells) {
        if (cells.length != fields.size()) {
            throw new IllegalArgumentException(cells.length + " cells in " + fields.size() + " columns");
        }
        rows.add(new Row(key, List.of(cells), series));
    }

    /** By the column of this number, counted round; negative: as they came. Names upwards, numbers downwards. */
    public void sort(int column, boolean reversed) {
        if (column < 0 || rows.isEmpty()) {
            return;
        }
        int index = column % fields.size();
        boolean byText = rows.stream()
                .anyMatch(each -> Double.isNaN(each.cells().get(index).order()));
        Comparator<Row> order = byText
                ? Comparator.comparing(each -> each.cells().get(index).text())
                : Comparator.comparingDouble(
                                (Row each) -> each.cells().get(index).order())
                        .reversed();
        rows.sort(reversed ? order.reversed() : order);
    }

    /** Keeps the rows in which a cell has this text. */
    public void filter(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        rows.removeIf(row -> row.cells().stream()
                .noneMatch(each -> each.text().toLowerCase(Locale.ROOT).contains(lower)));
    }

    public List<Field> fields() {
        return fields;
    }

    public List<Row> rows() {
        return rows;
    }

    public String graph() {
        return graph;
    }
}
