package io.kafila.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for tests that must know one before anybody listens on it. */
public final class Ports {
    /** Below what systems give to outgoing connections, one of which would else take the port before it is listened on. */
    private static final int FIRST = 20_000;

    private static final int COUNT = 10_000;
    private static final int TRIES = 100;

    private Ports() {}

    /** A TCP port of the loopback address on which nobody listens now. */
    public static int free() {
        return ThreadLocalRandom.current()
                .ints(TRIES, FIRST, FIRST + COUNT)
                .filter(Ports::isFree)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no free port among " + TRIES + " from " + FIRST + " on"));
    }

    private static boolean isFree(int port) {
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return free.isBound();
        } catch (BindException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
