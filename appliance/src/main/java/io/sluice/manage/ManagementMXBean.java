package io.sluice.manage;

/** {@code sluice:type=Management}. */
@Description("Who manages the appliance: logins, sessions, and what was changed or refused.")
public interface ManagementMXBean {
    @Description("Address of remote JMX as clients know it; empty when it is off.")
    String getAddress();

    @Description("How remote JMX is protected: plain or TLSv1.3, with or without client certificates, how many users.")
    String getProtection();

    @Description("What whoever reads this may do: operator, or viewer, who only reads.")
    String getCallerRole();

    @Description("Sessions of remote JMX open now; at most 16, each ends after an idle hour.")
    @Unit("sessions")
    int getSessionsActive();

    @Description("A line for each session: number, user, role, address, how long.")
    String[] getSessions();

    @Description("A line for each user: name, role, how the user is known.")
    String[] getUsers();

    @Description("Logins granted since the start.")
    @Unit("logins")
    long getLoginsTotal();

    @Description("Logins refused since the start; each is answered after a delay that doubles.")
    @Unit("logins")
    long getLoginsRefusedTotal();

    @Description("Connections to the JMX port closed at once since the start, being too many.")
    @Unit("connections")
    long getConnectionsRefusedTotal();

    @Description("Attempts to change something since the start, refused ones included.")
    @Unit("writes")
    long getWritesTotal();

    @Description("Attempts to change something that the caller's role did not allow.")
    @Unit("writes")
    long getWritesRefusedTotal();

    @Description("A line for each of the last attempts to change something: when, who, what, what came of it.")
    String[] getLastWrites();

    @Description("Where metrics and health are served over HTTP; empty when they are not.")
    String getMetricsAddress();

    @Description("Requests for metrics or health answered since the start.")
    @Unit("requests")
    long getMetricsServedTotal();

    @Description("Requests to the metrics port for something else, or other than GET, since the start.")
    @Unit("requests")
    long getMetricsRefusedTotal();

    @Description("Where audit lines go.")
    String getAuditLog();

    @Description("Audit lines written since the start.")
    @Unit("lines")
    long getAuditLinesTotal();

    @Description("Audit lines lost since the start, because the disk was full or too slow. Must be 0.")
    @Unit("lines")
    long getAuditDroppedTotal();

    @Description("Up to 50 of the last attempts to change something as JSON, as in the audit log.")
    String[] audit();

    @Action
    @Description("Ends a session of remote JMX at once.")
    String closeSession(
            @Parameter(name = "session", description = "the number of the session, as Sessions shows it")
                    String session);
}
