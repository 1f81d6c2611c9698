/**
 * Gets to an appliance: over its JMX port, plain on loopback or with TLS and a user, or by attaching to its process.
 * Reads and invokes, and says in the operator's words what went wrong.
 */
@NullMarked
package io.sluice.console.reach;

import org.jspecify.annotations.NullMarked;
