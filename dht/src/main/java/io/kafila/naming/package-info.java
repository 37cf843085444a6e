/** Names that can come to mean something new: IPNS records (ipfs/specs ipns-record.md), the keys they are signed with, DNSLink. */
@NullMarked
package io.kafila.naming;

import org.jspecify.annotations.NullMarked;
