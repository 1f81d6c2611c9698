package io.sluice.manage;

/** A route, as programs see it. */
public final class RouteRow {
    private final String host;
    private final String liberator;
    private final String address;
    private final String[] listeners;
    private final String[] deniedPaths;
    private final String onDown;
    private final boolean disabled;

    RouteRow(
            String host,
            String liberator,
            String address,
            String[] listeners,
            String[] deniedPaths,
            String onDown,
            boolean disabled) {
        this.host = host;
        this.liberator = liberator;
        this.address = address;
        this.listeners = listeners;
        this.deniedPaths = deniedPaths;
        this.onDown = onDown;
        this.disabled = disabled;
    }

    /** Whether its clients get its {@code onDown} now. */
    public boolean isDisabled() {
        return disabled;
    }

    /** A name, {@code *.} and a name, or {@code *} for all hosts of a listener. */
    public String getHost() {
        return host;
    }

    public String getLiberator() {
        return liberator;
    }

    /** Where the Liberator is. */
    public String getAddress() {
        return address;
    }

    /** The names of the listeners the route stands on. */
    public String[] getListeners() {
        return listeners.clone();
    }

    public String[] getDeniedPaths() {
        return deniedPaths.clone();
    }

    /** What clients get while the Liberator is down: {@code refuse}, {@code 503}, {@code 502} or {@code 404}. */
    public String getOnDown() {
        return onDown;
    }
}
