/** The goals of the project, each with its target and the figure that was reached. */
@NullMarked
package io.kafila.benchmarks.shows;

import org.jspecify.annotations.NullMarked;
