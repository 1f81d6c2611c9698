package io.sluice.manage;

import org.jspecify.annotations.Nullable;

/** {@code sluice:type=RoutingTable}. */
@Description("The routing table in force: which Liberator serves which virtual host or listener.")
public interface RoutingTableMXBean {
    @Description("Version of the table in force; each reload that succeeds adds one.")
    @Unit("version")
    long getVersion();

    @Description("When this version came into force, ISO 8601 in UTC.")
    String getSince();

    @Description("How many routes the table has, those of single-Liberator listeners included.")
    @Unit("routes")
    int getRoutesActive();

    @Description("A line for each route, for reading; host * stands for all hosts of a listener.")
    String[] getRoutes();

    @Description("A record for each route, for programs.")
    RouteRow[] getRouteTable();

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
}
