package io.sluice.init;

/** How clients tell one Liberator from another. */
public enum Layout {
    /** By host name, behind one address. */
    A,
    /** By address: each Liberator has one of its own, whatever the host. */
    B
}
