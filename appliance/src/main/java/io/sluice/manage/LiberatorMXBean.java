package io.sluice.manage;

import org.jspecify.annotations.Nullable;

/** {@code sluice:type=Liberator,name=…}. */
@Description("A Liberator: its state, the connections and streams to it, why streams ended.")
public interface LiberatorMXBean {
    @Description("Name of the Liberator in the configuration.")
    String getName();

    @Description("Where HTTP requests and streams go, as configured.")
    String getAddress();

    @Description("Where Direct connections go, as configured.")
    String getDirectAddress();

    @Description(
            "How it is spoken to: off = plain; verified = TLS, its certificate checked; UNVERIFIED = TLS, with anybody.")
    String getTls();

    @Description(
            "UP, DOWN, UNKNOWN (not probed yet, or probing is off), DRAINING or DISABLED (by an operator), or REMOVED (left"
                    + " the table, streams still open).")
    String getState();

    @Description("Since when it has been in this state, ISO 8601 in UTC.")
    String getStateSince();

    @Description("Why it is in this state.")
    String getStateReason();

    @Description("Connections to it open or being opened now.")
    @Unit("connections")
    int getConnectionsActive();

    @Description("The most connections to it at a time since the start.")
    @Unit("connections")
    int getConnectionsPeak();

    @Description("The most connections to it allowed at a time (maxConnections).")
    @Unit("connections")
    int getConnectionsLimit();

    @Description("Connections to it made since the start.")
    @Unit("connections")
    long getConnectionsTotal();

    @Description(
            "Attempts to connect that failed since the start: refused, timed out, TLS, no address, above the limit.")
    @Unit("attempts")
    long getConnectFailedTotal();

    @Description("Attempts to connect that were refused or found the address unreachable.")
    @Unit("attempts")
    long getConnectRefusedTotal();

    @Description("Attempts to connect that took longer than connectTimeout.")
    @Unit("attempts")
    long getConnectTimedOutTotal();

    @Description("Attempts that connected and then failed in the TLS handshake.")
    @Unit("attempts")
    long getConnectTlsFailedTotal();

    @Description("New streams that wait now because they came faster than newStreamsPerSecond.")
    @Unit("streams")
    int getNewStreamsWaitingActive();

    @Description("New streams that had to wait since the start.")
    @Unit("streams")
    long getNewStreamsDelayedTotal();

    @Description("The longest that a new stream waited for its turn since the start.")
    @Unit("microseconds")
    long getNewStreamsWaitMicrosMax();

    @Description("What was refused since the start because this Liberator could not be reached or was at a limit.")
    @Unit("refusals")
    long getRefusedTotal();

    @Description("When that last was, ISO 8601 in UTC; empty when nothing was refused.")
    String getLastRefusedAt();

    @Description(
            "A line for each reason of these given so far: reason, HTTP status, how often, how long ago it was last.")
    String[] getRefusals();

    @Description("A line for each limit: its value (0 = none), how often it took effect, when it last did.")
    String[] getLimits();

    @Description("Attempts to connect that were not made because the Liberator's name had no address.")
    @Unit("attempts")
    long getConnectUnresolvedTotal();

    @Description("Attempts to connect that were not made because the Liberator was at its maxConnections.")
    @Unit("attempts")
    long getConnectLimitedTotal();

    @Description("Time to connect since the start: half of the connections took no longer.")
    @Unit("microseconds")
    long getConnectMicrosP50();

    @Description("Time to connect since the start: 99 of 100 connections took no longer.")
    @Unit("microseconds")
    long getConnectMicrosP99();

    @Description("Time to connect since the start: the longest.")
    @Unit("microseconds")
    long getConnectMicrosMax();

    @Description("Streams of all kinds open now, requests under way included.")
    @Unit("streams")
    int getStreamsActive();

    @Description("Streams of all kinds opened since the start, requests included.")
    @Unit("streams")
    long getStreamsTotal();

    @Description("Streams opened per second: a moving average over about a minute, for watching, not for alarms.")
    @Unit("streams/second")
    double getStreamsPerSecond();

    @Description("Direct connections (StreamLink type 1) open now.")
    @Unit("streams")
    int getDirectActive();

    @Description("Direct connections (StreamLink type 1) opened since the start.")
    @Unit("streams")
    long getDirectTotal();

    @Description("Endless HTTP responses (StreamLink type 2) open now.")
    @Unit("streams")
    int getHttpStreamActive();

    @Description("Endless HTTP responses (StreamLink type 2) opened since the start.")
    @Unit("streams")
    long getHttpStreamTotal();

    @Description("Polls (StreamLink type 3) open now.")
    @Unit("streams")
    int getPollActive();

    @Description("Polls (StreamLink type 3) opened since the start.")
    @Unit("streams")
    long getPollTotal();

    @Description("Endless HTML pages of script calls (StreamLink type 5) open now.")
    @Unit("streams")
    int getForeverFrameActive();

    @Description("Endless HTML pages of script calls (StreamLink type 5) opened since the start.")
    @Unit("streams")
    long getForeverFrameTotal();

    @Description("WebSockets (StreamLink type 8) open now.")
    @Unit("streams")
    int getWebsocketActive();

    @Description("WebSockets (StreamLink type 8) opened since the start.")
    @Unit("streams")
    long getWebsocketTotal();

    @Description("Server-sent event streams (StreamLink type 9) open now.")
    @Unit("streams")
    int getSseActive();

    @Description("Server-sent event streams (StreamLink type 9) opened since the start.")
    @Unit("streams")
    long getSseTotal();

    @Description("TLS connections passed through as they are, open now.")
    @Unit("streams")
    int getTlsActive();

    @Description("TLS connections passed through as they are, opened since the start.")
    @Unit("streams")
    long getTlsTotal();

    @Description("Files, commands and other requests open now.")
    @Unit("streams")
    int getOtherActive();

    @Description("Files, commands and other requests opened since the start.")
    @Unit("streams")
    long getOtherTotal();

    @Description("A line for each kind: open now, most at a time, since the start, bytes from and to clients.")
    String[] getKinds();

    @Description("Bytes read from clients for this Liberator, request heads included.")
    @Unit("bytes")
    long getFromClientBytes();

    @Description("Bytes that this Liberator's sockets took, request heads included.")
    @Unit("bytes")
    long getToLiberatorBytes();

    @Description("Bytes read from this Liberator, response heads included.")
    @Unit("bytes")
    long getFromLiberatorBytes();

    @Description("Bytes of this Liberator that the clients' sockets took, response heads included.")
    @Unit("bytes")
    long getToClientBytes();

    @Description("Bytes of this Liberator that wait for clients whose sockets are full; 0 when nobody is behind.")
    @Unit("bytes")
    long getHeldForClientsBytes();

    @Description("Bytes of clients that wait for this Liberator's sockets; 0 when it keeps up.")
    @Unit("bytes")
    long getHeldForLiberatorBytes();

    @Description("Bytes per second from clients: a moving average over about a minute, for watching, not for alarms.")
    @Unit("bytes/second")
    double getFromClientBytesPerSecond();

    @Description("Bytes per second to clients: a moving average over about a minute, for watching, not for alarms.")
    @Unit("bytes/second")
    double getToClientBytesPerSecond();

    @Description("Streams that ended because the response was relayed whole.")
    @Unit("streams")
    long getEndedCompletedTotal();

    @Description("Streams that ended because the client closed its connection.")
    @Unit("streams")
    long getEndedClientClosedTotal();

    @Description("Streams that ended because the client's connection was reset or failed.")
    @Unit("streams")
    long getEndedClientLostTotal();

    @Description("Streams that ended because the Liberator closed its connection.")
    @Unit("streams")
    long getEndedLiberatorClosedTotal();

    @Description("Streams that ended because the Liberator's connection broke off.")
    @Unit("streams")
    long getEndedLiberatorLostTotal();

    @Description("Streams that ended because the Liberator's answer was malformed.")
    @Unit("streams")
    long getEndedLiberatorFaultTotal();

    @Description("Streams that ended because there was no connection to the Liberator.")
    @Unit("streams")
    long getEndedConnectFailedTotal();

    @Description("Streams that ended because the Liberator sent no response head in time.")
    @Unit("streams")
    long getEndedHeadTimeoutTotal();

    @Description("Streams that ended because it was silent both ways for longer than streamIdleTimeout.")
    @Unit("streams")
    long getEndedIdleTotal();

    @Description("Streams that ended because the client took no byte for longer than stalledClientTimeout.")
    @Unit("streams")
    long getEndedClientStalledTotal();

    @Description("Streams that ended because the client was behind for longer than slowClientTimeout.")
    @Unit("streams")
    long getEndedClientSlowTotal();

    @Description("Streams that ended because the request was refused.")
    @Unit("streams")
    long getEndedRefusedTotal();

    @Description("Streams that ended because it was closed by a drain.")
    @Unit("streams")
    long getEndedDrainedTotal();

    @Description("Streams that ended because it was closed by an operator.")
    @Unit("streams")
    long getEndedKilledTotal();

    @Description("Streams that ended because the appliance stopped or failed.")
    @Unit("streams")
    long getEndedApplianceTotal();

    @Description("A line for each cause and phase in which streams ended since the start, who closed first, how many.")
    String[] getEnds();

    @Description("The same since the mark that markEnds() made last.")
    String[] getEndsSinceMark();

    @Description("When the mark was made; the start before the first.")
    String getEndsMarkAt();

    @Description("Streams whose client closed first, or was lost.")
    @Unit("streams")
    long getClosedFirstByClientTotal();

    @Description("Streams whose Liberator closed first, was lost or could not be connected.")
    @Unit("streams")
    long getClosedFirstByLiberatorTotal();

    @Description("Streams that Sluice closed first: limits, faults, drains, operators.")
    @Unit("streams")
    long getClosedFirstBySluiceTotal();

    @Description("The ends of streams since a time, as in Ends; minute by minute, within the last day.")
    String[] endsSince(
            @Parameter(name = "since", description = "15m, 2h, or an instant as in 2026-11-23T10:15:00Z") @Nullable
                    String since);

    @Action
    @Description("Makes a mark from which EndsSinceMark counts; no counter is changed.")
    String markEnds();

    @Description("Streams whose client has been behind for longer than slowClientAfter, now.")
    @Unit("streams")
    int getSlowClientsActive();

    @Description("How often a client fell behind for longer than slowClientAfter.")
    @Unit("times")
    long getSlowClientsTotal();

    @Description("Streams that have been silent both ways for longer than stalledStreamAfter, now.")
    @Unit("streams")
    int getStalledStreamsActive();

    @Description("How often a stream fell silent both ways for longer than stalledStreamAfter.")
    @Unit("times")
    long getStalledStreamsTotal();

    @Description("How often the connection was compared with the decided Liberator before a response, an upgrade or a"
            + " Direct connection was delivered.")
    @Unit("checks")
    long getStickinessChecksTotal();

    @Description("Deliveries stopped because connection and decision differed. Must be 0: anything else is a defect.")
    @Unit("checks")
    long getStickinessViolationsTotal();

    @Description("How often the state changed within the last hour, by its health or by an operator.")
    @Unit("changes")
    int getStateChangesLastHourTotal();

    @Description("Whether it went from UP to DOWN three times or more within the last hour.")
    boolean isFlapping();

    @Description("A line for each of the latest changes of the state, the oldest first.")
    String[] getStateChanges();

    @Description("Whether its streams are being ended by a drain.")
    boolean isDraining();

    @Description("Whether its drain is paused: no stream is asked to end, and no new one comes.")
    boolean isDrainPaused();

    @Description("Its streams, and kept connections without one, that the drain under way has yet to see the end of; 0"
            + " without one.")
    @Unit("connections")
    int getDrainRemainingActive();

    @Description("How long its drain takes yet, by the rate, which Liberators that are drained together share, and at"
            + " most until its deadline; 0 without one.")
    @Unit("seconds")
    long getDrainEtaSeconds();

    @Description("Its streams that the last drain ended where their clients saw a proper end.")
    @Unit("streams")
    int getDrainPolitelyTotal();

    @Description("Its streams that the last drain ended at its deadline, in the middle of something.")
    @Unit("streams")
    int getDrainForcedTotal();

    @Description("Its kept connections without a stream that the last drain let go, with the answer to a request or"
            + " while they were idle.")
    @Unit("connections")
    int getDrainKeptTotal();

    @Action
    @Description(
            "Takes it out of service and empties it: new streams get the onDown of their route; those that are open"
                    + " are ended at a rate, between two messages: WebSockets with a close frame 1001, HTTP streams with their"
                    + " last chunk, Direct after a line; requests are answered. Kept connections leave after the last stream. What is left at the"
                    + " deadline is ended at once.")
    String drain(
            @Parameter(name = "perSecond", description = "streams to end in a second, on average; 0 = all at once")
                    int perSecond,
            @Parameter(name = "deadlineSeconds", description = "when what is left is ended, 1 to 86400")
                    int deadlineSeconds);

    @Action
    @Description("Holds its drain: no more streams are asked to end. New ones are still refused, the deadline stands."
            + " Liberators that are drained together with it go on, and have the whole rate.")
    String pauseDrain();

    @Action
    @Description("Goes on with a drain that was paused.")
    String resumeDrain();

    @Action
    @Description(
            "Calls its drain off and puts the Liberator back in service. What has ended stays ended, and Liberators"
                    + " that are drained together with it go on.")
    String undrain();

    @Action
    @Description("Lets new streams come to it again, after a disable or a drain.")
    String enable();

    @Action
    @Description("Lets no new streams come to it: they get the onDown of their route. What is open stays.")
    String disable();
}
