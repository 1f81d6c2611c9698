package io.sluice.handover;

import java.io.IOException;
import java.nio.file.Path;

/** The new process's side: comes forward, says that it serves, and waits until the place is its own. */
public final class Succession implements AutoCloseable {
    private final Conversation predecessor;

    private Succession(Conversation predecessor) {
        this.predecessor = predecessor;
    }

    /**
     * Comes forward to the process that has started this one.
     *
     * @param control its control socket
     */
    public static Succession begin(Path control) throws IOException {
        Conversation predecessor = Conversation.with(control);
        predecessor.say("successor " + ProcessHandle.current().pid());
        return new Succession(predecessor);
    }

    /** Why this process ends instead of serving. */
    public void giveUp(String reason) {
        try (predecessor) {
            predecessor.say(reason);
        } catch (IOException gone) {
            // It sees our end.
            return;
        }
    }

    /**
     * Says that all addresses are listened on, and waits until the predecessor has left them.
     *
     * @throws IOException when it does not want to
     */
    public void takePlace() throws IOException {
        predecessor.say("serving");
        String answer = predecessor.hear();
        if (!"yours".equals(answer)) {
            throw new IOException("the process before does not hand over");
        }
    }

    /** Says that the supervisor and the next operator find this process. */
    @Override
    public void close() throws IOException {
        try (predecessor) {
            predecessor.say("settled");
        }
    }
}
