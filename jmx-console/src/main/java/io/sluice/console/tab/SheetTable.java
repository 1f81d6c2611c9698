package io.sluice.console.tab;

import io.sluice.console.sheet.Cell;
import io.sluice.console.sheet.Sheet;
import io.sluice.console.sheet.Tone;
import java.awt.Component;
import java.awt.Dimension;
import java.awt.Insets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.swing.BorderFactory;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JScrollPane;
import javax.swing.JTable;
import javax.swing.ListSelectionModel;
import javax.swing.SwingConstants;
import javax.swing.border.Border;
import javax.swing.table.AbstractTableModel;
import javax.swing.table.DefaultTableCellRenderer;
import javax.swing.table.TableCellRenderer;
import javax.swing.table.TableColumn;
import javax.swing.table.TableRowSorter;

/**
 * A sheet in a window: sorted by a click on a head, with one row selected, both of which stay when it is read again.
 *
 * <p><b>Threading:</b> the thread of Swing.
 */
final class SheetTable {
    private static final int ROW_PIXELS = 22;
    private static final int MARGIN_PIXELS = 4;
    /** Of the arrow in the head by which the table is sorted. */
    private static final int ARROW_PIXELS = 14;

    private static final Border SIDES = BorderFactory.createEmptyBorder(0, 7, 0, 7);
    private static final int GRAPH_PIXELS = 120;
    /** Names and numbers; only graphs take what is left. */
    private static final Comparator<Cell> ORDER =
            Comparator.comparingDouble(Cell::order).thenComparing(Cell::text);

    private final Model model;
    private final JTable table;
    private final JScrollPane pane;
    /** Of the columns, in pixels. */
    private final int[] widths;

    /**
     * Without rows yet.
     *
     * @param sheet its columns
     * @param mostRank columns of a higher rank are left out
     */
    SheetTable(String name, Sheet sheet, int mostRank) {
        model = new Model(sheet, mostRank);
        widths = new int[model.getColumnCount()];
        table = new JTable(model);
        table.setName(name);
        table.getAccessibleContext().setAccessibleName(name);
        table.setSelectionMode(ListSelectionModel.SINGLE_SELECTION);
        table.setRowHeight(ROW_PIXELS);
        table.setShowGrid(false);
        table.setIntercellSpacing(new Dimension(0, 0));
        table.setFillsViewportHeight(true);
        table.getTableHeader().setReorderingAllowed(false);
        table.setDefaultRenderer(Cell.class, new CellRenderer());
        table.setDefaultRenderer(Sheet.Row.class, new GraphRenderer());
        TableRowSorter<Model> sorter = new TableRowSorter<>(model);
        TableCellRenderer head = table.getTableHeader().getDefaultRenderer();
        for (int i = 0; i < model.getColumnCount(); i++) {
            if (model.isGraph(i)) {
                sorter.setSortable(i, false);
            } else {
                sorter.setComparator(i, ORDER);
            }
            table.getColumnModel().getColumn(i).setHeaderRenderer(aligned(head, model.alignment(i)));
        }
        table.setRowSorter(sorter);
        pane = new JScrollPane(table);
        pane.setBorder(BorderFactory.createEmptyBorder());
        fit();
    }

    private static TableCellRenderer aligned(TableCellRenderer head, int alignment) {
        return (table, value, selected, focused, row, column) -> {
            Component shown = head.getTableCellRendererComponent(table, value, selected, focused, row, column);
            if (shown instanceof JLabel label) {
                label.setHorizontalAlignment(alignment);
                label.setBorder(BorderFactory.createCompoundBorder(label.getBorder(), SIDES));
            }
            return shown;
        };
    }

    JComponent component() {
        return pane;
    }

    JTable table() {
        return table;
    }

    /** Other rows, in the same columns. */
    void show(Sheet sheet) {
        String key = selected();
        model.show(sheet);
        for (int i = 0; i < model.rows.size(); i++) {
            if (!key.isEmpty() && model.rows.get(i).key().equals(key)) {
                int row = table.convertRowIndexToView(i);
                table.setRowSelectionInterval(row, row);
            }
        }
        fit();
    }

    /** What the selected row is about; empty: none is. */
    String selected() {
        int row = table.getSelectedRow();
        return row < 0 ? "" : model.rows.get(table.convertRowIndexToModel(row)).key();
    }

    /** Columns become as wide as what stands in them, and never narrower again, so that nothing jumps. */
    private void fit() {
        for (int i = 0; i < model.getColumnCount(); i++) {
            TableColumn column = table.getColumnModel().getColumn(i);
            if (model.isGraph(i)) {
                column.setPreferredWidth(GRAPH_PIXELS);
                continue;
            }
            int head = width(column.getHeaderRenderer(), model.getColumnName(i), -1, i) + ARROW_PIXELS;
            int widest = Math.max(widths[i], head);
            for (int row = 0; row < model.getRowCount(); row++) {
                Object value = model.getValueAt(row, i);
                widest = Math.max(widest, width(table.getDefaultRenderer(Cell.class), value, row, i));
            }
            if (widest > widths[i]) {
                widths[i] = widest;
                column.setPreferredWidth(widest);
                if (model.hasGraph()) {
                    column.setMaxWidth(widest * 2); // what is left is the graph's
                }
            }
        }
    }

    private int width(TableCellRenderer renderer, Object value, int row, int column) {
        return renderer.getTableCellRendererComponent(table, value, false, false, row, column)
                        .getPreferredSize()
                        .width
                + MARGIN_PIXELS;
    }

    /** The columns of a sheet that are shown, and its graph behind them. */
    private static final class Model extends AbstractTableModel {
        private static final long serialVersionUID = 1;

        private final transient List<Sheet.Field> fields;
        private final transient List<Integer> columns = new ArrayList<>();
        private final String graph;
        private transient List<Sheet.Row> rows;

        Model(Sheet sheet, int mostRank) {
            fields = sheet.fields();
            graph = sheet.graph();
            rows = sheet.rows();
            for (int i = 0; i < fields.size(); i++) {
                if (fields.get(i).rank() <= mostRank) {
                    columns.add(i);
                }
            }
        }

        void show(Sheet sheet) {
            rows = sheet.rows();
            fireTableDataChanged();
        }

        boolean hasGraph() {
            return !graph.isEmpty();
        }

        boolean isGraph(int column) {
            return column == columns.size();
        }

        int alignment(int column) {
            return !isGraph(column) && fields.get(columns.get(column)).right()
                    ? SwingConstants.RIGHT
                    : SwingConstants.LEFT;
        }

        @Override
        public int getRowCount() {
            return rows.size();
        }

        @Override
        public int getColumnCount() {
            return columns.size() + (hasGraph() ? 1 : 0);
        }

        @Override
        public String getColumnName(int column) {
            return isGraph(column) ? graph : fields.get(columns.get(column)).head();
        }

        @Override
        public Class<?> getColumnClass(int column) {
            return isGraph(column) ? Sheet.Row.class : Cell.class;
        }

        @Override
        public Object getValueAt(int row, int column) {
            Sheet.Row shown = rows.get(row);
            return isGraph(column) ? shown : shown.cells().get(columns.get(column));
        }
    }

    /** A cell in its tone. */
    private static final class CellRenderer implements TableCellRenderer {
        private final DefaultTableCellRenderer label = new DefaultTableCellRenderer();

        @Override
        public Component getTableCellRendererComponent(
                JTable table, Object value, boolean selected, boolean focused, int row, int column) {
            Cell cell = (Cell) value;
            striped(label, table, cell.text(), selected, row, column);
            Model model = (Model) table.getModel();
            label.setHorizontalAlignment(model.alignment(table.convertColumnIndexToModel(column)));
            label.setFont(Paint.font(cell.tone(), table.getFont()));
            if (!selected) {
                label.setForeground(Paint.of(cell.tone(), table));
            }
            return label;
        }
    }

    /** The graph of a row. */
    private static final class GraphRenderer implements TableCellRenderer {
        private final DefaultTableCellRenderer label = new DefaultTableCellRenderer();

        @Override
        public Component getTableCellRendererComponent(
                JTable table, Object value, boolean selected, boolean focused, int row, int column) {
            striped(label, table, "", selected, row, column);
            Insets sides = SIDES.getBorderInsets(label);
            int width = table.getColumnModel().getColumn(column).getWidth() - sides.left - sides.right;
            double[] series = ((Sheet.Row) value).series();
            label.setIcon(new Curve(series, Math.max(1, width), ROW_PIXELS - 4, Paint.of(Tone.GRAPH, label)));
            return label;
        }
    }

    private static void striped(
            DefaultTableCellRenderer label, JTable table, String text, boolean selected, int row, int column) {
        label.getTableCellRendererComponent(table, text, selected, false, row, column);
        label.setBorder(SIDES);
        if (!selected) {
            label.setBackground(row % 2 == 0 ? table.getBackground() : Paint.zebra(table.getBackground()));
        }
    }
}
