package io.sluice.console.tab;

import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Reasons;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import javax.swing.SwingWorker;

/** Something that is asked of the appliance on a thread of its own; the answer is shown on the thread of Swing. */
final class Errand<T> extends SwingWorker<T, Void> {
    /** Takes as long as it takes. */
    interface Work<T> {
        T run() throws Failure;
    }

    private final Work<T> work;
    private final Consumer<T> show;
    private final Consumer<String> trouble;

    /**
     * Does nothing until it is executed.
     *
     * @param trouble told why it failed
     */
    Errand(Work<T> work, Consumer<T> show, Consumer<String> trouble) {
        this.work = work;
        this.show = show;
        this.trouble = trouble;
    }

    @Override
    protected T doInBackground() throws Failure {
        return work.run();
    }

    @Override
    protected void done() {
        try {
            show.accept(get());
        } catch (ExecutionException failed) {
            trouble.accept(failed.getCause() instanceof Failure failure ? failure.getMessage() : Reasons.of(failed));
        } catch (CancellationException left) {
            // The tab was closed meanwhile.
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }
}
