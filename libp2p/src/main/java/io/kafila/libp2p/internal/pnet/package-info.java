/**
 * Private networks by a pre-shared key (libp2p/specs pnet/Private-Networks-PSK-V1.md): everything that crosses a raw channel
 * is enciphered with XSalsa20 before the first byte of multistream.
 *
 * <p>{@link io.kafila.libp2p.internal.pnet.PrivateNetworkHandler} is the first handler of a channel's pipeline, {@link
 * io.kafila.libp2p.internal.pnet.Salsa20} the cipher. Both are confined to the channel's event loop. The key only keeps strangers out:
 * nothing here authenticates a byte, which is the work of the secure channel above.
 */
@NullMarked
package io.kafila.libp2p.internal.pnet;

import org.jspecify.annotations.NullMarked;
