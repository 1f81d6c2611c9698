/**
 * One process takes the place of another without a client being refused: {@code sluice handover}.
 *
 * <p>The life of a handover, in the words of the log:
 *
 * <ol>
 *   <li>An operator asks the running process over its {@link io.sluice.handover.ControlSocket}.
 *   <li>It lets its addresses be shared (SO_REUSEPORT) and starts its successor, by the launcher it was started by, as
 *       its child: same user, same service, same environment. From the moment the successor listens, the kernel gives
 *       each of the two a part of the new connections, and both serve them.
 *   <li>The successor says that it serves. The supervisor is told whose process the service is now.
 *   <li>The process takes whoever waits in its backlogs and closes them. Handshakes under way move to the successor
 *       where {@code net.ipv4.tcp_migrate_req} is 1; the kernel resets them otherwise.
 *   <li>It drains its streams and ends.
 * </ol>
 *
 * <p>Until step 4 any failure, of the successor or of the supervisor, leaves the process serving as before.
 *
 * <p>This room knows no other: what the process has to do for it stands in {@link io.sluice.handover.Incumbent}.
 */
@NullMarked
package io.sluice.handover;

import org.jspecify.annotations.NullMarked;
