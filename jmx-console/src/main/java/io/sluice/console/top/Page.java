package io.sluice.console.top;

/** The pages, in the order of their keys */
enum Page {
    LIBERATORS(1, "Liberators"),
    STREAMS(2, "Streams"),
    SLOW(3, "Slow"),
    ENDS(4, "Ends"),
    LISTENERS(5, "Listeners"),
    EVENTS(6, "Events"),
    APPLIANCES(7, "Appliances");

    private final int number;
    private final String title;

    Page(int number, String title) {
        this.number = number;
        this.title = title;
    }

    /** Its key. */
    int number() {
        return number;
    }

    String title() {
        return title;
    }
}
