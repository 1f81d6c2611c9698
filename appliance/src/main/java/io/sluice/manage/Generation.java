package io.sluice.manage;

import io.sluice.config.SluiceConfig;
import java.time.Instant;

/**
 * A configuration that is, or was, in force.
 *
 * @param number the version of the table made of it
 * @param by who put it in force: a user of management, {@code start} or {@code HUP}
 * @param comment why
 */
record Generation(long number, Instant at, String by, String comment, SluiceConfig config) {}
