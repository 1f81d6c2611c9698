package io.sluice.console.tab;

import com.sun.tools.jconsole.JConsoleContext;
import com.sun.tools.jconsole.JConsolePlugin;
import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import io.sluice.console.sight.Sight;
import java.util.Map;
import javax.swing.JPanel;
import javax.swing.SwingUtilities;
import javax.swing.SwingWorker;
import org.jspecify.annotations.Nullable;

/**
 * What JConsole asks for its tab {@code Sluice}; one for each of its connections.
 *
 * <p>JConsole makes the connection, again too after it is lost, and has the tab read at its interval.
 */
public final class SluicePlugin extends JConsolePlugin {
    private static final int READINGS = 600;

    private final Sight sight = new Sight("JConsole", this::connection, READINGS);
    private @Nullable Tab tab;

    /** Called on the thread of Swing, once. */
    @Override
    public synchronized Map<String, JPanel> getTabs() {
        Tab made = new Tab(sight, Question.inADialog());
        tab = made;
        addContextPropertyChangeListener(change -> {
            if (change.getNewValue() == JConsoleContext.ConnectionState.DISCONNECTED) {
                SwingUtilities.invokeLater(made::lost);
            }
        });
        return Map.of("Sluice", made.panel());
    }

    /** Called at each interval, on a thread of JConsole's. */
    @Override
    public synchronized @Nullable SwingWorker<?, ?> newSwingWorker() {
        return tab == null ? null : tab.reading();
    }

    /** Leaves JConsole's connection alone. */
    @Override
    public void dispose() {
        sight.close();
    }

    private Appliance connection() throws Failure {
        JConsoleContext context = getContext();
        if (context == null || context.getConnectionState() != JConsoleContext.ConnectionState.CONNECTED) {
            throw new Failure(Exit.NO_CONNECTION, "JConsole is not connected");
        }
        Appliance appliance = Appliance.over(context.getMBeanServerConnection(), "the other end");
        if (!appliance.bean("Appliance").isThere()) {
            throw new Failure(
                    Exit.REFUSED, "this process is no Sluice appliance: it has no MBean sluice:type=Appliance");
        }
        return appliance;
    }
}
