package io.sluice.account;

/**
 * What streams are opened under; one object for all streams of a route in a table.
 *
 * @param route the host of the route as configured; {@code *} for all hosts of a listener
 * @param tableVersion the version of the routing table it stands in
 * @param patience from when on they count as slow or stalled
 */
public record Terms(String route, long tableVersion, Patience patience) {}
