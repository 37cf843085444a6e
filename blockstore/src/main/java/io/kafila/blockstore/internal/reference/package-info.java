/**
 * Blocks whose bytes stay in a user's own file: what a file looked like when it was referenced, and reading it with
 * every check. Such a file is never mapped, because its owner may truncate it.
 */
@NullMarked
package io.kafila.blockstore.internal.reference;

import org.jspecify.annotations.NullMarked;
