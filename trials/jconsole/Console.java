import java.awt.Component;
import java.awt.Container;
import java.awt.Window;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.swing.JButton;
import javax.swing.JDialog;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JTabbedPane;
import javax.swing.JTable;
import javax.swing.JTree;
import javax.swing.table.DefaultTableModel;
import javax.swing.text.JTextComponent;
import javax.swing.tree.TreeModel;
import javax.swing.tree.TreePath;

/** The JDK's own JConsole in this JVM, used as a person would: by its tree, its tables, its buttons and its dialogs. */
final class Console {
    private final JTree tree;
    private JTable table; // of attributes: JConsole has one for all MBeans; null until it was seen

    private Console(JTree tree) {
        this.tree = tree;
    }

    /**
     * Opens the tab with its MBeans.
     *
     * @param appliance what is given to {@code jconsole}: a process id, or host and port
     * @param plugin the jar of one
     */
    static Console of(String appliance, String plugin) throws Exception {
        sun.tools.jconsole.JConsole.main(new String[] {"-interval=1", "-pluginpath", plugin, appliance});
        JButton insecure = Screen.await(
                JButton.class, each -> each.isEnabled() && String.valueOf(each.getText()).startsWith("Insecure"), "the question whether to connect without TLS");
        Screen.soon(insecure::doClick);
        JTabbedPane tabs = Screen.await(
                JTabbedPane.class,
                each -> each.indexOfTab("MBeans") >= 0 && each.isEnabledAt(each.indexOfTab("MBeans")),
                "tab MBeans");
        Screen.onSwing(() -> {
            tabs.setSelectedIndex(tabs.indexOfTab("MBeans"));
            return null;
        });
        return new Console(Screen.await(JTree.class, each -> true, "tree of MBeans"));
    }

    /** The names below a node of the tree, as soon as it has any. */
    List<String> below(String... path) throws Exception {
        return Screen.await(
                () -> Screen.onSwing(() -> {
                    TreePath at = expanded(path);
                    if (at == null) {
                        return null;
                    }
                    List<String> names = new ArrayList<>();
                    TreeModel model = tree.getModel();
                    Object node = at.getLastPathComponent();
                    for (int i = 0; i < model.getChildCount(node); i++) {
                        names.add(String.valueOf(model.getChild(node, i)));
                    }
                    return names.isEmpty() ? null : names;
                }),
                "tree node " + Arrays.toString(path));
    }

    private void select(String... path) throws Exception {
        Screen.await(
                () -> Screen.onSwing(() -> {
                    TreePath at = expanded(path);
                    if (at != null) {
                        tree.setSelectionPath(at);
                        tree.scrollPathToVisible(at);
                    }
                    return at;
                }),
                "tree node " + Arrays.toString(path));
    }

    private TreePath expanded(String... path) {
        TreeModel model = tree.getModel();
        Object node = model.getRoot();
        TreePath at = new TreePath(node);
        for (String name : path) {
            Object next = null;
            for (int i = 0; i < model.getChildCount(node); i++) {
                if (String.valueOf(model.getChild(node, i)).equals(name)) {
                    next = model.getChild(node, i);
                }
            }
            if (next == null) {
                return null;
            }
            node = next;
            at = at.pathByAddingChild(node);
            tree.expandPath(at); // only then does JConsole make what is below
        }
        return at;
    }

    /**
     * The table of attributes of an MBean, as a person sees it who presses Refresh.
     *
     * <p>Without that it may be old: JConsole keeps the values it has read until its next look at the appliance, and
     * the table keeps its rows until others are there. It is emptied first, so that what it shows then is new.
     */
    Map<String, String> attributes(String... mbean) throws Exception {
        String[] path = Arrays.copyOf(mbean, mbean.length + 1);
        path[mbean.length] = "Attributes";
        if (table != null) {
            emptied(table);
        }
        select(path);
        table = filled(mbean);
        emptied(table);
        JButton refresh = Screen.await(
                JButton.class, each -> "Refresh".equals(each.getText()) && each.isEnabled(), "button Refresh");
        Screen.soon(refresh::doClick);
        table = filled(mbean);
        return Screen.onSwing(() -> {
            Map<String, String> shown = new LinkedHashMap<>();
            for (int row = 0; row < table.getRowCount(); row++) {
                shown.put(String.valueOf(table.getValueAt(row, 0)), String.valueOf(table.getValueAt(row, 1)));
            }
            return shown;
        });
    }

    private static JTable filled(String... mbean) throws Exception {
        return Screen.await(JTable.class, Console::isOfAttributes, "attributes of " + Arrays.toString(mbean));
    }

    private static void emptied(JTable table) throws Exception {
        Screen.onSwing(() -> {
            ((DefaultTableModel) table.getModel()).setRowCount(0);
            return null;
        });
    }

    private static boolean isOfAttributes(JTable table) {
        return table.getColumnCount() == 2 && "Name".equals(table.getColumnName(0)) && table.getRowCount() > 0;
    }

    /** Selects the operations of an MBean; their names in the order shown. */
    List<String> operations(String... mbean) throws Exception {
        String[] path = Arrays.copyOf(mbean, mbean.length + 1);
        path[mbean.length] = "Operations";
        List<String> names = below(path);
        select(path);
        return names.stream().toList();
    }

    /**
     * Fills in the fields of an operation that is shown, presses its button and reads the dialog.
     *
     * @param arguments null leaves a field as JConsole fills it
     */
    String press(String operation, Path picture, String... arguments) throws Exception {
        JButton button = Screen.await(
                JButton.class, each -> operation.equals(each.getText()) && each.isEnabled(), "button " + operation);
        Screen.onSwing(() -> {
            List<JTextComponent> fields = Screen.in(button.getParent(), JTextComponent.class, each -> each.isEditable());
            if (fields.size() != arguments.length) {
                throw new Screen.NotShown(operation + " has " + fields.size() + " fields, not " + arguments.length);
            }
            for (int i = 0; i < arguments.length; i++) {
                if (arguments[i] != null) {
                    fields.get(i).setText(arguments[i]);
                }
            }
            return null;
        });
        Screen.soon(button::doClick);
        JDialog dialog = Screen.await(JDialog.class, each -> each.isShowing(), "dialog of " + operation);
        String text = Screen.onSwing(() -> dialog.getTitle() + "\n" + text(dialog));
        if (picture != null) {
            Screen.picture(dialog, picture);
        }
        close(dialog);
        return text;
    }

    private static String text(Container dialog) {
        StringBuilder text = new StringBuilder();
        Screen.each(dialog, component -> {
            if (component instanceof JLabel label && label.getText() != null) {
                text.append(label.getText()).append('\n');
            } else if (component instanceof JTextComponent area) {
                text.append(area.getText()).append('\n');
            } else if (component instanceof JTable table) {
                for (int row = 0; row < table.getRowCount(); row++) {
                    for (int column = 0; column < table.getColumnCount(); column++) {
                        text.append(table.getValueAt(row, column)).append('\n');
                    }
                }
            }
        });
        return text.toString();
    }

    private static void close(JDialog dialog) throws Exception {
        Screen.onSwing(() -> {
            dialog.dispose();
            return null;
        });
        Screen.await(() -> dialog.isShowing() ? null : dialog, "the dialog gone");
    }

    /** The whole window. */
    void picture(Path file) throws Exception {
        Component frame = Screen.await(JFrame.class, each -> true, "window");
        Screen.picture((Window) frame, file);
    }
}
