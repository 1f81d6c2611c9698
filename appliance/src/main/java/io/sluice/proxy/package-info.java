/**
 * The PROXY protocol (HAProxy's specification, versions 1 and 2): the line or block in which a proxy says, before
 * anything else on a connection, whose connection it is.
 *
 * <p>Reads and writes bytes; it opens no socket and decides nothing. {@code listen} believes what listed peers
 * announce, {@code connect} announces clients to Liberators that want to know.
 */
@NullMarked
package io.sluice.proxy;

import org.jspecify.annotations.NullMarked;
