/**
 * What a node keeps for others: who provides what, and values. Plain classes over a datastore that block, confined to the
 * thread of the stores.
 */
@NullMarked
package io.kafila.dht.internal.records;

import org.jspecify.annotations.NullMarked;
