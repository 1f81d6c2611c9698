package io.sluice.console.top;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the screen shows and where it stands: changed by keys alone. */
final class Face {
    /** The columns that streams can be sorted by, as a query says it; the first is the order of age. */
    static final String[] STREAM_SORTS = {"", "sort=sent", "sort=behind", "sort=waiting", "sort=idle", "sort=received"};

    /**
     * Something that is asked before it is done.
     *
     * @param pace has another pace typed for it; null where it has none
     */
    record Question(String text, Act act, @Nullable Runnable pace) {}

    /**
     * What is being typed.
     *
     * @param prompt stands before it
     * @param entered takes it when it is entered
     * @param left what is said when it is not
     */
    record Typing(String prompt, StringBuilder text, Consumer<String> entered, String left) {}

    /** What is done when the answer is yes: it says what came of it. */
    interface Act {
        String run() throws Exception;
    }

    Page page = Page.LIBERATORS;
    int appliance;
    int selected;
    int sort = -1;
    boolean reversed;
    int streamSort;
    String filter = "";
    /** Only streams of this Liberator; empty: of all. */
    String liberator = "";

    boolean help;
    /** A stream that is looked at in full; empty: none. */
    String detail = "";

    /** Null: nothing is. */
    @Nullable
    Typing typing;

    @Nullable
    Question question;
    /** What came of the last act. */
    String message = "";

    /** Read by the readers too. */
    volatile boolean paused;

    void go(Page next) {
        page = next;
        selected = 0;
        sort = -1;
        reversed = false;
        filter = "";
        detail = "";
        help = false;
        message = "";
    }

    /** The query of the stream pages. */
    String query() {
        String order = page == Page.SLOW ? "behind>0B sort=waiting" : STREAM_SORTS[streamSort];
        String of = liberator.isEmpty() ? "" : "liberator=" + liberator;
        return (of + " " + filter + " " + order).strip().replaceAll(" +", " ");
    }
}
