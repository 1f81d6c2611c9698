package io.sluice.console.sight;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Bean;
import io.sluice.console.reach.Failure;
import java.util.List;

/**
 * A request or connection that nobody has made: what would happen to it?
 *
 * @param serverName the TLS server name; empty for plain HTTP
 * @param host empty on a direct listener
 * @param path empty for /
 * @param client the address it comes from; empty: nobody's in particular
 * @param cookie the pool's cookie, as that client has it; empty: none
 * @param staged what is staged is asked, not what is in force
 */
public record WhatIf(
        String listener, String serverName, String host, String path, String client, String cookie, boolean staged) {
    /**
     * The answer, a line for each step.
     *
     * @throws Failure when the appliance cannot be asked, or has nothing staged
     */
    public List<String> explained(Appliance appliance) throws Failure {
        Bean table = appliance.bean("RoutingTable");
        if (client.isEmpty()) {
            return table.say(staged ? "explainStaged" : "explain", listener, serverName, host, path);
        }
        String operation = staged ? "explainClientStaged" : "explainClient";
        return table.say(operation, client, listener, serverName, host, path, cookie);
    }
}
