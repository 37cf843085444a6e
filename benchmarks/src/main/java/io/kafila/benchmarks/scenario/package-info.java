/** What is timed, and the order in which the competitors take their turns. */
@NullMarked
package io.kafila.benchmarks.scenario;

import org.jspecify.annotations.NullMarked;
