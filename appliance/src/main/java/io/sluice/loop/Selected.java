package io.sluice.loop;

import java.io.IOException;
import java.nio.channels.SelectionKey;

/** What an {@link EdgeLoop} calls when a channel is ready: the attachment of every key. */
interface Selected {
    /**
     * The channel of {@code key} is ready for one of the operations it is registered for.
     *
     * @throws IOException when the channel has failed; the loop then calls {@link #onFailed}
     */
    void onSelected(SelectionKey key) throws IOException;

    /** The channel, or our own code behind it, has failed and must go. */
    void onFailed(Throwable cause);
}
