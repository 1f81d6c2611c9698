package io.sluice.account;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The state of a Liberator has changed, for a flight recording. */
@Name("sluice.LiberatorState")
@Label("Liberator's state")
@Category("Sluice")
@StackTrace(false)
final class LiberatorStateEvent extends Event {
    @Label("Liberator")
    String liberator = "";

    @Label("From")
    String from = "";

    @Label("To")
    String to = "";

    @Label("Reason")
    String reason = "";

    static void commit(String liberator, Ledger.StateChange change) {
        LiberatorStateEvent event = new LiberatorStateEvent();
        if (event.isEnabled()) {
            event.liberator = liberator;
            event.from = change.from();
            event.to = change.to();
            event.reason = change.reason();
            event.commit();
        }
    }
}
