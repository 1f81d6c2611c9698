package io.sluice.console.top;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;

/**
 * The terminal that the command was started from: its second screen, raw keys, only what has changed sent.
 *
 * <p><b>Threading:</b> one thread; the signal of a new size comes on another.
 */
final class JLineGlass implements Glass {
    private static final int ESCAPE = 27;
    private static final int DELETE = 127;
    private static final int BACKSPACE = 8;
    private static final int CONTROL_C = 3;
    private static final int CONTROL_D = 4;
    /** What follows an escape that is part of a key comes with it. */
    private static final int SEQUENCE_MILLIS = 50;

    private final Terminal terminal;
    private final Attributes before;
    private final Display display;
    private final AtomicBoolean resized = new AtomicBoolean();

    private JLineGlass(Terminal terminal) {
        this.terminal = terminal;
        this.before = terminal.enterRawMode();
        this.display = new Display(terminal, true);
        terminal.handle(Terminal.Signal.WINCH, signal -> resized.set(true));
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.keypad_xmit);
        terminal.puts(Capability.cursor_invisible);
        resize();
    }

    /** @throws IOException when there is no terminal that can show a screen */
    static JLineGlass open() throws IOException {
        Terminal terminal = TerminalBuilder.builder()
                .system(true)
                .provider("exec")
                .dumb(false)
                .nativeSignals(true)
                .signalHandler(Terminal.SignalHandler.SIG_DFL)
                .build();
        return new JLineGlass(terminal);
    }

    private void resize() {
        Size size = terminal.getSize();
        display.resize(size.getRows(), size.getColumns());
        display.clear();
        terminal.puts(Capability.clear_screen);
    }

    @Override
    public int width() {
        return terminal.getWidth();
    }

    @Override
    public int height() {
        return terminal.getHeight();
    }

    @Override
    public void draw(List<AttributedString> lines) {
        display.update(lines, 0);
    }

    @Override
    public Key read(int timeoutMillis) {
        if (resized.getAndSet(false)) {
            resize();
            return Key.of(Key.Name.RESIZED);
        }
        try {
            return decode(terminal.reader().read(timeoutMillis));
        } catch (IOException gone) {
            return Key.of(Key.Name.CLOSED);
        }
    }

    private Key decode(int read) throws IOException {
        return switch (read) {
            case NonBlockingReader.READ_EXPIRED -> Key.of(Key.Name.NONE);
            case NonBlockingReader.EOF, CONTROL_C, CONTROL_D -> Key.of(Key.Name.CLOSED);
            case '\r', '\n' -> Key.of(Key.Name.ENTER);
            case '\t' -> Key.of(Key.Name.TAB);
            case DELETE, BACKSPACE -> Key.of(Key.Name.BACKSPACE);
            case ESCAPE -> sequence();
            default -> read < ' ' ? Key.of(Key.Name.NONE) : Key.typed((char) read);
        };
    }

    /** A lone escape, or CSI and SS3 sequences: ESC [ A, ESC O A, ESC [ 5 ~ (ECMA-48 §5.4, xterm). */
    private Key sequence() throws IOException {
        int first = terminal.reader().read(SEQUENCE_MILLIS);
        if (first != '[' && first != 'O') {
            return Key.of(Key.Name.ESCAPE);
        }
        StringBuilder parameters = new StringBuilder();
        int next = terminal.reader().read(SEQUENCE_MILLIS);
        while (next >= '0' && next <= '?') {
            parameters.append((char) next);
            next = terminal.reader().read(SEQUENCE_MILLIS);
        }
        return Key.of(
                switch (next) {
                    case 'A' -> Key.Name.UP;
                    case 'B' -> Key.Name.DOWN;
                    case 'H' -> Key.Name.HOME;
                    case 'F' -> Key.Name.END;
                    case '~' ->
                        switch (parameters.toString()) {
                            case "1", "7" -> Key.Name.HOME;
                            case "4", "8" -> Key.Name.END;
                            case "5" -> Key.Name.PAGE_UP;
                            case "6" -> Key.Name.PAGE_DOWN;
                            default -> Key.Name.NONE;
                        };
                    default -> Key.Name.NONE;
                });
    }

    @Override
    public void close() {
        terminal.puts(Capability.cursor_visible);
        terminal.puts(Capability.keypad_local);
        terminal.puts(Capability.exit_ca_mode);
        terminal.flush();
        terminal.setAttributes(before);
        try {
            terminal.close();
        } catch (IOException gone) {
            // So is what was drawn on it.
        }
    }
}
