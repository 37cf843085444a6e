/** The simulated disk and index, and the store on them. */
package io.kafila.blockstore.internal.disk;
