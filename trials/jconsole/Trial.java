import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An operator at JConsole: reads every MBean of an appliance, asks what would happen to a request, adds and removes a
 * route, drains a Liberator and takes it back, and presses buttons with fields not filled in or filled in wrongly; and
 * does the same in the tab of Sluice's own.
 *
 * <p>Arguments: process id, or host and port, of an appliance with the listener {@code plain}, the Liberators
 * {@code lib-a} and {@code lib-b} and the route {@code a.example.com}, {@code direct-a} among its listeners; folder for
 * pictures; the jar of the console; and {@code elsewhere} when only its management can be reached from here.
 */
final class Trial {
    private static final String DOMAIN = "sluice";

    private final Console console;
    private final Path pictures;
    private final List<String> problems = new ArrayList<>();

    private Trial(Console console, Path pictures) {
        this.console = console;
        this.pictures = pictures;
    }

    public static void main(String[] arguments) throws Exception {
        long started = System.nanoTime();
        Path pictures = Files.createDirectories(Path.of(arguments[1]));
        int exit = 1;
        try {
            Trial trial = new Trial(Console.of(arguments[0], arguments[2]), pictures);
            trial.run(List.of(arguments).contains("elsewhere"));
            trial.problems.forEach(each -> System.out.println("FAILED " + each));
            exit = trial.problems.isEmpty() ? 0 : 1;
        } catch (Screen.NotShown missing) {
            System.out.println("FAILED " + missing.getMessage());
        }
        System.out.printf("jconsole: %s in %d ms%n", exit == 0 ? "ok" : "failed", (System.nanoTime() - started) / 1_000_000);
        System.exit(exit); // JConsole's windows would keep the process
    }

    private void run(boolean elsewhere) throws Exception {
        everyMBeanIsReadable();
        aRequestIsExplained();
        aFieldThatIsNotFilledInIsRefused(); // first: a field keeps what was typed
        aRouteComesAndGoes();
        aLiberatorIsDrainedAndTakenBack();
        if (!elsewhere) {
            streamsAreSeenAndSteeredInTheTab();
        }
    }

    private void everyMBeanIsReadable() throws Exception {
        int attributes = 0;
        int mbeans = 0;
        for (String type : console.below(DOMAIN)) {
            List<String> below = console.below(DOMAIN, type);
            List<String[]> paths = new ArrayList<>();
            if (below.contains("Attributes")) {
                paths.add(new String[] {DOMAIN, type});
            } else {
                below.forEach(name -> paths.add(new String[] {DOMAIN, type, name}));
            }
            for (String[] path : paths) {
                Map<String, String> shown = console.attributes(path);
                shown.forEach((name, value) -> expect(
                        !value.equals("Unavailable"), String.join("/", path) + "/" + name + " is Unavailable"));
                attributes += shown.size();
                mbeans++;
                if (path[path.length - 1].equals("lib-a") || type.equals("RoutingTable")) {
                    console.picture(pictures.resolve("jconsole-" + type.toLowerCase(Locale.ROOT) + ".png"));
                }
            }
        }
        System.out.println("read " + attributes + " attributes of " + mbeans + " MBeans");
        expect(mbeans >= 8, "only " + mbeans + " MBeans");
    }

    private void aRequestIsExplained() throws Exception {
        List<String> operations = console.operations(DOMAIN, "RoutingTable");
        expect(operations.indexOf("impact") < operations.indexOf("addRoute"), "not INFO first: " + operations);
        says(
                "goes to Liberator 'lib-a'",
                console.press("explain", pictures.resolve("jconsole-explain.png"), "plain", "", "a.example.com", "/"));
        says("no route", console.press("explain", null, "plain", "", "jconsole.example.com", "/"));
    }

    private void aRouteComesAndGoes() throws Exception {
        says("in force", console.press("addRoute", null, "jconsole.example.com", "lib-b", ""));
        says(
                "goes to Liberator 'lib-b'",
                console.press("explain", null, "plain", "", "jconsole.example.com", "/"));
        says("in force", console.press("removeRoute", null, "jconsole.example.com"));
        says("no route", console.press("explain", null, "plain", "", "jconsole.example.com", "/"));
    }

    private void aFieldThatIsNotFilledInIsRefused() throws Exception {
        says(
                "host is 'String', which JConsole fills in",
                console.press("removeRoute", pictures.resolve("jconsole-refused.png"), (String) null));
        says(
                "names Liberator 'lib-x', which is not defined (defined: lib-a, lib-b)",
                console.press("addRoute", pictures.resolve("jconsole-refused-liberator.png"), "x.example.com", "lib-x", ""));
    }

    private void aLiberatorIsDrainedAndTakenBack() throws Exception {
        String[] lib = {DOMAIN, "Liberator", "lib-b"};
        console.operations(lib);
        says("streams to end", console.press("drain", null, "10", "60"));
        String state = console.attributes(lib).get("State");
        expect(List.of("DRAINING", "DISABLED").contains(state), "lib-b is " + state + " after drain");
        console.operations(DOMAIN, "RoutingTable");
        says("out of service", console.press("explain", null, "plain", "", "x.b.example.com", "/"));
        console.operations(lib);
        says("may have new streams", console.press("undrain", null));
        state = console.attributes(lib).get("State");
        expect("UNKNOWN".equals(state), "lib-b is " + state + " after undrain");
    }

    private void streamsAreSeenAndSteeredInTheTab() throws Exception {
        try (ServerSocket liberator = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            console.operations(DOMAIN, "RoutingTable");
            says(
                    "in force",
                    console.press("changeLiberator", null, "lib-a", "direct", "127.0.0.1:" + liberator.getLocalPort()));
            String[] at =
                    console.attributes(DOMAIN, "Listener", "direct-a").get("Address").split(":");
            try (Socket one = new Socket(at[0], Integer.parseInt(at[1]));
                    Socket two = new Socket(at[0], Integer.parseInt(at[1]))) {
                SluiceTab tab = SluiceTab.open();
                tab.shows("liberators", "lib-a UNKNOWN 2", "lib-b UNKNOWN 0");
                tablesSort(tab);
                aStreamIsKilled(tab, List.of(one, two));
                aDrainIsAskedFor(tab);
            }
        }
    }

    private void tablesSort(SluiceTab tab) throws Exception {
        tab.clickHead("liberators", 2);
        tab.shows("liberators", "lib-b UNKNOWN 0", "lib-a UNKNOWN 2");
        tab.clickHead("liberators", 2);
        tab.shows("liberators", "lib-a UNKNOWN 2", "lib-b UNKNOWN 0");
        tab.choose("Routes");
        expect(
                tab.rows("routes", 3).contains("a.example.com enabled lib-a"),
                "the routes are " + tab.rows("routes", 3));
        tab.choose("Explain");
        says("goes to Liberator 'lib-a'", tab.explain("a.example.com"));
        tab.picture(pictures.resolve("jconsole-sluice-explain.png"));
        tab.choose("Streams");
    }

    private void aStreamIsKilled(SluiceTab tab, List<Socket> clients) throws Exception {
        tab.shows("streams", ".* direct lib-a", ".* direct lib-a");
        tab.select("streams", 0);
        tab.picture(pictures.resolve("jconsole-sluice.png"));
        says("1 stream (1 direct) would be ended", tab.press("kill", "Cancel", null));
        tab.says("nothing was changed");
        tab.shows("streams", ".* direct lib-a", ".* direct lib-a");
        String selected = tab.selected("streams", 4);
        tab.press("kill", "Kill", pictures.resolve("jconsole-sluice-kill.png"));
        tab.says("1 ended now");
        tab.shows("streams", ".* direct lib-a");
        for (Socket each : clients) {
            if (selected.endsWith(":" + each.getLocalPort())) {
                each.setSoTimeout(10_000);
                expect(each.getInputStream().read() < 0, "the stream that was killed is open");
                return;
            }
        }
        expect(false, "none of the clients is shown as " + selected);
    }

    private void aDrainIsAskedFor(SluiceTab tab) throws Exception {
        tab.select("liberators", 0);
        says("50 a second, all within 300 s", tab.press("drain", "Cancel", null));
        tab.type("drain streams a second", "7");
        tab.type("drain within seconds", "90");
        says(
                "1 streams would be ended, 7 a second, all within 90 s",
                tab.press("drain", "Drain", pictures.resolve("jconsole-sluice-drain.png")));
        tab.says("lib-a is DRAINING");
        tab.shows("liberators", "lib-a (DRAINING|DISABLED) .*", "lib-b UNKNOWN 0");
        tab.toggleConnection();
        tab.says("the connection is lost");
        tab.picture(pictures.resolve("jconsole-sluice-lost.png"));
        tab.toggleConnection();
        tab.shows("liberators", "lib-a DISABLED 0", "lib-b UNKNOWN 0");
        tab.select("liberators", 0);
        says("new streams would come to it again", tab.press("undrain", "Undrain", null));
        tab.shows("liberators", "lib-a UNKNOWN 0", "lib-b UNKNOWN 0");
    }

    private void says(String wanted, String dialog) {
        expect(dialog.contains(wanted), "wanted '" + wanted + "', the dialog says: " + dialog);
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            problems.add(otherwise);
        }
    }
}
