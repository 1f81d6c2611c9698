package io.sluice.console.tab;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.tools.jconsole.JConsoleContext;
import com.sun.tools.jconsole.JConsolePlugin;
import io.sluice.console.Credentials;
import io.sluice.console.RunningSluice;
import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Keyboard;
import io.sluice.console.reach.Way;
import io.sluice.console.sight.Sight;
import java.awt.Component;
import java.awt.Container;
import java.beans.PropertyChangeEvent;
import java.beans.PropertyChangeListener;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServerConnection;
import javax.swing.JButton;
import javax.swing.JComboBox;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JSpinner;
import javax.swing.JTable;
import javax.swing.JTextField;
import javax.swing.SwingUtilities;
import javax.swing.SwingWorker;
import javax.swing.text.JTextComponent;
import org.assertj.core.api.ThrowingConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tab in front of a real appliance, without a window: read, sorted, pressed. */
class TabTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static RunningSluice sluice;

    private final Sight sight = new Sight(Way.to(sluice.url()), Keyboard.ofTerminal(), 2000, 100);
    private final List<String> questions = new ArrayList<>();
    private boolean answer;
    private final Tab tab = onSwing(() -> new Tab(sight, (over, title, would, yes) -> {
        questions.add(title + "|" + would + "|" + yes);
        return answer;
    }));

    @BeforeAll
    static void start() throws Exception {
        sluice = RunningSluice.start();
    }

    @AfterAll
    static void stop() throws Exception {
        sluice.close();
    }

    private static <T> T onSwing(Callable<T> work) {
        try {
            FutureTask<T> task = new FutureTask<>(work);
            SwingUtilities.invokeAndWait(task);
            return task.get();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private void read() throws Exception {
        CountDownLatch shown = new CountDownLatch(1);
        var reading = tab.reading();
        reading.addPropertyChangeListener(change -> {
            if (change.getNewValue() == SwingWorker.StateValue.DONE) {
                shown.countDown();
            }
        });
        reading.execute();
        assertThat(shown.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** Reads again and again until it shows what is wanted. */
    private void await(ThrowingConsumer<TabTest> shows) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
            read();
            shows.accept(this);
        });
    }

    private static <T extends Component> T named(JPanel panel, Class<T> type, String name) {
        List<Component> left = new ArrayList<>(List.of(panel));
        while (!left.isEmpty()) {
            Component next = left.remove(0);
            if (type.isInstance(next) && name.equals(next.getName())) {
                return type.cast(next);
            }
            if (next instanceof Container container) {
                left.addAll(List.of(container.getComponents()));
            }
        }
        throw new AssertionError("there is no " + name);
    }

    private List<String> rows(String table) {
        return onSwing(() -> {
            JTable shown = named(tab.panel(), JTable.class, table);
            List<String> rows = new ArrayList<>();
            for (int row = 0; row < shown.getRowCount(); row++) {
                StringBuilder line = new StringBuilder();
                for (int column = 0; column < shown.getColumnCount(); column++) {
                    if (shown.getValueAt(row, column) instanceof io.sluice.console.sheet.Cell cell) {
                        line.append(cell.text()).append(' ');
                    }
                }
                rows.add(line.toString().strip());
            }
            return rows;
        });
    }

    private void select(String table, int row) {
        onSwing(() -> {
            named(tab.panel(), JTable.class, table).setRowSelectionInterval(row, row);
            return "";
        });
    }

    private void press(String button) {
        onSwing(() -> {
            JButton pressed = named(tab.panel(), JButton.class, button);
            assertThat(pressed.isEnabled()).as(button).isTrue();
            pressed.doClick(0);
            return "";
        });
    }

    private boolean isEnabled(String button) {
        return onSwing(() -> named(tab.panel(), JButton.class, button).isEnabled());
    }

    private String message() {
        return onSwing(() -> named(tab.panel(), JLabel.class, "message").getText());
    }

    private void awaitMessage(String text) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(message()).contains(text));
    }

    private static void close(List<Socket> sockets) throws Exception {
        for (Socket each : sockets) {
            each.close();
        }
    }

    @Test
    void tables_sort_by_a_head_and_keep_order_and_selection_when_read_again() throws Exception {
        List<Socket> open = new ArrayList<>(sluice.openStreams(RunningSluice.LIB_A, 1));
        open.addAll(sluice.openStreams(RunningSluice.LIB_B, 2));
        try {
            await(shown -> {
                assertThat(rows("liberators")).hasSize(2);
                assertThat(rows("liberators").get(0)).startsWith("lib-a UP 1 ");
                assertThat(rows("liberators").get(1)).startsWith("lib-b UP 2 ");
                assertThat(rows("streams")).hasSize(3);
                assertThat(rows("routes")).anyMatch(each -> each.startsWith("b.example.com enabled lib-b 0 http"));
            });
            select("liberators", 0);
            onSwing(() -> {
                JTable table = named(tab.panel(), JTable.class, "liberators");
                table.getRowSorter().toggleSortOrder(2);
                table.getRowSorter().toggleSortOrder(2);
                return "";
            });
            assertThat(rows("liberators").get(0)).startsWith("lib-b UP 2 ");
            read();
            assertThat(rows("liberators").get(0)).startsWith("lib-b UP 2 ");
            assertThat(onSwing(
                            () -> named(tab.panel(), JTable.class, "liberators").getSelectedRow()))
                    .isEqualTo(1);
        } finally {
            close(open);
        }
    }

    @Test
    void a_stream_is_found_by_query_and_killed_after_a_question() throws Exception {
        List<Socket> open = sluice.openStreams(RunningSluice.LIB_A, 1);
        List<Socket> others = sluice.openStreams(RunningSluice.LIB_B, 1);
        try {
            read();
            JTextField query = onSwing(() -> named(tab.panel(), JTextField.class, "query"));
            onSwing(() -> {
                query.setText("bike");
                query.postActionEvent();
                return "";
            });
            await(shown -> assertThat(onSwing(() ->
                            named(tab.panel(), JLabel.class, "query-trouble").getText()))
                    .contains("'bike' is no term"));
            onSwing(() -> {
                query.setText("liberator=lib-a");
                query.postActionEvent();
                return "";
            });
            await(shown -> {
                assertThat(rows("streams")).hasSize(1);
                assertThat(rows("streams").get(0))
                        .contains("lib-a 127.0.0.1:" + open.get(0).getLocalPort());
            });
            assertThat(isEnabled("kill")).isFalse();
            select("streams", 0);
            press("kill");
            awaitMessage("nothing was changed");
            assertThat(questions).hasSize(1);
            assertThat(questions.get(0)).contains("1 stream (1 direct) would be ended|Kill");
            read();
            assertThat(rows("streams")).hasSize(1);
            answer = true;
            press("kill");
            awaitMessage("1 ended now");
            await(shown -> assertThat(rows("streams")).isEmpty());
            RunningSluice.assertEnds(open.get(0));
        } finally {
            close(others);
        }
    }

    @Test
    void a_drain_says_how_many_streams_and_is_called_off_again() throws Exception {
        List<Socket> open = sluice.openStreams(RunningSluice.LIB_B, 2);
        await(shown -> assertThat(rows("liberators")).anyMatch(each -> each.startsWith("lib-b UP 2 ")));
        select("liberators", 1);
        answer = true;
        press("drain");
        awaitMessage("streams to end");
        assertThat(questions)
                .containsExactly("Drain: lib-b|lib-b: 2 streams would be ended, 50 a second, all within 300 s; new ones"
                        + " are refused|Drain");
        await(shown -> assertThat(rows("liberators").get(1)).matches("lib-b (DRAINING|DISABLED) .*"));
        for (Socket each : open) {
            RunningSluice.assertEnds(each);
        }
        assertThat(sluice.get("b.example.com", "/")).contains("503");
        press("undrain");
        await(shown -> assertThat(rows("liberators").get(1)).startsWith("lib-b UP 0 "));
        assertThat(sluice.get("b.example.com", "/")).contains("200");
    }

    private JSpinner spinner(String name) {
        return onSwing(() -> named(tab.panel(), JSpinner.class, name));
    }

    @Test
    void a_drain_goes_as_fast_as_it_is_told_and_asks_so() throws Exception {
        read();
        select("liberators", 1);
        assertThat(spinner("drain streams a second").getValue()).isEqualTo(50);
        assertThat(spinner("drain within seconds").getValue()).isEqualTo(300);
        onSwing(() -> {
            spinnerText("drain streams a second").setText("7");
            named(tab.panel(), JSpinner.class, "drain within seconds").setValue(12);
            return "";
        });
        press("drain");
        awaitMessage("nothing was changed");
        assertThat(questions)
                .containsExactly(
                        "Drain: lib-b|lib-b: 0 streams would be ended, 7 a second, all within 12 s; new ones are refused|Drain");
        answer = true;
        press("drain");
        awaitMessage("7 a second, what is left after 12 s is ended then");
        press("undrain");
        await(shown -> assertThat(rows("liberators").get(1)).startsWith("lib-b UP 0 "));
    }

    @Test
    void a_viewers_buttons_are_off_and_say_why(@TempDir Path folder) throws Exception {
        Credentials.users(folder);
        try (RunningSluice guarded =
                RunningSluice.start(folder, ", tls: { chain: server.pem, key: server.key }, users: jmx.users")) {
            for (String user : List.of("vic", "olga")) {
                Way way = new Way(
                        "dmz-a",
                        guarded.url(),
                        null,
                        null,
                        user,
                        folder.resolve(user + ".pw"),
                        folder.resolve("server.pem"),
                        null,
                        null,
                        false);
                try (Sight as = new Sight(way, Keyboard.ofTerminal(), 5000, 10)) {
                    Tab seen = onSwing(() -> new Tab(as, Question.inADialog()));
                    seen.reading().execute();
                    JTable liberators = onSwing(() -> named(seen.panel(), JTable.class, "liberators"));
                    Awaitility.await().atMost(PATIENCE).until(() -> onSwing(liberators::getRowCount) == 2);
                    JButton drain = onSwing(() -> {
                        liberators.setRowSelectionInterval(0, 0);
                        return named(seen.panel(), JButton.class, "drain");
                    });
                    boolean operator = user.equals("olga");
                    boolean enabled = onSwing(drain::isEnabled);
                    assertThat(enabled).as(user).isEqualTo(operator);
                    String tip = onSwing(() -> drain.getToolTipText());
                    assertThat(tip)
                            .isEqualTo(operator ? null : "this connection has the role viewer, which only reads");
                    assertThat(onSwing(() ->
                                    named(seen.panel(), JLabel.class, "message").getText()))
                            .isEqualTo(operator ? " " : "this connection has the role viewer, which only reads");
                }
            }
        }
    }

    /** As it is typed, without Enter. */
    private JTextField spinnerText(String name) {
        JSpinner spinner = named(tab.panel(), JSpinner.class, name);
        return ((JSpinner.DefaultEditor) spinner.getEditor()).getTextField();
    }

    @Test
    void a_request_is_explained() throws Exception {
        read();
        onSwing(() -> {
            JComboBox<?> listener = named(tab.panel(), JComboBox.class, "Listener");
            listener.setSelectedItem("http");
            named(tab.panel(), JTextField.class, "Host").setText("b.example.com");
            named(tab.panel(), JTextField.class, "Client").setText("203.0.113.7");
            named(tab.panel(), JButton.class, "explain").doClick(0);
            return "";
        });
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(onSwing(() -> named(tab.panel(), JTextComponent.class, "explanation")
                                .getText()))
                        .contains("203.0.113.7", "goes to Liberator 'lib-b'"));
        read();
        assertThat(onSwing(() -> named(tab.panel(), JComboBox.class, "Listener").getSelectedItem()))
                .isEqualTo("http");
    }

    @Test
    void a_lost_connection_is_said_and_a_new_one_goes_on() throws Exception {
        read();
        select("liberators", 0);
        assertThat(isEnabled("drain")).isTrue();
        sluice.stop();
        read();
        assertThat(message()).contains("what stands here is of ");
        assertThat(isEnabled("drain")).isFalse();
        assertThat(rows("liberators")).hasSize(2);
        sluice.run();
        await(shown -> assertThat(message()).isBlank());
        assertThat(isEnabled("drain")).isTrue();
    }

    // ---------------------------------------------------------------- as JConsole has it

    /** A connection as JConsole offers it to its plugins. */
    private static final class Context implements JConsoleContext {
        private final List<PropertyChangeListener> listeners = new ArrayList<>();
        private final MBeanServerConnection connection;
        private ConnectionState state = ConnectionState.CONNECTED;

        Context(MBeanServerConnection connection) {
            this.connection = connection;
        }

        void lose() {
            state = ConnectionState.DISCONNECTED;
            for (PropertyChangeListener each : listeners) {
                each.propertyChange(
                        new PropertyChangeEvent(this, CONNECTION_STATE_PROPERTY, ConnectionState.CONNECTED, state));
            }
        }

        @Override
        public MBeanServerConnection getMBeanServerConnection() {
            return connection;
        }

        @Override
        public ConnectionState getConnectionState() {
            return state;
        }

        @Override
        public void addPropertyChangeListener(PropertyChangeListener listener) {
            listeners.add(listener);
        }

        @Override
        public void removePropertyChangeListener(PropertyChangeListener listener) {
            listeners.remove(listener);
        }
    }

    @Test
    void jconsole_finds_it_and_a_process_that_is_no_appliance_is_told_from_one() throws Exception {
        JConsolePlugin plugin = ServiceLoader.load(JConsolePlugin.class).stream()
                .filter(each -> each.type() == SluicePlugin.class)
                .findFirst()
                .orElseThrow()
                .get();
        Context context = new Context(ManagementFactory.getPlatformMBeanServer());
        plugin.setContext(context);
        assertThat(plugin.newSwingWorker()).isNull();
        JPanel panel = onSwing(plugin::getTabs).get("Sluice");
        JLabel message = onSwing(() -> named(panel, JLabel.class, "message"));
        var reading = plugin.newSwingWorker();
        reading.execute();
        reading.get();
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(onSwing(message::getText)).contains("is no Sluice appliance"));
        context.lose();
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(onSwing(message::getText)).isEqualTo("the connection is lost"));
        plugin.dispose();
    }

    @Test
    void somebody_elses_connection_stays_open() throws Exception {
        try (Appliance appliance = Appliance.over(ManagementFactory.getPlatformMBeanServer(), "the other end")) {
            assertThat(appliance.beans("java.lang:type=Runtime")).hasSize(1);
        }
        assertThat(ManagementFactory.getPlatformMBeanServer().getMBeanCount()).isPositive();
    }
}
