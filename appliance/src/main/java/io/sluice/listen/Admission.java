package io.sluice.listen;

import io.sluice.account.ListenerLedger;
import io.sluice.account.Places;
import io.sluice.account.Refusal;
import io.sluice.config.Limits;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Decides which connections one listener lets in, by the limits in force when they come, and counts those that are
 * in.
 *
 * <p><b>Threading:</b> any thread.
 */
final class Admission {
    private final Places appliance;
    private final ListenerLedger ledger;
    private final AddressCounts addresses;

    /**
     * @param appliance the places of the clients of all listeners
     */
    Admission(Places appliance, ListenerLedger ledger) {
        this(appliance, ledger, new AddressCounts());
    }

    private Admission(Places appliance, ListenerLedger ledger, AddressCounts addresses) {
        this.appliance = appliance;
        this.ledger = ledger;
        this.addresses = addresses;
    }

    /** The same for a listener that takes over the socket: what is counted per address goes with it. */
    Admission of(ListenerLedger next) {
        return new Admission(appliance, next, addresses);
    }

    /** A limit of 0 is none. */
    private static int orNone(int limit) {
        return limit == 0 ? Integer.MAX_VALUE : limit;
    }

    /** What one connection takes; {@link #run} gives it back, once. */
    final class Visit implements Runnable {
        private boolean entered;
        private @Nullable InetAddress counted;

        /**
         * Takes a place at the listener and in the appliance.
         *
         * @param applianceLimit the most connections of all listeners; 0: no limit
         * @return null when there was one, else why not
         */
        @Nullable
        Refusal enter(Limits limits, int applianceLimit) {
            if (!appliance.take(orNone(applianceLimit))) {
                return Refusal.APPLIANCE_LIMIT;
            }
            if (!ledger.connections().take(orNone(limits.connections()))) {
                appliance.giveBack();
                return Refusal.LISTENER_LIMIT;
            }
            entered = true;
            return null;
        }

        /**
         * Takes a place for the client's address, if that may come at all.
         *
         * @return null when it may and there was one, else why not
         */
        @Nullable
        Refusal identify(InetAddress client, Limits limits) {
            if (!limits.rules().admit(client)) {
                return Refusal.ADDRESS_DENIED;
            }
            if (limits.connectionsPerAddress() > 0) {
                InetAddress host = limits.host(client);
                if (!addresses.take(host, limits.connectionsPerAddress())) {
                    return Refusal.ADDRESS_LIMIT;
                }
                counted = host;
            }
            return null;
        }

        @Override
        public void run() {
            InetAddress host = counted;
            if (host != null) {
                addresses.giveBack(host);
            }
            if (entered) {
                ledger.connections().giveBack();
                appliance.giveBack();
            }
        }
    }
}
