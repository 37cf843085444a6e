/**
 * The commands themselves, one class for each group of Kubo's: definition, work and text side by side.
 *
 * <p>{@link io.kafila.daemon.internal.verbs.Verbs#tree()} is the whole table. A class has a static {@code command()} that
 * builds its part; bodies are static methods that hold no state and block the thread they are called in. Fields of
 * emitted values have the names and the order of Kubo's structs, since programs read them.
 */
@NullMarked
package io.kafila.daemon.internal.verbs;

import org.jspecify.annotations.NullMarked;
