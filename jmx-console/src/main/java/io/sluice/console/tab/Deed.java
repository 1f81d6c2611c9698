package io.sluice.console.tab;

import java.awt.event.KeyEvent;

/** The buttons that change something. */
enum Deed {
    DRAIN("drain", "Drain", KeyEvent.VK_D),
    UNDRAIN("undrain", "Undrain", KeyEvent.VK_U),
    DISABLE("disable", "Disable", KeyEvent.VK_I),
    ENABLE("enable", "Enable", KeyEvent.VK_E),
    KILL_LIBERATOR("killLiberator", "Kill all streams", KeyEvent.VK_A),
    KILL("kill", "Kill", KeyEvent.VK_K);

    private final String act;
    private final String label;
    private final int mnemonic;

    Deed(String act, String label, int mnemonic) {
        this.act = act;
        this.label = label;
        this.mnemonic = mnemonic;
    }

    /** As {@link io.sluice.console.sight.Acts} has it. */
    String act() {
        return act;
    }

    String label() {
        return label;
    }

    /** Its key, with Alt. */
    int mnemonic() {
        return mnemonic;
    }
}
