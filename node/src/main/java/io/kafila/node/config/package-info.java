/**
 * The configuration of a node: a JSON tree with the section and key names of Kubo's {@code config} file.
 *
 * <p>{@link io.kafila.node.config.Config} is the immutable tree with typed access, {@link
 * io.kafila.node.config.ConfigFile} its place on disk, {@link io.kafila.node.config.Profiles} the named sets of changes
 * that {@code init --profile} and {@code config profile apply} make. Other tools rewrite the file: keys that are not known
 * here are kept as they are, and a value that is absent or null stands for its default.
 *
 * <p>Everything here is immutable or stateless and may be used from any thread. Reading and writing block briefly.
 */
@NullMarked
package io.kafila.node.config;

import org.jspecify.annotations.NullMarked;
