/**
 * What happened: counters per Liberator and listener, the records of open streams, and the one list of
 * reasons for refusing and ending.
 *
 * <p>Counters are created with what they count and live as long as the process; an increment is never lost.
 * This room depends on no other.
 */
@NullMarked
package io.sluice.account;

import org.jspecify.annotations.NullMarked;
