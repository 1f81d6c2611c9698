package io.sluice.config;

/** A place in the file; both count from 1. */
record Position(int line, int column) {}
