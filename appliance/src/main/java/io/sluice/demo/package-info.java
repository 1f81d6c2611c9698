/**
 * What {@code scripts/sluice demo} shows: two built-in Liberators on loopback and the page on which their prices arrive
 * over every kind of connection a browser can make.
 *
 * <p>{@link io.sluice.demo.DemoLiberator} speaks RTTP-like traffic on the paths that StreamLink uses; it is a stand-in
 * for trying the appliance, not a copy of Liberator. {@link io.sluice.demo.DemoSite} serves the page, which opens its
 * streams through Sluice and checks on every message who served it. {@link io.sluice.demo.DemoState} is what the page
 * shows of the appliance; whoever starts the demo fills it.
 *
 * <p>No other room may depend on this one, and this one knows nothing of the path: it talks to the appliance through
 * sockets, as any client and any Liberator does.
 */
@NullMarked
package io.sluice.demo;

import org.jspecify.annotations.NullMarked;
