package io.sluice.console.top;

/** A row of small bars, each a value, the latest on the right; the tallest is the largest of them. */
final class Sparkline {
    private static final String BLOCKS = "▁▂▃▄▅▆▇█";
    private static final String LETTERS = "_.-:=+*#";

    private Sparkline() {}

    /**
     * Exactly {@code width} wide.
     *
     * @param unicode whether the terminal shows blocks; else characters of ASCII
     */
    static String of(double[] values, int width, boolean unicode) {
        String bars = unicode ? BLOCKS : LETTERS;
        double most = 0;
        int from = Math.max(0, values.length - width);
        for (int i = from; i < values.length; i++) {
            most = Math.max(most, values[i]);
        }
        StringBuilder line = new StringBuilder(" ".repeat(Math.max(0, width - values.length)));
        for (int i = from; i < values.length; i++) {
            int height = most <= 0 ? 0 : (int) Math.round(values[i] / most * (bars.length() - 1));
            line.append(values[i] <= 0 ? ' ' : bars.charAt(height));
        }
        return line.toString();
    }
}
