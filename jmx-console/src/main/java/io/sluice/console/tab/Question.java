package io.sluice.console.tab;

import java.awt.Component;
import javax.swing.JOptionPane;

/** Asks an operator before something is done; on the thread of Swing. */
interface Question {
    /**
     * Whether it shall be done.
     *
     * @param over what it is asked over
     * @param would what would be done, and to how many streams
     * @param yes the word of the button that does it
     */
    boolean isWanted(Component over, String title, String would, String yes);

    /** In a dialog, whose other button has the focus. */
    static Question inADialog() {
        return (over, title, would, yes) -> {
            String no = "Cancel";
            int answer = JOptionPane.showOptionDialog(
                    over,
                    would.replace("; ", ";\n") + ".\n\nDo it?",
                    title,
                    JOptionPane.DEFAULT_OPTION,
                    JOptionPane.WARNING_MESSAGE,
                    null,
                    new Object[] {yes, no},
                    no);
            return answer == 0;
        };
    }
}
