/**
 * The appliance seen and steered from outside: MXBeans in the domain {@code sluice}, and remote JMX on one
 * loopback port.
 *
 * <p>Reads the ledgers, the table and the listeners of the other rooms, and is known by none of them; only
 * {@code io.sluice} starts it. Nothing here runs on a loop: a monitor that polls every bean every second costs
 * the streams nothing.
 */
@NullMarked
package io.sluice.manage;

import org.jspecify.annotations.NullMarked;
