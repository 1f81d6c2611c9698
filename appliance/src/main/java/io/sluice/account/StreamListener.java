package io.sluice.account;

import java.net.InetSocketAddress;

/**
 * Who wants to know what happens to streams.
 *
 * <p><b>Threading:</b> called on loops, by many at a time: must not block, and must not throw.
 */
public interface StreamListener {
    void opened(StreamRecord stream);

    void ended(StreamRecord stream, EndCause cause);

    /** {@code host} is what the client asked for, empty when unknown. */
    void refused(String listener, InetSocketAddress client, String host, Refusal refusal);

    /** A stream became slow or stalled; not on a loop. */
    void flows(StreamRecord stream, Flow flow);
}
