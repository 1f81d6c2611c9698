package io.sluice.console.top;

import java.util.List;
import org.jline.utils.AttributedString;

/** What the screen is drawn on, with its keyboard. */
interface Glass extends AutoCloseable {
    int width();

    int height();

    /** Shows these lines and nothing else. */
    void draw(List<AttributedString> lines);

    /** The next key; {@link Key.Name#NONE} when none comes in time, {@link Key.Name#CLOSED} when none will. */
    Key read(int timeoutMillis);

    @Override
    void close();
}
