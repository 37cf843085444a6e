/** How the parts of a node are tied together; nobody else's. */
@NullMarked
package io.kafila.node.internal;

import org.jspecify.annotations.NullMarked;
