package io.sluice.account;

import java.net.InetSocketAddress;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A connection or request was refused, for a flight recording. */
@Name("sluice.Refused")
@Label("Refused")
@Category("Sluice")
@StackTrace(false)
final class RefusedEvent extends Event {
    @Label("Listener")
    String listener = "";

    @Label("Host")
    String host = "";

    @Label("Client")
    String client = "";

    @Label("Reason")
    String reason = "";

    @Label("Status")
    int status;

    static void commit(String listener, InetSocketAddress client, String host, Refusal refusal) {
        RefusedEvent event = new RefusedEvent();
        if (event.isEnabled()) {
            event.listener = listener;
            event.host = host;
            event.client = StreamLog.address(client);
            event.reason = refusal.label();
            event.status = refusal.status();
            event.commit();
        }
    }
}
