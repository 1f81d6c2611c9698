package io.sluice.console.show;

/** How tables are printed. */
public enum Format {
    /** For eyes; not for programs: columns and forms may change. */
    table,
    /** An array of objects; numbers are numbers, in the unit of their name. */
    json,
    /** RFC 4180, with a head. */
    csv
}
