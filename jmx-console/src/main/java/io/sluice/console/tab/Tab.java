package io.sluice.console.tab;

import io.sluice.console.reach.Failure;
import io.sluice.console.sheet.Sheets;
import io.sluice.console.sheet.Streams;
import io.sluice.console.sheet.Tone;
import io.sluice.console.sight.Acts;
import io.sluice.console.sight.Acts.Pace;
import io.sluice.console.sight.History;
import io.sluice.console.sight.Reading;
import io.sluice.console.sight.RouteLine;
import io.sluice.console.sight.Sight;
import java.awt.BorderLayout;
import java.awt.FlowLayout;
import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JSpinner;
import javax.swing.JSplitPane;
import javax.swing.JTabbedPane;
import javax.swing.JTextField;
import javax.swing.SpinnerNumberModel;
import javax.swing.SwingWorker;

/**
 * All that stands in the tab: figures, the Liberators, and below them streams, routes and what would happen to a
 * request.
 *
 * <p><b>Threading:</b> the thread of Swing, but for {@link #reading}.
 */
final class Tab {
    private static final int MOST_RANK = 5;
    private static final String ONLY_READS = "this connection has the role viewer, which only reads";
    private static final int QUERY_COLUMNS = 34;
    private static final double LIBERATORS_SHARE = 0.38;
    private static final int SPINNER_COLUMNS = 4;
    private static final int PER_SECOND_STEP = 10;
    private static final int SECONDS_STEP = 30;

    private final Sight sight;
    private final Question question;
    private final JPanel panel = new JPanel(new BorderLayout());
    private final Headline headline = new Headline();
    private final SheetTable liberators = new SheetTable("liberators", Sheets.liberators(new History(1)), MOST_RANK);
    private final SheetTable streams = new SheetTable("streams", Sheets.streams(Streams.NONE), MOST_RANK);
    private final SheetTable routes = new SheetTable("routes", Sheets.routes(List.of()), MOST_RANK);
    private final Explanation explanation;
    private final JTextField query = new JTextField(QUERY_COLUMNS);
    private final JLabel queryTrouble = new JLabel();
    private final JLabel message = new JLabel(" ");
    private final JSpinner perSecond =
            number("drain streams a second", Pace.USUAL.perSecond(), 0, Pace.MOST_PER_SECOND, PER_SECOND_STEP);
    private final JSpinner deadlineSeconds =
            number("drain within seconds", Pace.USUAL.deadlineSeconds(), 1, Pace.MOST_SECONDS, SECONDS_STEP);
    private final List<Button> buttons = new ArrayList<>();
    /** Of the streams; read by the readings too. */
    private volatile String asked = "";

    private boolean connected;
    /** Whether the role only reads; the appliance checks each call, whatever is shown here. */
    private boolean onlyReads;

    /** A button for what is done to the selected row of a table. */
    private record Button(JButton button, SheetTable table) {}

    /** What is read beside the figures. */
    private record Lists(Streams streams, List<RouteLine> routes) {}

    Tab(Sight sight, Question question) {
        this.sight = sight;
        this.question = question;
        explanation = new Explanation(sight);
        panel.setBorder(BorderFactory.createEmptyBorder(2, 6, 2, 6));
        JTabbedPane below = new JTabbedPane();
        below.addTab("Streams", streamsPanel());
        below.addTab("Routes", routes.component());
        below.addTab("Explain", explanation.component());
        JSplitPane halves = new JSplitPane(JSplitPane.VERTICAL_SPLIT, liberatorsPanel(), below);
        halves.setResizeWeight(LIBERATORS_SHARE);
        halves.setBorder(BorderFactory.createEmptyBorder());
        message.setName("message");
        message.setBorder(BorderFactory.createEmptyBorder(4, 4, 2, 4));
        panel.add(headline.component(), BorderLayout.NORTH);
        panel.add(halves, BorderLayout.CENTER);
        panel.add(message, BorderLayout.SOUTH);
        enableButtons();
    }

    private JPanel liberatorsPanel() {
        JPanel bar = new JPanel(new FlowLayout(FlowLayout.LEFT));
        bar.add(button(Deed.DRAIN, liberators));
        bar.add(new JLabel("at"));
        bar.add(spinner(perSecond, "streams that a drain ends in a second; 0: all at once"));
        bar.add(new JLabel("/s within"));
        bar.add(spinner(deadlineSeconds, "what is left of a drain then is ended at once"));
        bar.add(new JLabel("s"));
        for (Deed each : List.of(Deed.UNDRAIN, Deed.DISABLE, Deed.ENABLE, Deed.KILL_LIBERATOR)) {
            bar.add(button(each, liberators));
        }
        return titled(bar, liberators);
    }

    private static JSpinner spinner(JSpinner spinner, String tip) {
        ((JSpinner.DefaultEditor) spinner.getEditor()).getTextField().setColumns(SPINNER_COLUMNS);
        spinner.setToolTipText(tip);
        return spinner;
    }

    private static JSpinner number(String name, int usual, int least, int most, int step) {
        JSpinner spinner = new JSpinner(new SpinnerNumberModel(usual, least, most, step));
        spinner.setName(name);
        spinner.getAccessibleContext().setAccessibleName(name);
        return spinner;
    }

    /** As it stands there; what is typed counts without Enter, and what is no number not at all. */
    private Pace pace() {
        for (JSpinner each : List.of(perSecond, deadlineSeconds)) {
            try {
                each.commitEdit();
            } catch (ParseException noNumber) {
                each.getEditor().requestFocusInWindow();
            }
        }
        return new Pace((Integer) perSecond.getValue(), (Integer) deadlineSeconds.getValue());
    }

    private JPanel streamsPanel() {
        JPanel bar = new JPanel(new FlowLayout(FlowLayout.LEFT));
        JLabel label = new JLabel("Query");
        label.setLabelFor(query);
        query.setName("query");
        query.setToolTipText("terms such as kind=websocket idle>5m client=10.1.0.0/16 sort=behind; Enter asks");
        query.addActionListener(entered -> {
            asked = query.getText().strip();
            readLists();
        });
        queryTrouble.setName("query-trouble");
        queryTrouble.setForeground(Paint.of(Tone.BAD, queryTrouble));
        bar.add(label);
        bar.add(query);
        bar.add(button(Deed.KILL, streams));
        bar.add(queryTrouble);
        return titled(bar, streams);
    }

    private static JPanel titled(JPanel bar, SheetTable table) {
        JPanel both = new JPanel(new BorderLayout());
        both.add(bar, BorderLayout.NORTH);
        both.add(table.component(), BorderLayout.CENTER);
        return both;
    }

    private JButton button(Deed deed, SheetTable table) {
        JButton button = new JButton(deed.label() + "...");
        button.setName(deed.act());
        button.setMnemonic(deed.mnemonic());
        button.addActionListener(pressed -> ask(deed, table.selected()));
        table.table().getSelectionModel().addListSelectionListener(changed -> enableButtons());
        buttons.add(new Button(button, table));
        return button;
    }

    private void enableButtons() {
        for (Button each : buttons) {
            each.button()
                    .setEnabled(
                            connected && !onlyReads && !each.table().selected().isEmpty());
            each.button().setToolTipText(onlyReads ? ONLY_READS : null);
        }
        perSecond.setEnabled(!onlyReads);
        deadlineSeconds.setEnabled(!onlyReads);
    }

    JPanel panel() {
        return panel;
    }

    // ---------------------------------------------------------------- reading

    /** Reads once and shows it, when it is executed; may be made on any thread. */
    SwingWorker<?, ?> reading() {
        return new Errand<>(
                () -> {
                    sight.read();
                    return sight.trouble().isEmpty() ? lists() : new Lists(Streams.NONE, List.of());
                },
                this::show,
                this::trouble);
    }

    private void readLists() {
        new Errand<>(this::lists, this::showLists, this::trouble).execute();
    }

    private Lists lists() throws Failure {
        return new Lists(Streams.of(sight.appliance(), asked), RouteLine.of(sight.appliance()));
    }

    private void show(Lists lists) {
        String trouble = sight.trouble();
        if (!trouble.isEmpty()) {
            trouble(trouble);
            return;
        }
        History history = sight.history();
        Reading now = history.last();
        boolean before = onlyReads;
        onlyReads = now != null && now.particulars().onlyReads();
        if (!connected || before != onlyReads) {
            connected = true;
            say(onlyReads ? ONLY_READS : " ", Tone.PLAIN);
        }
        headline.show(history);
        liberators.show(Sheets.liberators(history));
        if (now != null) {
            explanation.offer(now.listeners().keySet());
        }
        showLists(lists);
    }

    private void showLists(Lists lists) {
        streams.show(Sheets.streams(lists.streams()));
        queryTrouble.setText(lists.streams().trouble());
        routes.show(Sheets.routes(lists.routes()));
        enableButtons();
    }

    /** The connection is gone; what was read stays, and says of when it is. */
    void lost() {
        trouble("the connection is lost");
    }

    private void trouble(String sentence) {
        connected = false;
        enableButtons();
        Reading last = sight.history().last();
        String of = last == null
                ? ""
                : "; what stands here is of "
                        + DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT)
                                .withZone(ZoneId.systemDefault())
                                .format(Instant.ofEpochMilli(last.atMillis()));
        say(sentence + of, Tone.BAD);
    }

    // ---------------------------------------------------------------- acts

    private void ask(Deed deed, String target) {
        Pace pace = pace();
        new Errand<>(
                        () -> Acts.would(sight.appliance(), deed.act(), target, pace),
                        would -> confirm(deed, target, pace, would),
                        refused -> say(refused, Tone.BAD))
                .execute();
    }

    private void confirm(Deed deed, String target, Pace pace, String would) {
        if (!question.isWanted(panel, deed.label() + ": " + target, would, deed.label())) {
            say("nothing was changed", Tone.PLAIN);
            return;
        }
        new Errand<>(
                        () -> Acts.run(sight.appliance(), deed.act(), target, pace),
                        done -> {
                            say(done, Tone.HEAD);
                            readLists();
                        },
                        refused -> say(refused, Tone.BAD))
                .execute();
    }

    private void say(String sentence, Tone tone) {
        message.setText(sentence.replace('\n', ' '));
        message.setToolTipText(sentence);
        message.setForeground(Paint.of(tone, panel));
    }
}
