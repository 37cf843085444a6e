/** Asking the DHT: {@link io.kafila.dht.internal.query.Lookup} decides whom, a driver asks them. Confined to the loop. */
@NullMarked
package io.kafila.dht.internal.query;

import org.jspecify.annotations.NullMarked;
