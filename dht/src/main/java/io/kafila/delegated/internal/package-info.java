/** The parts of delegated routing that nobody else uses. */
@NullMarked
package io.kafila.delegated.internal;

import org.jspecify.annotations.NullMarked;
