package io.sluice.init;

import org.jspecify.annotations.Nullable;

/**
 * One Liberator and how clients reach it; addresses are {@code host:port}.
 *
 * @param host the virtual host that stands for it; for layout A
 * @param listen the address that stands for it; for layout B
 * @param direct where it takes Direct connections; null = it takes none
 * @param directListen where clients connect for Direct; null exactly when {@code direct} is
 */
public record Backend(
        String name,
        String address,
        @Nullable String host,
        @Nullable String listen,
        @Nullable String direct,
        @Nullable String directListen) {}
