package io.sluice.console.top;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jline.utils.AttributedString;

/** A screen in memory, and a keyboard that a test types on. */
final class FakeGlass implements Glass {
    private final BlockingQueue<Key> keys = new LinkedBlockingQueue<>();
    private volatile int width;
    private volatile int height;
    private volatile String shown = "";

    FakeGlass(int width, int height) {
        this.width = width;
        this.height = height;
    }

    void type(String text) {
        text.chars().forEach(each -> keys.add(Key.typed((char) each)));
    }

    void press(Key.Name name) {
        keys.add(Key.of(name));
    }

    void resize(int columns, int lines) {
        width = columns;
        height = lines;
        press(Key.Name.RESIZED);
    }

    String shown() {
        return shown;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return height;
    }

    @Override
    public void draw(List<AttributedString> lines) {
        shown = lines.stream().map(AttributedString::toString).collect(Collectors.joining("\n"));
    }

    @Override
    public Key read(int timeoutMillis) {
        try {
            Key key = keys.poll(timeoutMillis, TimeUnit.MILLISECONDS);
            return key == null ? Key.of(Key.Name.NONE) : key;
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
            return Key.of(Key.Name.CLOSED);
        }
    }

    @Override
    public void close() {
        // nothing to give back
    }
}
