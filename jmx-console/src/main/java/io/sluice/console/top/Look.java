package io.sluice.console.top;

import io.sluice.console.sheet.Tone;
import org.jline.utils.AttributedStyle;

/** What a tone looks like on a terminal. */
final class Look {
    private Look() {}

    static AttributedStyle of(Tone tone) {
        return switch (tone) {
            case PLAIN -> AttributedStyle.DEFAULT;
            case FAINT -> AttributedStyle.DEFAULT.faint();
            case HEAD -> AttributedStyle.DEFAULT.bold();
            case BAR -> AttributedStyle.DEFAULT.inverse();
            case GOOD -> AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);
            case CARE -> AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW);
            case BAD -> AttributedStyle.BOLD.foreground(AttributedStyle.RED);
            case GRAPH -> AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);
        };
    }
}
