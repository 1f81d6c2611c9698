package io.sluice.console.tab;

import io.sluice.console.sheet.Tone;
import java.awt.Color;
import java.awt.Component;
import java.awt.Font;

/** What a tone looks like in a window, on light and on dark. */
final class Paint {
    private static final int HALF = 128;

    private Paint() {}

    static Color of(Tone tone, Component on) {
        boolean dark = isDark(on.getBackground());
        return switch (tone) {
            case GOOD -> new Color(dark ? 0x56_D3_64 : 0x1A_7F_37);
            case CARE -> new Color(dark ? 0xE3_B3_41 : 0x9A_5B_00);
            case BAD -> new Color(dark ? 0xFF_7B_72 : 0xC8_1E_2B);
            case FAINT -> between(on.getForeground(), on.getBackground());
            case GRAPH -> new Color(dark ? 0x58_A6_FF : 0x1F_6F_B2);
            case PLAIN, HEAD, BAR -> on.getForeground();
        };
    }

    /** Bold where it should catch the eye. */
    static Font font(Tone tone, Font plain) {
        boolean bold = tone == Tone.BAD || tone == Tone.HEAD || tone == Tone.GOOD || tone == Tone.CARE;
        return plain.deriveFont(bold ? Font.BOLD : Font.PLAIN);
    }

    /** A little off the background, for every other row. */
    static Color zebra(Color background) {
        int step = isDark(background) ? 10 : -9;
        return new Color(
                shifted(background.getRed(), step),
                shifted(background.getGreen(), step),
                shifted(background.getBlue(), step));
    }

    private static int shifted(int value, int step) {
        return Math.max(0, Math.min(255, value + step));
    }

    private static boolean isDark(Color color) {
        return (color.getRed() * 3 + color.getGreen() * 6 + color.getBlue()) / 10 < HALF;
    }

    private static Color between(Color one, Color other) {
        return new Color(
                (one.getRed() + other.getRed()) / 2,
                (one.getGreen() + other.getGreen()) / 2,
                (one.getBlue() + other.getBlue()) / 2);
    }
}
