import java.awt.Component;
import java.awt.Window;
import java.awt.event.MouseEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.swing.JButton;
import javax.swing.JDialog;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JOptionPane;
import javax.swing.JSpinner;
import javax.swing.JTabbedPane;
import javax.swing.JTable;
import javax.swing.text.JTextComponent;

/** The tab Sluice in JConsole, used as a person would: by its tables, its buttons and its questions. */
final class SluiceTab {
    private static final int WIDE = 1240;
    private static final int HIGH = 780;
    private static final int TOGGLE_FROM_RIGHT = 16;

    private final JTabbedPane jconsole;

    private SluiceTab(JTabbedPane jconsole) {
        this.jconsole = jconsole;
    }

    static SluiceTab open() throws Exception {
        JFrame frame = Screen.await(JFrame.class, each -> true, "window");
        JTabbedPane tabs = Screen.await(JTabbedPane.class, each -> each.indexOfTab("Sluice") >= 0, "tab Sluice");
        Screen.onSwing(() -> {
            frame.setSize(WIDE, HIGH);
            frame.validate();
            tabs.setSelectedIndex(tabs.indexOfTab("Sluice"));
            return null;
        });
        return new SluiceTab(tabs);
    }

    /** One of the tabs within. */
    void choose(String name) throws Exception {
        JTabbedPane inner = Screen.await(JTabbedPane.class, each -> each.indexOfTab(name) >= 0, "tab " + name);
        Screen.onSwing(() -> {
            inner.setSelectedIndex(inner.indexOfTab(name));
            return null;
        });
    }

    private static <T extends Component> T named(Class<T> type, String name) throws Exception {
        return Screen.await(type, each -> name.equals(each.getName()), name);
    }

    /** What stands in a table, each row's first columns with a space between them. */
    List<String> rows(String table, int columns) throws Exception {
        JTable shown = named(JTable.class, table);
        return Screen.onSwing(() -> {
            List<String> rows = new ArrayList<>();
            for (int row = 0; row < shown.getRowCount(); row++) {
                rows.add(row(shown, row, columns));
            }
            return rows;
        });
    }

    private static String row(JTable shown, int row, int columns) {
        List<String> cells = new ArrayList<>();
        for (int column = 0; column < columns; column++) {
            Component cell = shown.prepareRenderer(shown.getCellRenderer(row, column), row, column);
            cells.add(((JLabel) cell).getText());
        }
        return String.join(" ", cells);
    }

    /** The row that is selected, as {@link #rows} has it. */
    String selected(String table, int columns) throws Exception {
        JTable shown = named(JTable.class, table);
        return Screen.await(
                () -> Screen.onSwing(() -> {
                    int at = shown.getSelectedRow();
                    return at < 0 ? null : row(shown, at, columns);
                }),
                "a selected row in table " + table);
    }

    /** Waits for rows that match, in their order. */
    void shows(String table, String... patterns) throws Exception {
        Screen.await(
                () -> {
                    List<String> rows = rows(table, 3);
                    if (rows.size() != patterns.length) {
                        return null;
                    }
                    for (int i = 0; i < patterns.length; i++) {
                        if (!rows.get(i).matches(patterns[i])) {
                            return null;
                        }
                    }
                    return rows;
                },
                "table " + table + " with rows " + List.of(patterns) + ", but " + rows(table, 3));
    }

    void select(String table, int row) throws Exception {
        JTable shown = named(JTable.class, table);
        Screen.onSwing(() -> {
            shown.setRowSelectionInterval(row, row);
            return null;
        });
    }

    void clickHead(String table, int column) throws Exception {
        JTable shown = named(JTable.class, table);
        Component head = shown.getTableHeader();
        int across = Screen.onSwing(() -> shown.getTableHeader().getHeaderRect(column).x + 10);
        click(head, across, 5);
    }

    private static void click(Component on, int across, int down) throws Exception {
        for (int kind : new int[] {MouseEvent.MOUSE_PRESSED, MouseEvent.MOUSE_RELEASED, MouseEvent.MOUSE_CLICKED}) {
            Screen.onSwing(() -> {
                on.dispatchEvent(new MouseEvent(
                        on,
                        kind,
                        System.currentTimeMillis(),
                        MouseEvent.BUTTON1_DOWN_MASK,
                        across,
                        down,
                        1,
                        false,
                        MouseEvent.BUTTON1));
                return null;
            });
        }
    }

    /** Presses a button, and a button of the question that follows; what the question says. */
    String press(String button, String answer, Path picture) throws Exception {
        JButton pressed =
                Screen.await(JButton.class, each -> button.equals(each.getName()) && each.isEnabled(), button);
        Screen.soon(pressed::doClick);
        JDialog dialog = Screen.await(JDialog.class, each -> each.isShowing(), "question of " + button);
        JOptionPane question = Screen.await(JOptionPane.class, dialog::isAncestorOf, "question of " + button);
        String said = Screen.onSwing(() -> dialog.getTitle() + "\n" + question.getMessage());
        if (picture != null) {
            Screen.picture(dialog, picture);
        }
        JButton yesOrNo = Screen.await(
                JButton.class,
                each -> dialog.isAncestorOf(each) && answer.equals(each.getText()),
                "answer " + answer);
        Screen.soon(yesOrNo::doClick);
        Screen.await(() -> dialog.isShowing() ? null : dialog, "the question gone");
        return said;
    }

    /** Types into a field of a number, without Enter. */
    void type(String spinner, String text) throws Exception {
        JSpinner shown = named(JSpinner.class, spinner);
        Screen.onSwing(() -> {
            ((JSpinner.DefaultEditor) shown.getEditor()).getTextField().setText(text);
            return null;
        });
    }

    /** Waits for a sentence in the line at the bottom. */
    void says(String text) throws Exception {
        JLabel message = named(JLabel.class, "message");
        Screen.await(
                () -> Screen.onSwing(message::getText).contains(text) ? text : null,
                "'" + text + "', but '" + Screen.onSwing(message::getText) + "'");
    }

    String explain(String host) throws Exception {
        JTextComponent field = named(JTextComponent.class, "Host");
        JTextComponent answer = named(JTextComponent.class, "explanation");
        JButton explain = named(JButton.class, "explain");
        Screen.onSwing(() -> {
            field.setText(host);
            explain.doClick();
            return null;
        });
        return Screen.await(
                () -> {
                    String text = Screen.onSwing(answer::getText);
                    return text.isEmpty() ? null : text;
                },
                "an explanation");
    }

    /** Clicks on JConsole's own sign of the connection: cuts it, or makes it again. */
    void toggleConnection() throws Exception {
        int down = Screen.onSwing(() -> jconsole.getComponentAt(jconsole.getSelectedIndex()).getY() / 2);
        click(jconsole, Screen.onSwing(jconsole::getWidth) - TOGGLE_FROM_RIGHT, down);
    }

    void picture(Path file) throws Exception {
        Window frame = Screen.await(JFrame.class, each -> true, "window");
        Screen.picture(frame, file);
    }
}
