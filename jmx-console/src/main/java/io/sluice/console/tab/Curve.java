package io.sluice.console.tab;

import java.awt.Color;
import java.awt.Component;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import javax.swing.Icon;

/** A small graph of values, the latest on the right; the highest is the largest of them. */
@SuppressWarnings("ArrayRecordComponent") // painted, never compared
record Curve(double[] values, int width, int height, Color colour) implements Icon {
    /** Pixels from one value to the next. */
    private static final int STEP = 3;

    private static final int SHADE = 56;

    @Override
    public int getIconWidth() {
        return width;
    }

    @Override
    public int getIconHeight() {
        return height;
    }

    @Override
    public void paintIcon(Component on, Graphics graphics, int left, int top) {
        int from = Math.max(0, values.length - width / STEP - 1);
        double most = 0;
        for (int i = from; i < values.length; i++) {
            most = Math.max(most, values[i]);
        }
        if (most <= 0 || values.length - from < 2) {
            return;
        }
        Path2D line = new Path2D.Double();
        double first = left + width - 1.0 - (values.length - 1 - from) * STEP;
        double bottom = top + height - 1.0;
        for (int i = from; i < values.length; i++) {
            double across = first + (i - from) * STEP;
            double down = bottom - values[i] / most * (height - 2);
            if (i == from) {
                line.moveTo(across, down);
            } else {
                line.lineTo(across, down);
            }
        }
        Path2D area = new Path2D.Double(line);
        area.lineTo(left + width - 1.0, bottom);
        area.lineTo(first, bottom);
        area.closePath();
        Graphics2D brush = (Graphics2D) graphics.create();
        brush.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        brush.setColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), SHADE));
        brush.fill(area);
        brush.setColor(colour);
        brush.draw(line);
        brush.dispose();
    }
}
