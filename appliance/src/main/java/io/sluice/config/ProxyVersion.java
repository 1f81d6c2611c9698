package io.sluice.config;

/** In which form a Liberator is told whose connection it gets. */
public enum ProxyVersion {
    OFF,
    V1,
    V2
}
