package io.kafila.multiformats.internal.addr;

import io.kafila.multiformats.Multibase;
import io.kafila.multiformats.MultiformatException;
import java.util.Arrays;
import java.util.Locale;

/** A Tor onion service and its port, as {@code base32:port}: the service's bytes, then the port, big-endian, not 0. */
public final class Onion implements ValueCodec {
    private static final int PORT_BYTES = 2;
    private static final int MAX_PORT = 0xFFFF;

    private final String name;
    private final int serviceBytes;

    /** @param serviceBytes 10 for version 2, 35 for version 3 */
    public Onion(String name, int serviceBytes) {
        this.name = name;
        this.serviceBytes = serviceBytes;
    }

    @Override
    public byte[] parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new MultiformatException(name + ": \"" + text + "\" without a port, want service:port");
        }
        byte[] service = Multibase.BASE32.decodeBare(text.substring(0, colon).toLowerCase(Locale.ROOT));
        if (service.length != serviceBytes) {
            throw new MultiformatException(name + ": service of " + service.length + " bytes, want " + serviceBytes);
        }
        int port = Decimal.number(name, text.substring(colon + 1), MAX_PORT);
        byte[] value = Arrays.copyOf(service, serviceBytes + PORT_BYTES);
        value[serviceBytes] = (byte) (port >>> 8);
        value[serviceBytes + 1] = (byte) port;
        return value;
    }

    @Override
    public String format(byte[] value) {
        return Multibase.BASE32.encodeBare(Arrays.copyOf(value, serviceBytes)) + ":" + port(value);
    }

    @Override
    public void check(byte[] value) {
        IpCodecs.requireLength(name, value, serviceBytes + PORT_BYTES);
        if (port(value) == 0) {
            throw new MultiformatException(name + ": port 0, want 1 to " + MAX_PORT);
        }
    }

    private int port(byte[] value) {
        return (value[serviceBytes] & 0xFF) << 8 | (value[serviceBytes + 1] & 0xFF);
    }
}
