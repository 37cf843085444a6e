package io.kafila.bitswap.internal.net;

import io.kafila.bitswap.BitswapException;

/** What a peer has sent must wait for memory, and there is none to keep it in meanwhile. */
final class NoRoomException extends BitswapException {
    private static final long serialVersionUID = 1L;

    NoRoomException(String message) {
        super(message);
    }
}
