package io.sluice.manage;

import io.sluice.account.StreamRecord;
import io.sluice.config.ConfigDiff;
import io.sluice.config.ConfigLoader;
import io.sluice.config.ConfigResult;
import io.sluice.config.Problem;
import io.sluice.config.SluiceConfig;
import io.sluice.route.Router;
import io.sluice.route.RoutingTable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configurations that were in force since the start, the one that is, and the one that is staged to be next.
 * Every change of the configuration, from wherever, goes through {@link #put}: it is in force whole or not at all,
 * and no stream is closed by it.
 *
 * <p>Methods throw {@link IllegalArgumentException} or {@link IllegalStateException} with a sentence for operators
 * when they change nothing.
 *
 * <p><b>Threading:</b> any thread; changes come one at a time.
 */
public final class Generations {
    private static final Logger LOG = LoggerFactory.getLogger(Generations.class);
    private static final int MOST_KEPT = 50;
    private static final int MOST_SECONDS = 86_400;

    /** Puts a configuration in force. */
    public interface Change {
        /**
         * Puts {@code config} in force for everything that comes from now on.
         *
         * @return what an operator should know beyond that; mostly empty
         * @throws IOException when it cannot be; everything is as it was then
         */
        String apply(SluiceConfig config) throws IOException;
    }

    /**
     * What is to be next.
     *
     * @param base the generation in force when it was staged
     * @param preview the table that it would make; counts nothing
     */
    record Staged(SluiceConfig config, long base, String by, Instant at, RoutingTable preview) {}

    private record Unconfirmed(long number, long previous, Instant until, ScheduledFuture<?> rollback) {}

    private final Router router;
    private final Change change;
    private final ScheduledExecutorService timer;
    private final List<Generation> generations = new ArrayList<>();
    /** What the file held when it was last read or written here. */
    private String inFile;

    private volatile @Nullable Staged staged;
    private volatile @Nullable Unconfirmed unconfirmed;

    Generations(Router router, Change change, ScheduledExecutorService timer) {
        this.router = router;
        this.change = change;
        this.timer = timer;
        RoutingTable table = router.table();
        inFile = table.config().text();
        generations.add(new Generation(table.version(), table.since(), "start", "read at the start", table.config()));
    }

    synchronized Generation current() {
        return generations.get(generations.size() - 1);
    }

    /** Oldest first; at most the last 50. */
    synchronized List<Generation> all() {
        return List.copyOf(generations);
    }

    synchronized Generation numbered(long number) {
        return generations.stream()
                .filter(each -> each.number() == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no generation " + number + " (kept: "
                        + generations.get(0).number() + " to " + current().number() + "); nothing was changed"));
    }

    // ---------------------------------------------------------------- changing at once

    /**
     * Checks a text and puts it in force.
     *
     * @return a sentence that says what is in force now
     */
    synchronized String put(String text, String by, String comment) {
        requireNothingUnconfirmed();
        return inForce(checked(text), by, comment);
    }

    /** The same with the text in force, edited. */
    synchronized String edit(UnaryOperator<String> edit, String by, String comment) {
        return put(edit.apply(current().config().text()), by, comment);
    }

    /** Reads the file again and puts it in force, as HUP does; never throws: the sentence says what came of it. */
    public synchronized String reload(String by) {
        Path file = current().config().file();
        ConfigResult result = ConfigLoader.load(file);
        if (result instanceof ConfigResult.Refused refused) {
            refused.problems().forEach(each -> LOG.error("config.refused problem=\"{}\"", each));
            return kept(count(refused.problems().size(), "problem") + " in " + file) + "\n"
                    + refused.problems().stream().map(Problem::toString).collect(Collectors.joining("\n"));
        }
        SluiceConfig config = ((ConfigResult.Loaded) result).config();
        try {
            requireNothingUnconfirmed();
            String sentence = inForce(config, by, "reload of " + file.getFileName());
            inFile = config.text();
            return sentence;
        } catch (IllegalStateException refused) {
            return kept(String.valueOf(refused.getMessage()));
        }
    }

    private String kept(String reason) {
        RoutingTable table = router.table();
        LOG.error(
                "table.kept version={} routes={} reason=\"{}\" detail=\"routing table not changed\"",
                table.version(),
                table.routes().size(),
                reason);
        return "routing table not changed, still serving version " + table.version() + ": " + reason;
    }

    /** The one place where a configuration comes into force. */
    private String inForce(SluiceConfig config, String by, String comment) {
        String more;
        try {
            more = change.apply(config);
        } catch (IOException impossible) {
            throw new IllegalStateException(
                    impossible.getMessage() + "; version " + current().number() + " stays in force", impossible);
        }
        RoutingTable table = router.table();
        generations.add(new Generation(table.version(), table.since(), by, comment, config));
        if (generations.size() > MOST_KEPT) {
            generations.remove(0);
        }
        LOG.info("generation.commit number={} by={} comment=\"{}\"", table.version(), by, comment);
        return "table version " + table.version() + " in force: "
                + count(table.routes().size(), "route") + ", "
                + count(table.liberators().size(), "Liberator") + ", "
                + count(table.listeners().size(), "listener")
                + (more.isEmpty() ? "" : "; " + more);
    }

    private SluiceConfig checked(String text) {
        List<Problem> problems = problems(text);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("nothing was changed, version "
                    + current().number() + " stays in force: " + count(problems.size(), "problem") + ": "
                    + problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
        }
        return ((ConfigResult.Loaded) parse(text)).config();
    }

    /** All that is wrong with a text, with line and column; empty: it is good. */
    List<Problem> problems(String text) {
        return parse(text) instanceof ConfigResult.Refused refused ? refused.problems() : List.of();
    }

    private ConfigResult parse(String text) {
        Path file = current().config().file();
        Path folder = Objects.requireNonNullElse(file.toAbsolutePath().getParent(), file);
        return ConfigLoader.parse(file.toString(), text, folder);
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    // ---------------------------------------------------------------- staging

    /** Checks a text and keeps it to be committed. */
    synchronized Staged stage(String text, String by) {
        return stage(checked(text), by);
    }

    /** The same with the file as it is now. */
    synchronized Staged stageFile(String by) {
        Path file = current().config().file();
        ConfigResult result = ConfigLoader.load(file);
        if (result instanceof ConfigResult.Refused refused) {
            throw new IllegalArgumentException("nothing was staged: "
                    + count(refused.problems().size(), "problem") + ": "
                    + refused.problems().stream().map(Problem::toString).collect(Collectors.joining("; ")));
        }
        return stage(((ConfigResult.Loaded) result).config(), by);
    }

    private Staged stage(SluiceConfig config, String by) {
        RoutingTable now = router.table();
        Staged next = new Staged(config, now.version(), by, Instant.now(), RoutingTable.preview(config, now));
        staged = next;
        return next;
    }

    @Nullable
    Staged staged() {
        return staged;
    }

    /** What is staged, or an exception that says how to stage. */
    Staged requireStaged() {
        Staged next = staged;
        if (next == null) {
            throw new IllegalStateException("nothing is staged (stage a text, or the file with stageFile)");
        }
        return next;
    }

    synchronized boolean unstage() {
        boolean was = staged != null;
        staged = null;
        return was;
    }

    /** Puts what is staged in force. */
    synchronized String commit(String by, String comment) {
        Staged next = requireStaged();
        if (next.base() != current().number()) {
            throw new IllegalStateException("nothing was changed: staged on version " + next.base() + ", but version "
                    + current().number() + " is in force since (stage again and look at the diff)");
        }
        requireNothingUnconfirmed();
        String sentence = inForce(next.config(), by, comment);
        staged = null;
        return sentence;
    }

    /** The same, to be confirmed. */
    synchronized String commitWithin(String by, String comment, int seconds) {
        requireSeconds(seconds);
        return commit(by, comment) + "; " + confirmWithin(seconds, by);
    }

    /** Puts the configuration of an earlier generation in force again, as a new one. */
    synchronized String rollback(long number, String by) {
        Generation target = numbered(number);
        if (target.number() == current().number()) {
            throw new IllegalArgumentException("version " + number + " is in force; nothing was changed");
        }
        SluiceConfig config = checked(target.config().text());
        String sentence = inForce(config, by, "rollback to " + number);
        confirmed();
        return sentence;
    }

    // ---------------------------------------------------------------- confirming

    /** Unless it is confirmed in time, the generation in force gives way to the one before. */
    synchronized String confirmWithin(int seconds, String by) {
        requireSeconds(seconds);
        if (generations.size() < 2) {
            throw new IllegalStateException("there is no generation before version "
                    + current().number() + " to go back to; nothing was changed");
        }
        Unconfirmed before = unconfirmed;
        long number = current().number();
        long previous = before != null && before.number() == number
                ? before.previous()
                : generations.get(generations.size() - 2).number();
        confirmed();
        ScheduledFuture<?> rollback =
                timer.schedule(() -> rollBackUnconfirmed(number, previous), seconds, TimeUnit.SECONDS);
        unconfirmed = new Unconfirmed(number, previous, Instant.now().plusSeconds(seconds), rollback);
        LOG.info("generation.unconfirmed number={} seconds={} by={} else={}", number, seconds, by, previous);
        return "version " + number + " gives way to version " + previous + " in " + seconds
                + " s unless it is confirmed";
    }

    private static void requireSeconds(int seconds) {
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw new IllegalArgumentException(
                    "seconds is " + seconds + " (expected 1 to " + MOST_SECONDS + "); nothing was changed");
        }
    }

    private synchronized void rollBackUnconfirmed(long number, long previous) {
        Unconfirmed waiting = unconfirmed;
        if (waiting == null || waiting.number() != number) {
            return;
        }
        unconfirmed = null;
        try {
            LOG.warn("generation.rollback number={} to={} cause=\"not confirmed in time\"", number, previous);
            inForce(
                    checked(numbered(previous).config().text()),
                    "confirmWithin",
                    "rollback to " + previous + ", as " + number + " was not confirmed");
        } catch (RuntimeException impossible) {
            LOG.error(
                    "generation.kept number={} cause=\"{}\" action=\"roll back by hand\"",
                    number,
                    impossible.getMessage());
        }
    }

    /** Keeps the generation in force. */
    synchronized String confirm() {
        if (!confirmed()) {
            throw new IllegalStateException("nothing waits for a confirmation");
        }
        return "version " + current().number() + " is confirmed and stays";
    }

    private boolean confirmed() {
        Unconfirmed waiting = unconfirmed;
        unconfirmed = null;
        if (waiting != null) {
            waiting.rollback().cancel(false);
        }
        return waiting != null;
    }

    private void requireNothingUnconfirmed() {
        Unconfirmed waiting = unconfirmed;
        if (waiting != null) {
            throw new IllegalStateException("version " + waiting.number() + " waits for its confirmation until "
                    + TextTable.instant(waiting.until()) + " (confirm it or roll back first); nothing was changed");
        }
    }

    /** When the generation in force gives way; null: it stays. */
    @Nullable
    Instant confirmUntil() {
        Unconfirmed waiting = unconfirmed;
        return waiting == null ? null : waiting.until();
    }

    // ---------------------------------------------------------------- looking

    /** What would change from one configuration to another. */
    static List<String> diff(SluiceConfig before, SluiceConfig after) {
        List<String> lines = ConfigDiff.between(before.text(), after.text());
        return lines.isEmpty() ? List.of("no difference") : lines;
    }

    /**
     * How many of the open streams were opened under each generation, in the order given; those that are older than
     * the first count for it.
     */
    static long[] streamsOf(List<Generation> generations, Collection<StreamRecord> streams) {
        long[] counts = new long[generations.size()];
        for (StreamRecord stream : streams) {
            int at = generations.size() - 1;
            while (at > 0 && generations.get(at).number() > stream.terms().tableVersion()) {
                at--;
            }
            counts[at]++;
        }
        return counts;
    }

    // ---------------------------------------------------------------- the file

    /** Writes the configuration in force to the file, and keeps what was there beside it. */
    synchronized String save() {
        SluiceConfig config = current().config();
        try {
            String kept = ConfigFile.replace(config.file(), inFile, config.text());
            inFile = config.text();
            return kept;
        } catch (IOException failed) {
            String cause = failed instanceof AccessDeniedException
                    ? failed.getMessage() + " may not be written by the appliance"
                    : failed.getMessage();
            throw new IllegalStateException("the file was not changed: " + cause, failed);
        }
    }
}
