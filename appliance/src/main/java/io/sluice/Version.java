package io.sluice;

/** The version of this build, as the operator sees it. */
public final class Version {
    private Version() {}

    /** The version from the jar's manifest; {@code development} when run from classes. */
    public static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
