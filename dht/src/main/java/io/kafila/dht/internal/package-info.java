/** The DHT's own; its subpackages by layer. */
@NullMarked
package io.kafila.dht.internal;

import org.jspecify.annotations.NullMarked;
