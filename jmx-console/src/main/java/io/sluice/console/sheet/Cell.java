package io.sluice.console.sheet;

import io.sluice.console.show.Form;

/**
 * A value on the screen.
 *
 * @param order what it is sorted by; NaN: by its text
 */
public record Cell(String text, double order, Tone tone) {
    public static Cell text(String text) {
        return new Cell(text, Double.NaN, Tone.PLAIN);
    }

    public static Cell state(String word) {
        return new Cell(word, Double.NaN, Tone.of(word));
    }

    public static Cell number(double number) {
        return new Cell(number == 0 ? "0" : Form.brief(number), number, number == 0 ? Tone.FAINT : Tone.PLAIN);
    }

    public static Cell bytes(double bytes) {
        return new Cell(bytes == 0 ? "0" : shortened(bytes), bytes, bytes == 0 ? Tone.FAINT : Tone.PLAIN);
    }

    public static Cell millis(double millis) {
        return new Cell(Form.MILLIS.write((long) millis), millis, Tone.PLAIN);
    }

    public static Cell micros(double micros) {
        return new Cell(micros <= 0 ? "-" : Form.micros(micros), micros, Tone.PLAIN);
    }

    public Cell in(Tone other) {
        return new Cell(text, order, other);
    }

    /** As in {@code 1.2M}: bytes in powers of 1024, without the B. */
    private static String shortened(double bytes) {
        return Form.bytes(Math.round(bytes)).replace(" ", "").replace("iB", "");
    }
}
