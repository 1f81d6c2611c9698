package io.sluice.loop;

import org.jspecify.annotations.Nullable;

/**
 * Something that must happen at a time unless it is moved or cancelled before.
 *
 * <p>One object serves its owner for life: {@link EdgeLoop#arm} moves it, {@link #cancel} takes it out.
 * Its links are part of the wheel, so arming allocates nothing.
 *
 * <p><b>Threading:</b> the loop's thread only.
 */
public abstract class Deadline {
    @Nullable
    Deadline previous;

    @Nullable
    Deadline next;

    /** The wheel's tick at which this is due; meaningless while not armed. */
    long dueTick;

    boolean armed;

    @Nullable
    DeadlineWheel wheel;

    /** Called once, on the loop's thread, at most one tick after the time asked for. */
    protected abstract void onDeadline();

    public final boolean isArmed() {
        return armed;
    }

    /** Forgets the time asked for; does nothing when none was. */
    public final void cancel() {
        if (armed && wheel != null) {
            wheel.remove(this);
        }
    }
}
