package io.kafila.libp2p.internal.transport;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** The addresses of this machine. */
public final class NetworkInterfaces {
    private NetworkInterfaces() {}

    /** The addresses of all interfaces that are up. */
    public static List<InetAddress> addresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(NetworkInterfaces::isUp)
                    .flatMap(NetworkInterface::inetAddresses)
                    .toList();
        } catch (SocketException e) {
            throw new UncheckedIOException("network interfaces: " + e, e);
        }
    }

    private static boolean isUp(NetworkInterface each) {
        try {
            return each.isUp();
        } catch (SocketException e) {
            return false; // it has just gone away
        }
    }
}
