/** What the competitors move: fresh pseudo-random content from a seed, with its digest. */
@NullMarked
package io.kafila.benchmarks.content;

import org.jspecify.annotations.NullMarked;
