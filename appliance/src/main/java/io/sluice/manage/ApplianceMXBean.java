package io.sluice.manage;

/** {@code sluice:type=Appliance}. */
@Description("The appliance as a whole: what it is, how long it has run, how much it carries.")
public interface ApplianceMXBean {
    @Description("Version of Sluice.")
    String getVersion();

    @Description("Version of the Java runtime.")
    String getJavaVersion();

    @Description("The configuration file that reload() reads.")
    String getConfigFile();

    @Description("When the appliance started, ISO 8601 in UTC.")
    String getStartedAt();

    @Description("How long the appliance has run.")
    @Unit("seconds")
    long getUptimeSeconds();

    @Description("Streams of all kinds open now, requests under way included.")
    @Unit("streams")
    int getStreamsActive();

    @Description("Streams of all kinds opened since the start, requests included.")
    @Unit("streams")
    long getStreamsTotal();

    @Description("Client connections open now, all listeners together.")
    @Unit("connections")
    int getConnectionsActive();

    @Description("The most client connections open at a time since the start, all listeners together.")
    @Unit("connections")
    int getConnectionsPeak();

    @Description("The most client connections allowed at a time, all listeners together (limits.connections at the top"
            + " of the file); 0 = no limit.")
    @Unit("connections")
    int getConnectionsLimit();

    @Description("Descriptors (sockets and files) the process has open now, the reserve included.")
    @Unit("descriptors")
    int getDescriptorsActive();

    @Description("The most descriptors the system lets the process have.")
    @Unit("descriptors")
    int getDescriptorsLimit();

    @Description("Whether descriptors have run out: accepting pauses, the reserve serves management and open streams.")
    boolean isDescriptorsLow();

    @Description("How often descriptors ran out since the start.")
    @Unit("times")
    long getDescriptorsLowTotal();

    @Description("When descriptors last ran out, ISO 8601 in UTC; empty when they never did.")
    String getDescriptorsLowAt();

    @Description("Whether the log cannot be written now; its lines are dropped until it can.")
    boolean isLogFailing();

    @Description("When the log last became unwritable, ISO 8601 in UTC; empty when it never did.")
    String getLogFailedAt();

    @Description("Lines of the log dropped since the start: its file could not be written, or too many waited.")
    @Unit("lines")
    long getLogLinesDroppedTotal();

    @Description("Connections that the kernel dropped since the start because they came faster than they were accepted;"
            + " counted for all sockets of the network namespace.")
    @Unit("connections")
    long getListenOverflowsTotal();

    @Description("Connections to Liberators open or being opened now, all Liberators together.")
    @Unit("connections")
    int getLiberatorConnectionsActive();

    @Description("Connections and requests refused since the start, all listeners and reasons together.")
    @Unit("refusals")
    long getRefusedTotal();

    @Description("How often the connection was compared with the decided Liberator before a response, an upgrade or a"
            + " Direct connection was delivered.")
    @Unit("checks")
    long getStickinessChecksTotal();

    @Description("Deliveries stopped because connection and decision differed. Must be 0: anything else is a defect.")
    @Unit("checks")
    long getStickinessViolationsTotal();

    @Description("The latest delivery that was stopped: when, which stream, what was found. Empty when there was none.")
    String getLastViolation();

    @Description("Buffers of 32 KiB that hold bytes for slow readers now; 0 when nobody is behind.")
    @Unit("buffers")
    int getBuffersLent();

    @Description("Version of the routing table in force; each reload that succeeds adds one.")
    @Unit("version")
    long getTableVersion();

    @Description("A line for each Liberator: state, open streams and connections.")
    String[] getLiberators();

    @Description("A line for each listener: where it listens, open connections, refusals.")
    String[] getListeners();

    @Description("Streams, and kept connections without one, that the drains under way have yet to see the end of, all"
            + " Liberators together; 0 without one.")
    @Unit("connections")
    int getDrainRemainingActive();

    @Description(
            "How long it takes yet until the last of the drains under way is over, by their rates and at most until"
                    + " their deadlines; 0 without one.")
    @Unit("seconds")
    long getDrainEtaSeconds();

    @Description("Streams that the last drains of the Liberators ended where their clients saw a proper end.")
    @Unit("streams")
    int getDrainPolitelyTotal();

    @Description("Streams that the last drains of the Liberators ended at their deadlines, in the middle of something.")
    @Unit("streams")
    int getDrainForcedTotal();

    @Action
    @Description("Drains all Liberators, as drain of a Liberator does each, at one rate: before the appliance is"
            + " stopped. Each shows its own part, and can be paused, resumed and put back in service by itself.")
    String drain(
            @Parameter(
                            name = "perSecond",
                            description = "streams to end in a second, of all together, on average; 0 = all at once")
                    int perSecond,
            @Parameter(name = "deadlineSeconds", description = "when what is left is ended, 1 to 86400")
                    int deadlineSeconds);

    @Action
    @Description(
            "Holds every drain that is under way, of one Liberator or of all: no more streams are asked to end. New"
                    + " ones are still refused, the deadlines stand.")
    String pauseDrain();

    @Action
    @Description("Goes on with every drain that was paused.")
    String resumeDrain();

    @Action
    @Description("Calls all drains off and puts every Liberator back in service, also those that were disabled.")
    String undrain();

    @Action
    @Description("Reads the configuration file again, as HUP does. Open streams are not touched; a bad file changes"
            + " nothing. Says which table is in force now, or line by line what is wrong.")
    String reload();
}
