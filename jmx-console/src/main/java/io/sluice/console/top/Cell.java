package io.sluice.console.top;

import io.sluice.console.show.Form;

/**
 * A value on the screen.
 *
 * @param order what it is sorted by; NaN: by its text
 */
record Cell(String text, double order, Tone tone) {
    static Cell text(String text) {
        return new Cell(text, Double.NaN, Tone.PLAIN);
    }

    static Cell state(String word) {
        return new Cell(word, Double.NaN, Tone.of(word));
    }

    static Cell number(double number) {
        return new Cell(number == 0 ? "0" : Form.brief(number), number, number == 0 ? Tone.FAINT : Tone.PLAIN);
    }

    static Cell bytes(double bytes) {
        return new Cell(bytes == 0 ? "0" : shortened(bytes), bytes, bytes == 0 ? Tone.FAINT : Tone.PLAIN);
    }

    static Cell millis(double millis) {
        return new Cell(Form.MILLIS.write((long) millis), millis, Tone.PLAIN);
    }

    static Cell micros(double micros) {
        return new Cell(micros <= 0 ? "-" : Form.micros(micros), micros, Tone.PLAIN);
    }

    Cell in(Tone other) {
        return new Cell(text, order, other);
    }

    /** As in {@code 1.2M}: bytes in powers of 1024, without the B. */
    private static String shortened(double bytes) {
        return Form.bytes(Math.round(bytes)).replace(" ", "").replace("iB", "");
    }
}
