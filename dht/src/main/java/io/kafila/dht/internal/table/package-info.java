/** Whom a node knows. Plain classes, confined to the loop. */
@NullMarked
package io.kafila.dht.internal.table;

import org.jspecify.annotations.NullMarked;
