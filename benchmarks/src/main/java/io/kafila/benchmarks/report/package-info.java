/** A result told as a table, as JSON and as one page of HTML with plots. */
@NullMarked
package io.kafila.benchmarks.report;

import org.jspecify.annotations.NullMarked;
