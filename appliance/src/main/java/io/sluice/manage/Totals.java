package io.sluice.manage;

import io.sluice.account.Kind;
import io.sluice.account.Ledger;

/** Sums over the kinds of a ledger. */
final class Totals {
    private Totals() {}

    /** Streams open now. */
    static int active(Ledger ledger) {
        int active = 0;
        for (Kind kind : Kind.values()) {
            active += ledger.kind(kind).active();
        }
        return active;
    }

    /** Streams opened since the start. */
    static long opened(Ledger ledger) {
        long opened = 0;
        for (Kind kind : Kind.values()) {
            opened += ledger.kind(kind).total();
        }
        return opened;
    }
}
