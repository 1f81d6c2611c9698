/**
 * {@code sluicectl web}: a page on loopback that shows the appliances over time and steers them.
 *
 * <p>Whoever opens the address that is printed gets a session; the token in it is good once. Nothing comes from
 * elsewhere, nothing is written to disk, and no request is logged.
 */
@NullMarked
package io.sluice.console.web;

import org.jspecify.annotations.NullMarked;
