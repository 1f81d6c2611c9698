package io.sluice.manage;

/** {@code sluice:type=Listener,name=…}. */
@Description("A listener: an address that clients connect to.")
public interface ListenerMXBean {
    @Description("Name of the listener in the configuration.")
    String getName();

    @Description("The address it shall listen on, as configured.")
    String getBind();

    @Description("The address it listens on now; empty while it does not listen.")
    String getAddress();

    @Description("What is spoken: http, direct or tls-passthrough.")
    String getKind();

    @Description("The versions of HTTP it speaks; empty for other kinds than http.")
    String[] getProtocols();

    @Description("The Liberator that this listener alone serves; empty where routes decide by host.")
    String getLiberator();

    @Description("Whether it accepts connections now.")
    boolean isListening();

    @Description("Client connections open now.")
    @Unit("connections")
    int getConnectionsActive();

    @Description("The most client connections open at a time since the start.")
    @Unit("connections")
    int getConnectionsPeak();

    @Description("The most client connections allowed at a time (limits.connections); 0 = no limit.")
    @Unit("connections")
    int getConnectionsLimit();

    @Description("Client connections accepted since the start.")
    @Unit("connections")
    long getAcceptedTotal();

    @Description("Client connections since the start that spoke HTTP/2.")
    @Unit("connections")
    long getHttp2ConnectionsTotal();

    @Description("Streams since the start that came over HTTP/2.")
    @Unit("streams")
    long getHttp2StreamsTotal();

    @Description("Of the streams over HTTP/2, those that asked for a WebSocket (RFC 8441).")
    @Unit("streams")
    long getHttp2WebSocketsTotal();

    @Description("Connections and requests refused since the start, for all reasons.")
    @Unit("refusals")
    long getRefusedTotal();

    @Description("When something was last refused, ISO 8601 in UTC; empty when nothing was.")
    String getLastRefusedAt();

    @Description("A line for each reason given so far: reason, HTTP status, how often, how long ago it was last.")
    String[] getRefusals();

    @Description("A line for each limit: its value (0 = none), how often it took effect, when it last did.")
    String[] getLimits();

    @Description("How often accepting paused because connections came faster than limits.acceptPerSecond.")
    @Unit("pauses")
    long getSlowedTotal();

    @Description("How often accepting paused because the process had no descriptor to spare.")
    @Unit("pauses")
    long getExhaustedTotal();

    @Description(
            "Whether a client of an address would be let in now, and by which rule and limit. What it may ask for then:"
                    + " explainClient of RoutingTable.")
    String[] explain(
            @Parameter(name = "client", description = "its address, as the Liberator would be told it") String client);
}
