/**
 * The format of segment files, version 1, and reading them.
 *
 * <p>A segment is one header page and then groups. A group is payloads back to back from a page boundary, zeroes, and
 * one trailer that ends at a page boundary: entries, then a footer of 64 bytes. So a reader finds groups from either
 * end, and a group is there when its trailer and its payloads match their checksums. Numbers are big endian, checksums
 * are CRC-32C. A page is 4096 bytes. See docs/decisions/0003-segment-store.md.
 */
@NullMarked
package io.kafila.blockstore.internal.segment;

import org.jspecify.annotations.NullMarked;
