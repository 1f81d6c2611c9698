package io.sluice.console.tab;

import io.sluice.console.sight.Sight;
import io.sluice.console.sight.WhatIf;
import java.awt.BorderLayout;
import java.awt.Component;
import java.awt.FlowLayout;
import java.awt.Font;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.swing.BorderFactory;
import javax.swing.DefaultComboBoxModel;
import javax.swing.JButton;
import javax.swing.JComboBox;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.JTextArea;
import javax.swing.JTextField;

/** What would happen to a request, step by step. */
final class Explanation {
    private static final int HOST_COLUMNS = 20;
    private static final int PATH_COLUMNS = 12;
    private static final int TEXT_PIXELS = 13;

    private final Sight sight;
    private final JPanel panel = new JPanel(new BorderLayout());
    private final JComboBox<String> listener = new JComboBox<>();
    private final JTextField host = new JTextField(HOST_COLUMNS);
    private final JTextField path = new JTextField("/", PATH_COLUMNS);
    private final JTextField serverName = new JTextField(PATH_COLUMNS);
    private final JTextField client = new JTextField(PATH_COLUMNS);
    private final JTextArea text = new JTextArea();

    Explanation(Sight sight) {
        this.sight = sight;
        JPanel form = new JPanel(new FlowLayout(FlowLayout.LEFT));
        add(form, "Listener", listener);
        add(form, "Host", host);
        add(form, "Path", path);
        add(form, "TLS server name", serverName);
        add(form, "Client", client);
        client.setToolTipText("its address; empty: nobody's in particular");
        JButton explain = new JButton("Explain");
        explain.setName("explain");
        explain.addActionListener(pressed -> ask());
        for (JTextField each : List.of(host, path, serverName, client)) {
            each.addActionListener(entered -> ask());
        }
        form.add(explain);
        text.setName("explanation");
        text.setEditable(false);
        text.setFont(new Font(Font.MONOSPACED, Font.PLAIN, TEXT_PIXELS));
        text.setBorder(BorderFactory.createEmptyBorder(6, 8, 6, 8));
        JScrollPane pane = new JScrollPane(text);
        pane.setBorder(BorderFactory.createEmptyBorder());
        panel.add(form, BorderLayout.NORTH);
        panel.add(pane, BorderLayout.CENTER);
    }

    private static void add(JPanel form, String name, Component field) {
        JLabel label = new JLabel(name);
        label.setLabelFor(field);
        field.setName(name);
        form.add(label);
        form.add(field);
    }

    JComponent component() {
        return panel;
    }

    /** The listeners that there are; the chosen one stays. */
    void offer(Collection<String> listeners) {
        List<String> offered = new ArrayList<>();
        for (int i = 0; i < listener.getItemCount(); i++) {
            offered.add(listener.getItemAt(i));
        }
        if (!offered.equals(List.copyOf(listeners))) {
            Object chosen = listener.getSelectedItem();
            listener.setModel(new DefaultComboBoxModel<>(listeners.toArray(String[]::new)));
            if (chosen != null && listeners.contains(chosen.toString())) {
                listener.setSelectedItem(chosen);
            }
        }
    }

    private void ask() {
        Object through = listener.getSelectedItem();
        WhatIf asked = new WhatIf(
                through == null ? "" : through.toString(),
                serverName.getText().strip(),
                host.getText().strip(),
                path.getText().strip(),
                client.getText().strip(),
                "",
                false);
        new Errand<>(() -> String.join("\n", asked.explained(sight.appliance())), this::show, this::show).execute();
    }

    private void show(String answer) {
        text.setText(answer);
        text.setCaretPosition(0);
    }
}
