/**
 * The codecs behind {@link io.kafila.dag.Codecs} and what walks and paths are made of. No one else's: use the types of
 * {@code io.kafila.dag}.
 *
 * <p>A reader is made for one block and thrown away; a codec is immutable and shared.
 */
@NullMarked
package io.kafila.dag.internal;

import org.jspecify.annotations.NullMarked;
