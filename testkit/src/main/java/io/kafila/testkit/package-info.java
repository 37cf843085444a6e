/**
 * What the tests of every module share: published fixtures, seeded randomness, a clock and a scheduler that move
 * only when told to. It sees no other module of the project.
 *
 * <p>Enter at {@link io.kafila.testkit.Fixtures} for vectors published by others, at {@link io.kafila.testkit.Seed} for
 * tests with random input, at {@link io.kafila.testkit.FakeClock} for code that takes the time as an argument.
 */
@NullMarked
package io.kafila.testkit;

import org.jspecify.annotations.NullMarked;
