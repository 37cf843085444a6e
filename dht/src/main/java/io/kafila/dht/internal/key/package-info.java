/** The keyspace: points, distances. Immutable. */
@NullMarked
package io.kafila.dht.internal.key;

import org.jspecify.annotations.NullMarked;
