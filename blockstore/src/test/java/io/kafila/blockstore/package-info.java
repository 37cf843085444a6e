/** Tests of the stores: the contract suites that each of them runs, and what only one of them does. */
package io.kafila.blockstore;
