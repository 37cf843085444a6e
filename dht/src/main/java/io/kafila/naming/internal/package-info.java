/** The parts of names that nobody else uses: the protobuf of a record, its times, DNS. */
@NullMarked
package io.kafila.naming.internal;

import org.jspecify.annotations.NullMarked;
