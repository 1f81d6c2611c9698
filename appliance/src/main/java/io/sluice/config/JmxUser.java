package io.sluice.config;

import org.jspecify.annotations.Nullable;

/**
 * Somebody who may manage the appliance over remote JMX.
 *
 * @param name what a console sends as user name, or the common name (CN) of the client certificate
 * @param password null: known by the client certificate alone
 */
public record JmxUser(String name, Role role, @Nullable PasswordHash password) {}
