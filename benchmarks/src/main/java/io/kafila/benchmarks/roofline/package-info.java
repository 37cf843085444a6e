/** The bound that the stages of a scenario allow on this machine. */
@NullMarked
package io.kafila.benchmarks.roofline;

import org.jspecify.annotations.NullMarked;
