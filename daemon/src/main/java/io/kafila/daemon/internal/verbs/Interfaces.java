package io.kafila.daemon.internal.verbs;

import io.kafila.multiformats.Multiaddr;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The addresses of this machine. */
final class Interfaces {
    private Interfaces() {}

    /** As multiaddrs without a port, sorted; those of interfaces that are up. */
    static List<String> addresses() throws SocketException {
        List<String> addresses = new ArrayList<>();
        for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            if (device.isUp()) {
                device.inetAddresses().forEach(address -> addresses.add(text(address)));
            }
        }
        Collections.sort(addresses);
        return addresses;
    }

    private static String text(InetAddress address) {
        if (address instanceof Inet4Address) {
            return "/ip4/" + address.getHostAddress();
        }
        String text = address.getHostAddress().replaceFirst("%.*", "");
        return Multiaddr.parse("/ip6/" + text).toString();
    }
}
