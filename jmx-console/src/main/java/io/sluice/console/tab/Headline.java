package io.sluice.console.tab;

import io.sluice.console.sheet.Figures;
import io.sluice.console.sheet.Tone;
import io.sluice.console.sight.History;
import io.sluice.console.sight.Reading;
import java.awt.Component;
import java.awt.FlowLayout;
import java.awt.Font;
import java.util.ArrayList;
import java.util.List;
import javax.swing.BorderFactory;
import javax.swing.BoxLayout;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JPanel;

/** What stands above the tables: which appliance, what flows through it, how well it is. */
final class Headline {
    private static final int GRAPH_PIXELS = 90;
    private static final int GRAPH_HIGH = 16;
    private static final int GAP = 14;

    private final JPanel panel = new JPanel();

    Headline() {
        panel.setLayout(new BoxLayout(panel, BoxLayout.Y_AXIS));
        panel.setBorder(BorderFactory.createEmptyBorder(4, 0, 4, 0));
    }

    JComponent component() {
        return panel;
    }

    void show(History history) {
        Reading now = history.last();
        if (now == null) {
            return;
        }
        panel.removeAll();
        JPanel first = line();
        first.add(label(
                "Sluice " + now.appliance().text("Version") + ", up " + Figures.uptime(now) + ", table "
                        + now.appliance().text("TableVersion")
                        + role(now.particulars().role()),
                Tone.HEAD));
        Figures.flow(history, now).forEach(each -> add(first, each));
        JPanel second = line();
        Figures.condition(now).forEach(each -> add(second, each));
        panel.add(first);
        panel.add(second);
        panel.revalidate();
        panel.repaint();
    }

    private static String role(String role) {
        return role.isEmpty() ? "" : ", you are " + role;
    }

    /** All texts, from left to right. */
    List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (Component line : panel.getComponents()) {
            for (Component figure : ((JPanel) line).getComponents()) {
                texts.add(
                        figure instanceof JLabel label
                                ? label.getText()
                                : ((JLabel) ((JPanel) figure).getComponent(0)).getText() + " "
                                        + ((JLabel) ((JPanel) figure).getComponent(1)).getText());
            }
        }
        return texts;
    }

    private static JPanel line() {
        return new JPanel(new FlowLayout(FlowLayout.LEFT, GAP, 2));
    }

    private void add(JPanel line, Figures.Figure figure) {
        JPanel both = new JPanel(new FlowLayout(FlowLayout.LEFT, 4, 0));
        both.add(label(figure.name(), Tone.FAINT));
        JLabel value = label(figure.text(), figure.tone());
        value.setFont(value.getFont().deriveFont(Font.BOLD));
        both.add(value);
        double[] series = figure.series();
        if (series != null) {
            JLabel graph = new JLabel();
            graph.setIcon(new Curve(series, GRAPH_PIXELS, GRAPH_HIGH, Paint.of(Tone.GRAPH, panel)));
            both.add(graph);
        }
        line.add(both);
    }

    private JLabel label(String text, Tone tone) {
        JLabel label = new JLabel(text);
        label.setFont(Paint.font(tone, label.getFont()));
        label.setForeground(Paint.of(tone, panel));
        return label;
    }
}
