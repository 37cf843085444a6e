package io.kafila.multiformats.internal.addr;

import java.net.InetAddress;

/** Which networks an IP address means something to. */
public final class AddressClass {
    private AddressClass() {}

    /** Loopback, link-local, RFC 1918, RFC 4193 or RFC 6598. */
    public static boolean isPrivate(InetAddress address) {
        if (address.isLoopbackAddress() || address.isLinkLocalAddress()) {
            return true;
        }
        byte[] value = address.getAddress();
        int first = value[0] & 0xFF;
        if (value.length == IpCodecs.IP6_BYTES) {
            return (first & 0xFE) == 0xFC;
        }
        return address.isSiteLocalAddress() || (first == 100 && (value[1] & 0xC0) == 64);
    }
}
