package io.sluice.console.sight;

/**
 * Something that is not the same on appliances that stand side by side.
 *
 * @param grave whether clients notice it: those of one appliance are not known to another
 * @param sentence which appliance has what
 */
public record Difference(Subject subject, boolean grave, String sentence) {
    /** What is compared, in the order of telling. */
    public enum Subject {
        KEYS("sticky keys", "give all of them the same file of keys, the newest key first; it is read by itself"),
        TABLE("routing table", "give all of them the same file, then sluicectl -p NAME reload"),
        SETTINGS(
                "settings",
                "give all of them the same file, but for what is meant to differ; sluicectl -p NAME reload"),
        LIBERATORS("Liberators", "drain, undrain and disable hold for one appliance: do it on the others too"),
        SOFTWARE("software", "upgrade the others as well (docs/upgrade.md)");

        private final String label;
        private final String advice;

        Subject(String label, String advice) {
            this.label = label;
            this.advice = advice;
        }

        public String label() {
            return label;
        }

        /** What to do when it differs. */
        public String advice() {
            return advice;
        }
    }
}
