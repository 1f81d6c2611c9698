package io.sluice.agent;

import io.sluice.manage.Action;
import io.sluice.manage.Description;
import io.sluice.manage.Parameter;
import io.sluice.manage.Unit;

/** {@code sluice:type=Agent}. */
@Description("The latency agent: its switch, its state, what was slow.")
public interface AgentMXBean {
    @Description("off, metrics or trace.")
    String getLevel();

    @Description("on, or off and why it is off.")
    String getState();

    @Description("All options as they could be given to the agent.")
    String getOptions();

    @Description("What takes longer leaves a line in Traces; 0: nothing does.")
    @Unit("milliseconds")
    double getSlowMillis();

    @Description("Of what is fast, one of so many leaves a line at level trace; off: none.")
    String getSample();

    @Description("How long the rolling window of the figures is.")
    @Unit("seconds")
    int getWindowSeconds();

    @Description("Whether JFR events are made while a recording runs.")
    boolean isJfr();

    @Description("Spans sent to the collector named last.")
    @Unit("spans")
    long getSpansTotal();

    @Description("Spans that could not be sent to the collector named last, or were too many.")
    @Unit("spans")
    long getSpansLostTotal();

    @Description("Why spans could not be sent the last time; empty when they always could.")
    String getLastSpanFailure();

    @Description("A line for each join point: where it is, how often it is passed, whether it is instrumented.")
    String[] getJoinPoints();

    @Description("The join points that this version of Sluice lacks, and why; their figures stay empty.")
    String[] getMissingJoinPoints();

    @Description("A line for each Liberator and stage that has figures: count, percentiles in microseconds.")
    String[] getSummary();

    @Description("The last 100 lines about what was slow, newest first, each a JSON object.")
    String[] getTraces();

    @Description("Lines written about what was slow, since the start.")
    @Unit("lines")
    long getTracesTotal();

    @Description("Lines not written because there were more than 20 in a second, since the start.")
    @Unit("lines")
    long getTracesDroppedTotal();

    @Description("Clients whose sockets are full now, so that bytes wait for them.")
    @Unit("clients")
    int getClientsWaitedForActive();

    @Description("How long bytes have been waiting for the slowest client now.")
    @Unit("milliseconds")
    double getClientWaitMillis();

    @Description("Times a collector has stopped the process while the agent was on.")
    @Unit("pauses")
    long getCollectorPausesTotal();

    @Description("How long collectors have stopped the process while the agent was on.")
    @Unit("milliseconds")
    long getCollectorMillisTotal();

    @Description("The longest time for which a collector has stopped the process while the agent was on.")
    @Unit("milliseconds")
    long getCollectorMillisPeak();

    @Description("Times the JVM has stopped all threads since its start, for whatever reason; -1: not known.")
    @Unit("safepoints")
    long getSafepointsTotal();

    @Description("How long the JVM has stopped all threads since its start, collections included; -1: not known.")
    @Unit("milliseconds")
    long getSafepointMillisTotal();

    @Description("Faults of the agent itself since the start; 20 switch it off. The appliance never notices one.")
    @Unit("faults")
    long getFaultsTotal();

    @Description("The last fault; empty when there was none.")
    String getLastFault();

    @Description("The figures of all Liberators and stages at this moment, a line for each.")
    String[] snapshot();

    @Action
    @Description("Switches on at level metrics.")
    String on();

    @Action
    @Description("Switches off: the appliance runs its original classes again.")
    String off();

    @Action
    @Description("Changes the level.")
    String level(@Parameter(name = "level", description = "off, metrics or trace") String level);

    @Action
    @Description("Changes what counts as slow.")
    String slow(@Parameter(name = "time", description = "a time as in 50ms or 800us, or off") String time);

    @Action
    @Description("Changes how many of what is fast leave a line at level trace.")
    String sample(@Parameter(name = "share", description = "a share as in 1/1000, or off") String share);

    @Action
    @Description("Changes the rolling window.")
    String window(@Parameter(name = "time", description = "a time from 1s to 10m") String time);

    @Action
    @Description("Switches JFR events on or off.")
    String jfr(@Parameter(name = "jfr", description = "on or off") String jfr);

    @Action
    @Description("Changes where spans are sent, by OTLP over HTTP.")
    String otlp(
            @Parameter(name = "collector", description = "a URL as in http://collector:4318/v1/traces, or off")
                    String collector);

    @Action
    @Description("Changes how many streams get spans, of those whose clients say nothing of it.")
    String spans(@Parameter(name = "share", description = "a share as in 1/100") String share);

    @Action
    @Description("Changes whether a request without a traceparent gets one, where spans are sent.")
    String traceparent(@Parameter(name = "traceparent", description = "keep or create") String traceparent);

    @Action
    @Description("Forgets all figures and traces.")
    void reset();

    @Action
    @Description("Switches off and takes all MBeans of the agent away; attaching it again brings them back.")
    void detach();
}
