/** The competitors, each in processes of its own: how they start, what they can be asked, how they end. */
@NullMarked
package io.kafila.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
