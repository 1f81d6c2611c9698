package io.sluice.manage;

import org.jspecify.annotations.Nullable;

/** {@code sluice:type=RoutingTable}. */
@Description("The routing table in force, which Liberator serves which host or listener, and how to change it.")
public interface RoutingTableMXBean {
    @Description("Version of the table in force; each change that succeeds adds one.")
    @Unit("version")
    long getVersion();

    @Description(
            "Fingerprint of what the table does: routes, Liberators, pools and their settings. Equal on two appliances"
                    + " of the same software that send every client the same way, whatever their versions, files, addresses to"
                    + " listen on, comments and order; the keys of pools are not in it (KeyFingerprints).")
    String getFingerprint();

    @Description("When this version came into force, ISO 8601 in UTC.")
    String getSince();

    @Description("How many routes the table has, those of single-Liberator listeners included.")
    @Unit("routes")
    int getRoutesActive();

    @Description("A line for each route, for reading; host * stands for all hosts of a listener.")
    String[] getRoutes();

    @Description("A record for each route, for programs.")
    RouteRow[] getRouteTable();

    @Description(
            "Each deadline of each listener and route: its value (0 = none), how often it took effect since the start"
                    + " (those of a route: at its Liberator, requestBodyMinRate: on the listener; those of TCP keep-alive:"
                    + " whoever TCP gave up because nothing came back any more), and who says so, with its line.")
    String[] getDeadlines();

    @Description("A line for each configuration that was in force, the last 50: version, when, open streams, who, why.")
    String[] getGenerations();

    @Description("A record for each configuration that was in force, the last 50, for programs.")
    GenerationRow[] getGenerationTable();

    @Description("What is staged: on which version, by whom, when; empty: nothing.")
    String getStaged();

    @Description("When the version in force gives way to the one before unless it is confirmed; empty: it stays.")
    String getConfirmUntil();

    @Description("Says step by step what would happen to a request or connection, and changes nothing.")
    String[] explain(
            @Nullable @Parameter(name = "listener", description = "the name of the listener it comes through")
                    String listener,
            @Nullable @Parameter(name = "serverName", description = "the TLS server name (SNI); empty for plain HTTP")
                    String serverName,
            @Nullable
                    @Parameter(
                            name = "host",
                            description = "the Host asked for, with or without port; empty on a direct listener")
                    String host,
            @Nullable @Parameter(name = "path", description = "the path asked for; empty for /") String path);

    @Description("The same as explain, from a client's address on: whether the listener lets it in, what becomes of its"
            + " request, and where it belongs in a pool. One answer for what explain of a Listener, of RoutingTable and of"
            + " a Pool say each.")
    String[] explainClient(
            @Nullable @Parameter(name = "client", description = "its address, as the Liberator would be told it")
                    String client,
            @Nullable @Parameter(name = "listener", description = "the name of the listener it comes through")
                    String listener,
            @Nullable @Parameter(name = "serverName", description = "the TLS server name (SNI); empty for plain HTTP")
                    String serverName,
            @Nullable
                    @Parameter(
                            name = "host",
                            description = "the Host asked for, with or without port; empty on a direct listener")
                    String host,
            @Nullable @Parameter(name = "path", description = "the path asked for; empty for /") String path,
            @Nullable
                    @Parameter(
                            name = "cookie",
                            description = "the value of the pool's cookie, as the client has it; empty: none")
                    String cookie);

    @Description("The same as explain, for what is staged.")
    String[] explainStaged(
            @Nullable @Parameter(name = "listener", description = "the name of the listener it comes through")
                    String listener,
            @Nullable @Parameter(name = "serverName", description = "the TLS server name (SNI); empty for plain HTTP")
                    String serverName,
            @Nullable
                    @Parameter(
                            name = "host",
                            description = "the Host asked for, with or without port; empty on a direct listener")
                    String host,
            @Nullable @Parameter(name = "path", description = "the path asked for; empty for /") String path);

    @Description("The same as explainClient, for what is staged; connections are counted as they are now.")
    String[] explainClientStaged(
            @Nullable @Parameter(name = "client", description = "its address, as the Liberator would be told it")
                    String client,
            @Nullable @Parameter(name = "listener", description = "the name of the listener it comes through")
                    String listener,
            @Nullable @Parameter(name = "serverName", description = "the TLS server name (SNI); empty for plain HTTP")
                    String serverName,
            @Nullable
                    @Parameter(
                            name = "host",
                            description = "the Host asked for, with or without port; empty on a direct listener")
                    String host,
            @Nullable @Parameter(name = "path", description = "the path asked for; empty for /") String path,
            @Nullable
                    @Parameter(
                            name = "cookie",
                            description = "the value of the pool's cookie, as the client has it; empty: none")
                    String cookie);

    @Description("Every problem of a configuration with line and column, and changes nothing.")
    String[] validate(
            @Parameter(name = "text", description = "a whole configuration in YAML; on one line with { } and [ ]")
                    String text);

    @Description("What would change if the staged configuration were committed: + new, - gone, ~ another value.")
    String[] diff();

    @Description("What differs between two configurations that were in force.")
    String[] compare(
            @Parameter(name = "from", description = "a version of Generations") long from,
            @Parameter(name = "to", description = "another version of Generations") long to);

    @Description("Which routes the staged configuration touches, and how many open streams are on them.")
    String[] impact();

    @Description("The text of a configuration that is or was in force, line by line.")
    String[] generation(@Parameter(name = "version", description = "a version of Generations") long version);

    @Action
    @Description("Adds a route at once.")
    String addRoute(
            @Parameter(name = "host", description = "a host name, as in fx.example.com or *.example.com") String host,
            @Parameter(name = "liberator", description = "the name of the Liberator that serves it") String liberator,
            @Parameter(name = "listeners", description = "names of listeners with commas; empty: all HTTP ones")
                    String listeners);

    @Action
    @Description("Changes one key of a route at once.")
    String changeRoute(
            @Parameter(name = "host", description = "the host of the route, as in Routes") String host,
            @Parameter(name = "key", description = "a key of a route, as in the file: liberator, connectTimeout, ...")
                    String key,
            @Parameter(name = "value", description = "the value, as in the file; empty: the key goes") String value);

    @Action
    @Description("Has a route answer its onDown at once, as if the Liberator were down; open streams go on.")
    String disableRoute(@Parameter(name = "host", description = "the host of the route, as in Routes") String host);

    @Action
    @Description("Has a disabled route serve again at once.")
    String enableRoute(@Parameter(name = "host", description = "the host of the route, as in Routes") String host);

    @Action
    @Description("Removes a route at once; its open streams go on.")
    String removeRoute(@Parameter(name = "host", description = "the host of the route, as in Routes") String host);

    @Action
    @Description("Adds a Liberator at once.")
    String addLiberator(
            @Parameter(name = "name", description = "a new name") String name,
            @Parameter(name = "address", description = "its address for HTTP, host:port") String address);

    @Action
    @Description("Changes one key of a Liberator at once.")
    String changeLiberator(
            @Parameter(name = "name", description = "the name of the Liberator") String name,
            @Parameter(name = "key", description = "a key of a Liberator, as in the file: address, direct, health, ...")
                    String key,
            @Parameter(name = "value", description = "the value, as in the file; empty: the key goes") String value);

    @Action
    @Description("Removes a Liberator that no route or listener names at once; its open streams go on.")
    String removeLiberator(@Parameter(name = "name", description = "the name of the Liberator") String name);

    @Action
    @Description("Adds an HTTP listener at once.")
    String addListener(
            @Parameter(name = "name", description = "a new name") String name,
            @Parameter(name = "bind", description = "the address to listen on, host:port") String bind,
            @Parameter(name = "liberator", description = "the Liberator it alone serves; empty: routes decide by host")
                    String liberator);

    @Action
    @Description("Changes one key of a listener at once; at the same address it never stops listening.")
    String changeListener(
            @Parameter(name = "name", description = "the name of the listener") String name,
            @Parameter(name = "key", description = "a key of a listener, as in the file: bind, limits, tls, ...")
                    String key,
            @Parameter(name = "value", description = "the value, as in the file; empty: the key goes") String value);

    @Action
    @Description("Removes a listener at once; its connections and streams go on.")
    String removeListener(@Parameter(name = "name", description = "the name of the listener") String name);

    @Action
    @Description("Checks a whole configuration and keeps it to be committed; changes nothing yet.")
    String[] stage(
            @Parameter(name = "text", description = "a whole configuration in YAML; on one line with { } and [ ]")
                    String text);

    @Action
    @Description("Checks the configuration file as it is now and keeps it to be committed; changes nothing yet.")
    String[] stageFile();

    @Action
    @Description("Forgets what is staged.")
    String unstage();

    @Action
    @Description("Puts what is staged in force.")
    String commit(@Parameter(name = "comment", description = "why, for Generations") String comment);

    @Action
    @Description("Puts what is staged in force; unless it is confirmed in time, the version before comes back.")
    String commitWithin(
            @Parameter(name = "comment", description = "why, for Generations") String comment,
            @Parameter(name = "seconds", description = "until when confirm() is expected, 1 to 86400") int seconds);

    @Action
    @Description("Has the version in force give way to the one before unless it is confirmed in time.")
    String confirmWithin(
            @Parameter(name = "seconds", description = "until when confirm() is expected, 1 to 86400") int seconds);

    @Action
    @Description("Keeps the version in force that waits for its confirmation.")
    String confirm();

    @Action
    @Description("Puts an earlier configuration in force again, as a new version.")
    String rollback(@Parameter(name = "version", description = "a version of Generations") long version);

    @Action
    @Description("Writes the configuration in force to the file and keeps the old file beside it; else nothing does.")
    String save();
}
