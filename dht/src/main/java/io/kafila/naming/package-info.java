/**
 * Names that can come to mean something new: IPNS records (ipfs/specs ipns-record.md), the keys they are signed with, DNSLink.
 *
 * <p>Enter at {@link io.kafila.naming.NameSystem} to resolve and at {@link io.kafila.naming.IpnsPublisher} to publish. What is
 * hard, records, their order, sequence numbers, the cache and the schedule, is plain classes without I/O and clock; the
 * finder, the publisher and the republisher tie them to a routing system, a datastore and threads.
 */
@NullMarked
package io.kafila.naming;

import org.jspecify.annotations.NullMarked;
