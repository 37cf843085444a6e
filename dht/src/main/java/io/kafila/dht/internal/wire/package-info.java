/** What goes over the streams: messages and their protobuf. Immutable values and stateless functions. */
@NullMarked
package io.kafila.dht.internal.wire;

import org.jspecify.annotations.NullMarked;
