/**
 * Files, directories and symlinks as blocks: UnixFS, the format that every IPFS peer adds and reads.
 *
 * <p>{@link io.kafila.dag.unixfs.Importer} turns an {@link io.kafila.dag.unixfs.ImportSource} into blocks under {@link
 * io.kafila.dag.unixfs.ImportOptions}; the same bytes under the same options have the same Cid as from any other
 * implementation. {@link io.kafila.dag.unixfs.UnixfsFile} reads a file at any offset, {@link
 * io.kafila.dag.unixfs.UnixfsDirectory} lists and looks up plain and sharded directories, {@link
 * io.kafila.dag.unixfs.Unixfs} tells what a Cid is and walks a tree.
 *
 * <p>Sources: specs.ipfs.tech/unixfs, IPIP-499. What is read was written by strangers: structures are checked, depth and
 * size are limited, and a fault is a {@link io.kafila.dag.unixfs.UnixfsException}. Readers belong to one consumer at a
 * time; futures complete in the threads of the block source.
 */
@NullMarked
package io.kafila.dag.unixfs;

import org.jspecify.annotations.NullMarked;
