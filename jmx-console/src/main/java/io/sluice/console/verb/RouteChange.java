package io.sluice.console.verb;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Exit;
import io.sluice.console.reach.Failure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** A change of one route at once, as a new version of the table. */
abstract class RouteChange implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private RoutesVerb routes;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Steering steering;

    @Parameters(index = "0", paramLabel = "HOST", description = "The host of the route, as in routes.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String host;

    @Override
    public final Integer call() throws Failure {
        Console console = routes.console();
        try (Appliance appliance = console.connect()) {
            Object open = appliance.bean("Streams").invoke("count", "route=" + host);
            String what = what(host) + "; " + open + " open streams of the route go on";
            if (steering.isWanted(console, what)) {
                change(appliance, host).forEach(console::say);
            }
        }
        return Exit.DONE.code();
    }

    abstract String what(String route);

    abstract Iterable<String> change(Appliance appliance, String route) throws Failure;

    /** {@code sluicectl routes add}. */
    @Command(name = "add", description = "Adds a route.")
    static final class Add extends RouteChange {
        @Parameters(index = "1", paramLabel = "LIBERATOR", description = "The Liberator that serves it.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String liberator;

        @Option(
                names = "--listeners",
                paramLabel = "NAMES",
                defaultValue = "",
                description = "Names with commas (default: all of kind http).")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String listeners;

        @Override
        String what(String route) {
            return "route " + route + " to " + liberator + " would be added";
        }

        @Override
        Iterable<String> change(Appliance appliance, String route) throws Failure {
            return appliance.bean("RoutingTable").say("addRoute", route, liberator, listeners);
        }
    }

    /** {@code sluicectl routes remove}. */
    @Command(name = "remove", description = "Removes a route.")
    static final class Remove extends RouteChange {
        @Override
        String what(String route) {
            return "route " + route + " would be removed";
        }

        @Override
        Iterable<String> change(Appliance appliance, String route) throws Failure {
            return appliance.bean("RoutingTable").say("removeRoute", route);
        }
    }

    /** {@code sluicectl routes set}. */
    @Command(name = "set", description = "Changes one key of a route, as the file has it.")
    static final class Set extends RouteChange {
        @Parameters(index = "1", paramLabel = "KEY", description = "As in the file: liberator, connectTimeout, ...")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String key;

        @Parameters(index = "2", paramLabel = "VALUE", description = "As in the file; empty: the key goes.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String value;

        @Override
        String what(String route) {
            return "route " + route + " would have " + key + ": " + value;
        }

        @Override
        Iterable<String> change(Appliance appliance, String route) throws Failure {
            return appliance.bean("RoutingTable").say("changeRoute", route, key, value);
        }
    }

    /** {@code sluicectl routes disable}. */
    @Command(name = "disable", description = "Has a route answer its onDown, as if the Liberator were down.")
    static final class Disable extends RouteChange {
        @Override
        String what(String route) {
            return "route " + route + " would take no new streams";
        }

        @Override
        Iterable<String> change(Appliance appliance, String route) throws Failure {
            return appliance.bean("RoutingTable").say("disableRoute", route);
        }
    }

    /** {@code sluicectl routes enable}. */
    @Command(name = "enable", description = "Has a disabled route serve again.")
    static final class Enable extends RouteChange {
        @Override
        String what(String route) {
            return "route " + route + " would take new streams again";
        }

        @Override
        Iterable<String> change(Appliance appliance, String route) throws Failure {
            return appliance.bean("RoutingTable").say("enableRoute", route);
        }
    }
}
