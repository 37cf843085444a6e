/** Tests of the segment format. */
package io.kafila.blockstore.internal.segment;
