/** The DNS asked over HTTPS (RFC 8484): its messages, bounded. Enter at {@link io.kafila.libp2p.DnsOverHttps}. */
@NullMarked
package io.kafila.libp2p.internal.doh;

import org.jspecify.annotations.NullMarked;
