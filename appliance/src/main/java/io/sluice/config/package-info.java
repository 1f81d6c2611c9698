/**
 * The configuration file: YAML text in, checked records out, every problem with file, line and column.
 *
 * <p>In order: {@link io.sluice.config.YamlText} reads the text into a tree that knows where everything stood;
 * {@link io.sluice.config.Shape} holds it against the shipped JSON Schema; {@link io.sluice.config.Reader} binds the
 * tree to records and checks what a schema cannot say. Each step goes on past what the one before refused, so that one
 * run shows all problems.
 *
 * <p>This room never touches a socket and never resolves a name: it looks at the file, and at whether the files named
 * in it exist. It depends on no other room. All of its public types are immutable.
 */
@NullMarked
package io.sluice.config;

import org.jspecify.annotations.NullMarked;
