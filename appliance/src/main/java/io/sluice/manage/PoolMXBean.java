package io.sluice.manage;

import org.jspecify.annotations.Nullable;

@Description(
        "Several Liberators behind one host, of which each client has one: who was given whom, and on what evidence.")
public interface PoolMXBean {
    @Description("The host of its route.")
    String getHost();

    @Description("What tells its clients apart: cookie, address or path.")
    String getAffinity();

    @Description("A line for each Liberator: weight, state, connections open now, new clients it was given.")
    String[] getLiberators();

    @Description("Ids of the keys that cookies are believed by; the first one signs. Empty without cookies.")
    String[] getKeyIds();

    @Description(
            "A line for each of these keys: its id and a fingerprint of its secret, by which it can be compared with"
                    + " that of another appliance. Empty without cookies.")
    String[] getKeyFingerprints();

    @Description(
            "Connections of the most loaded Liberator for its weight, divided by the mean: 1 is even. 0 when idle.")
    @Unit("ratio")
    double getImbalance();

    @Description("New clients that were given a Liberator.")
    @Unit("clients")
    long getAssignedTotal();

    @Description("Requests that went to the Liberator that their client belongs to.")
    @Unit("requests")
    long getKeptTotal();

    @Description("Clients told to start anew because their Liberator had been down for longer than release.downFor.")
    @Unit("requests")
    long getReleasedDownTotal();

    @Description("Clients told to start anew because their Liberator is no longer in the pool.")
    @Unit("requests")
    long getReleasedRemovedTotal();

    @Description("Refused because their Liberator is no longer in the pool, and release.removed is off.")
    @Unit("requests")
    long getGoneTotal();

    @Description("New clients refused because no Liberator took new ones.")
    @Unit("requests")
    long getNoLiberatorTotal();

    @Description("Requests refused for what they showed: see the three counts of bad cookies.")
    @Unit("requests")
    long getRefusedTotal();

    @Description("Cookies that were not made by us, not for this pool, or were altered.")
    @Unit("requests")
    long getForgedTotal();

    @Description("Cookies older than maxAge.")
    @Unit("requests")
    long getExpiredTotal();

    @Description("Cookies of a key that is not in the file of keys.")
    @Unit("requests")
    long getUnknownKeyTotal();

    @Description("Says where a client would go and on what evidence; counts and changes nothing.")
    String[] explain(
            @Nullable @Parameter(name = "client", description = "its address; empty: a new one somewhere")
                    String client,
            @Nullable
                    @Parameter(
                            name = "cookie",
                            description = "the value of the pool's cookie, as the client has it; empty: none")
                    String cookie,
            @Nullable @Parameter(name = "path", description = "the path asked for; empty for /") String path);
}
