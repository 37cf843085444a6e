/** What a section of work cost: CPU time, memory and bytes written, read from {@code /proc}. */
@NullMarked
package io.kafila.benchmarks.usage;

import org.jspecify.annotations.NullMarked;
