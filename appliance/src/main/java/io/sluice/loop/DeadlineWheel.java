package io.sluice.loop;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hashed timing wheel (Varghese and Lauck 1987, scheme 6) for the coarse deadlines of one loop.
 *
 * <p>Arming, moving and cancelling are O(1) and free of allocation and locks, which is why the JDK's
 * scheduled executor is not used: every request moves a deadline several times. Times are those of
 * {@link System#nanoTime}, so that a step of the wall clock moves no deadline.
 *
 * <p><b>Threading:</b> the loop's thread only.
 */
final class DeadlineWheel {
    static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int SLOTS = 1024;
    private static final Logger LOG = LoggerFactory.getLogger(DeadlineWheel.class);

    private final @Nullable Deadline[] slots = new @Nullable Deadline[SLOTS];
    private final long startNanos;
    private long currentTick;
    private int size;

    DeadlineWheel(long nowNanos) {
        startNanos = nowNanos;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Makes {@code deadline} due {@code delayNanos} after {@code nowNanos}; moves it if it is armed already. */
    void arm(Deadline deadline, long nowNanos, long delayNanos) {
        if (deadline.armed) {
            remove(deadline);
        }
        if (size == 0) {
            currentTick = Math.max(currentTick, tick(nowNanos));
        }
        // Rounded up, and never into the slot being walked: a deadline is late by at most a tick, never early.
        long due = tick(nowNanos + delayNanos + TICK_NANOS - 1);
        deadline.dueTick = Math.max(due, currentTick + 1);
        deadline.wheel = this;
        deadline.armed = true;
        int slot = slot(deadline.dueTick);
        Deadline head = slots[slot];
        deadline.previous = null;
        deadline.next = head;
        if (head != null) {
            head.previous = deadline;
        }
        slots[slot] = deadline;
        size++;
    }

    void remove(Deadline deadline) {
        Deadline previous = deadline.previous;
        Deadline next = deadline.next;
        if (previous == null) {
            slots[slot(deadline.dueTick)] = next;
        } else {
            previous.next = next;
        }
        if (next != null) {
            next.previous = previous;
        }
        deadline.previous = null;
        deadline.next = null;
        deadline.armed = false;
        size--;
    }

    /** Fires everything that is due at {@code nowNanos}. */
    void advance(long nowNanos) {
        long target = tick(nowNanos);
        if (target - currentTick > SLOTS) {
            // A loop that slept for more than a turn walks each slot once; what is due in it fires.
            currentTick = target - SLOTS;
        }
        while (currentTick < target && size > 0) {
            currentTick++;
            fireSlot(slot(currentTick), target);
        }
        currentTick = Math.max(currentTick, target);
    }

    private void fireSlot(int slot, long target) {
        // A fired deadline may arm, move or cancel any other one: start again from the head after each.
        @Nullable Deadline due = dueIn(slot, target);
        while (due != null) {
            remove(due);
            fire(due);
            due = dueIn(slot, target);
        }
    }

    /** A deadline whose owner fails must not take the others of its slot with it. */
    private static void fire(Deadline due) {
        try {
            due.onDeadline();
        } catch (RuntimeException failure) {
            LOG.error("loop.error cause=\"{}\" action=\"deadline given up\"", failure.toString(), failure);
        }
    }

    private @Nullable Deadline dueIn(int slot, long target) {
        for (Deadline each = slots[slot]; each != null; each = each.next) {
            if (each.dueTick <= target) {
                return each;
            }
        }
        return null;
    }

    private long tick(long nanos) {
        return Math.floorDiv(nanos - startNanos, TICK_NANOS);
    }

    private static int slot(long tick) {
        return (int) (tick & (SLOTS - 1));
    }
}
