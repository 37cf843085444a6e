/**
 * What a DHT needs of the world: a thread with a time, and a way to send a request. Everything else of this module stands on
 * these two interfaces, so that the same code runs over streams and in a simulation of thousands of nodes in one thread.
 */
@NullMarked
package io.kafila.dht.internal.net;

import org.jspecify.annotations.NullMarked;
