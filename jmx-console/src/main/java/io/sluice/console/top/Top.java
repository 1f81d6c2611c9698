package io.sluice.console.top;

import io.sluice.console.reach.Appliance;
import io.sluice.console.reach.Failure;
import io.sluice.console.reach.Reasons;
import io.sluice.console.sheet.Sheet;
import io.sluice.console.sheet.Streams;
import io.sluice.console.sight.Acts;
import io.sluice.console.sight.Acts.Pace;
import io.sluice.console.sight.Sight;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The screen that stays open: keys in, lines out.
 *
 * <p><b>Threading:</b> the face belongs to the thread that runs it; readings come on threads of their own, so that an
 * appliance that does not answer stops no key.
 */
public final class Top implements AutoCloseable {
    private static final int KEY_MILLIS = 100;
    private static final String NOTHING_CHANGED = "nothing was changed";

    private final List<Sight> sights;
    private final Glass glass;
    private final boolean unicode;
    private final Face face = new Face();
    private final List<Thread> readers = new ArrayList<>();
    /** Something to read at once. */
    private final BlockingQueue<Boolean> hurry = new ArrayBlockingQueue<>(1);

    private volatile Streams streams = Streams.NONE;
    private volatile List<String> audit = List.of();
    /** What the streams' reader shall read; published by the screen's thread. */
    private volatile Wanted wanted = new Wanted(Page.LIBERATORS, 0, "", "");

    private record Wanted(Page page, int appliance, String query, String detail) {}

    /**
     * Begins to read.
     *
     * @param intervalMillis between two readings
     * @param unicode whether the terminal shows more than ASCII
     */
    Top(List<Sight> sights, Glass glass, int intervalMillis, boolean unicode) {
        this.sights = List.copyOf(sights);
        this.glass = glass;
        this.unicode = unicode;
        for (Sight each : sights) {
            repeat("top-reader", () -> {
                each.read();
                TimeUnit.MILLISECONDS.sleep(intervalMillis);
            });
        }
        repeat("top-page", () -> {
            readPage();
            hurry.poll(intervalMillis, TimeUnit.MILLISECONDS);
        });
    }

    private interface Round {
        void go() throws InterruptedException;
    }

    /** Again and again until the screen is closed, but for the time of a pause. */
    private void repeat(String name, Round round) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            if (face.paused) {
                                TimeUnit.MILLISECONDS.sleep(KEY_MILLIS);
                            } else {
                                round.go();
                            }
                        }
                    } catch (InterruptedException closed) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        readers.add(thread);
    }

    /**
     * On the terminal that the command was started from.
     *
     * @throws java.io.IOException when it can show no screen
     */
    public static Top onTerminal(List<Sight> sights, int intervalMillis, boolean unicode) throws java.io.IOException {
        return new Top(sights, JLineGlass.open(), intervalMillis, unicode);
    }

    /** Until the operator leaves. */
    public void run() {
        boolean open = true;
        while (open) {
            Painter painter = new Painter(glass.width(), glass.height(), unicode, ZoneId.systemDefault());
            Painter.Scene scene = new Painter.Scene(sights, face, streams, audit);
            face.selected = Math.max(
                    0, Math.min(face.selected, Painter.sheet(scene).rows().size() - 1));
            glass.draw(painter.paint(scene));
            open = take(glass.read(KEY_MILLIS), painter, scene);
        }
    }

    // ---------------------------------------------------------------- reading a page

    private void readPage() {
        Wanted now = wanted;
        try {
            Sight sight = sights.get(Math.min(now.appliance, sights.size() - 1));
            if (now.page == Page.STREAMS || now.page == Page.SLOW) {
                streams = readStreams(sight.appliance(), now);
            } else if (now.page == Page.EVENTS) {
                audit = sight.appliance().bean("Management").say("audit");
            }
        } catch (Failure failure) {
            streams = new Streams(now.query, List.of(), failure.getMessage(), List.of());
        }
    }

    private static Streams readStreams(Appliance appliance, Wanted now) throws Failure {
        Streams read = Streams.of(appliance, now.query);
        if (now.detail.isEmpty()) {
            return read;
        }
        try {
            return read.with(appliance.bean("Streams").say("show", now.detail));
        } catch (Failure ended) {
            return read.with(List.of(ended.getMessage()));
        }
    }

    /** Has the page read at once instead of at the next round. */
    private void publish() {
        Wanted next = new Wanted(face.page, face.appliance, face.query(), face.detail);
        if (!next.equals(wanted)) {
            if (next.page != wanted.page || next.appliance != wanted.appliance) {
                streams = Streams.NONE;
            }
            wanted = next;
            hurry.offer(true);
        }
    }

    // ---------------------------------------------------------------- keys

    /** @return whether to go on */
    private boolean take(Key key, Painter painter, Painter.Scene scene) {
        if (key.name() == Key.Name.NONE || key.name() == Key.Name.RESIZED) {
            return true;
        } else if (key.name() == Key.Name.CLOSED) {
            return false;
        }
        if (face.question != null) {
            answer(key, face.question);
            return true;
        }
        if (face.typing != null) {
            type(key, face.typing);
            publish();
            return true;
        }
        face.message = "";
        boolean open = true;
        switch (key.name()) {
            case UP -> face.selected--;
            case DOWN -> face.selected++;
            case PAGE_UP -> face.selected -= painter.room();
            case PAGE_DOWN -> face.selected += painter.room();
            case HOME -> face.selected = 0;
            case END -> face.selected = Integer.MAX_VALUE;
            case TAB -> face.go(next(face.page));
            case ENTER -> enter(selected(scene));
            case ESCAPE -> back();
            case CHARACTER -> open = letter(key.character(), scene);
            default -> {}
        }
        publish();
        return open;
    }

    private Page next(Page page) {
        Page next = numbered(page.number() + 1);
        return next == null ? Page.LIBERATORS : next;
    }

    /** The page of this number; null where there is none, as the page of several appliances where there is one. */
    private @Nullable Page numbered(int number) {
        for (Page each : Page.values()) {
            if (each.number() == number && (each != Page.APPLIANCES || sights.size() > 1)) {
                return each;
            }
        }
        return null;
    }

    private static Sheet.@Nullable Row selected(Painter.Scene scene) {
        List<Sheet.Row> rows = Painter.sheet(scene).rows();
        int at = scene.face().selected;
        return at >= 0 && at < rows.size() ? rows.get(at) : null;
    }

    private boolean letter(char letter, Painter.Scene scene) {
        switch (letter) {
            case 'q' -> {
                return false;
            }
            case '?', 'h' -> face.help = !face.help;
            case 'p' -> face.paused = !face.paused;
            case '/' -> face.typing = new Face.Typing("/", new StringBuilder(face.filter), this::filter, "");
            case 's' -> sort(1);
            case 'S' -> sort(-1);
            case 'r' -> face.reversed = !face.reversed;
            case 'j' -> face.selected++;
            case '[' -> face.appliance = Math.floorMod(face.appliance - 1, sights.size());
            case ']' -> face.appliance = Math.floorMod(face.appliance + 1, sights.size());
            case 'd', 'u', 'x', 'e' -> steer(letter, selected(scene), scene.sight());
            case 'k' -> kill(selected(scene), scene.sight());
            default -> {
                Page page = numbered(letter - '0');
                if (page != null) {
                    face.liberator = "";
                    face.go(page);
                }
            }
        }
        return true;
    }

    private void sort(int step) {
        if (face.page == Page.STREAMS) {
            face.streamSort = Math.floorMod(face.streamSort + step, Face.STREAM_SORTS.length);
        } else if (face.page != Page.SLOW) {
            face.sort = Math.max(-1, face.sort + step);
        }
    }

    private void enter(Sheet.@Nullable Row row) {
        if (row == null) {
            return;
        }
        switch (face.page) {
            case LIBERATORS, ENDS -> {
                face.go(Page.STREAMS);
                face.liberator = row.key();
            }
            case STREAMS, SLOW -> face.detail = row.key();
            case APPLIANCES -> {
                if (!row.key().isEmpty()) {
                    face.appliance = Integer.parseInt(row.key());
                    face.go(Page.LIBERATORS);
                }
            }
            default -> {}
        }
    }

    private void back() {
        if (face.help) {
            face.help = false;
        } else if (!face.detail.isEmpty()) {
            face.detail = "";
        } else if (!face.filter.isEmpty()) {
            face.filter = "";
        } else if (!face.liberator.isEmpty()) {
            face.liberator = "";
            face.go(Page.LIBERATORS);
        }
    }

    private void type(Key key, Face.Typing typing) {
        StringBuilder text = typing.text();
        switch (key.name()) {
            case CHARACTER -> text.append(key.character());
            case BACKSPACE -> text.setLength(Math.max(0, text.length() - 1));
            case ENTER -> {
                face.typing = null;
                typing.entered().accept(text.toString().strip());
            }
            case ESCAPE -> {
                face.typing = null;
                face.message = typing.left();
            }
            default -> {}
        }
    }

    private void filter(String text) {
        face.filter = text;
        face.selected = 0;
    }

    // ---------------------------------------------------------------- acts

    private void answer(Key key, Face.Question question) {
        face.question = null;
        Runnable pace = question.pace();
        char letter = Character.toLowerCase(key.character());
        if (letter == 'y') {
            face.message = said(question.act());
        } else if (letter == 'p' && pace != null) {
            pace.run();
        } else {
            face.message = NOTHING_CHANGED;
        }
    }

    private static String said(Face.Act act) {
        try {
            return act.run();
        } catch (Failure failure) {
            return failure.getMessage();
        } catch (Exception failed) {
            return Reasons.of(failed);
        }
    }

    private void steer(char letter, Sheet.@Nullable Row row, Sight sight) {
        if (row == null || face.page != Page.LIBERATORS) {
            face.message = "select a Liberator first (1)";
            return;
        }
        String act = switch (letter) {
            case 'd' -> "drain";
            case 'u' -> "undrain";
            case 'x' -> "disable";
            default -> "enable";
        };
        ask(act, row.key(), sight, Pace.USUAL);
    }

    private void kill(Sheet.@Nullable Row row, Sight sight) {
        boolean isStream = face.page == Page.STREAMS || face.page == Page.SLOW;
        if (row == null || (!isStream && face.page != Page.LIBERATORS)) {
            face.message = "select a Liberator (1) or a stream (2) first";
            return;
        }
        ask(isStream ? "kill" : "killLiberator", face.detail.isEmpty() ? row.key() : face.detail, sight, Pace.USUAL);
    }

    /** @param pace of a drain, for which another one may be typed then */
    private void ask(String act, String target, Sight sight, Pace pace) {
        String which = sights.size() > 1 ? sight.name() + ": " : "";
        Runnable typing = act.equals("drain")
                ? () -> typePace("", pace.perSecond() + " " + pace.deadlineSeconds(), target, sight)
                : null;
        face.message = said(() -> {
            String would = Acts.would(sight.appliance(), act, target, pace);
            face.question = new Face.Question(
                    which + would.replace('\n', ' ') + ": do it?",
                    () -> which + Acts.run(sight.appliance(), act, target, pace).replace('\n', ' '),
                    typing);
            return "";
        });
    }

    /** @param trouble with what was typed before */
    private void typePace(String trouble, String text, String target, Sight sight) {
        String prompt = trouble.isEmpty() ? "streams a second (0: all at once), then seconds: " : trouble + ": ";
        face.typing = new Face.Typing(
                prompt,
                new StringBuilder(text),
                typed -> {
                    String[] numbers = (typed + " ").split(" +", 2);
                    try {
                        ask("drain", target, sight, Pace.of(numbers[0], numbers[1].strip()));
                    } catch (Failure wrong) {
                        typePace(wrong.getMessage(), typed, target, sight);
                    }
                },
                NOTHING_CHANGED);
    }

    @Override
    public void close() {
        readers.forEach(Thread::interrupt);
        glass.close();
        sights.forEach(Sight::close);
    }
}
