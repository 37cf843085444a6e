/**
 * JMH benchmarks of the hot pieces, one class for each: what one core does with the piece alone.
 *
 * <p>They measure the classes themselves, internal ones too; what they show is where a stage profile of the whole
 * points to. {@link io.kafila.benchmarks.micro.MicroCommand} runs them, forked as JMH does, and the tests run each for
 * a moment so that none stops working unseen.
 */
@NullMarked
package io.kafila.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
