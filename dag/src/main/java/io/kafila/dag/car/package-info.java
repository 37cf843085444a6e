/**
 * Content-addressable archives: blocks one after another in a stream or a file (ipld.io/specs/transport/car).
 *
 * <p>{@link io.kafila.dag.car.CarReader} pulls blocks out of a CARv1 or CARv2 and verifies them on a pool, in order and
 * with bounded memory; {@link io.kafila.dag.car.CarWriter} writes either. {@link io.kafila.dag.car.CarIndex} finds a
 * block in a CARv2 that has an index. A reader or writer belongs to one thread at a time.
 */
@NullMarked
package io.kafila.dag.car;

import org.jspecify.annotations.NullMarked;
