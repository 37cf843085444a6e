package io.kafila.multiformats;

import io.kafila.multiformats.internal.addr.Decimal;
import io.kafila.multiformats.internal.addr.Garlic;
import io.kafila.multiformats.internal.addr.Identifiers;
import io.kafila.multiformats.internal.addr.IpCodecs;
import io.kafila.multiformats.internal.addr.Onion;
import io.kafila.multiformats.internal.addr.PercentPath;
import io.kafila.multiformats.internal.addr.SocketPath;
import io.kafila.multiformats.internal.addr.Text;
import io.kafila.multiformats.internal.addr.ValueCodec;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A protocol that a {@link Multiaddr} can name: its number, its name, and the form of its value.
 *
 * <p>Source: github.com/multiformats/multiaddr, protocols.csv.
 */
public enum Protocol {
    IP4(4, "ip4", 4, new IpCodecs.Ip4()),
    TCP(6, "tcp", 2, new Decimal("tcp", 2)),
    DCCP(33, "dccp", 2, new Decimal("dccp", 2)),
    IP6(41, "ip6", 16, new IpCodecs.Ip6()),
    IP6ZONE(42, "ip6zone", Size.VARIABLE, new Text("ip6zone")),
    /** The length of the prefix of the address before it. */
    IPCIDR(43, "ipcidr", 1, new Decimal("ipcidr", 1)),
    DNS(53, "dns", Size.VARIABLE, new Text("dns")),
    DNS4(54, "dns4", Size.VARIABLE, new Text("dns4")),
    DNS6(55, "dns6", Size.VARIABLE, new Text("dns6")),
    /** A domain whose TXT records hold addresses. */
    DNSADDR(56, "dnsaddr", Size.VARIABLE, new Text("dnsaddr")),
    SCTP(132, "sctp", 2, new Decimal("sctp", 2)),
    UDP(273, "udp", 2, new Decimal("udp", 2)),
    P2P_WEBRTC_STAR(275, "p2p-webrtc-star"),
    P2P_WEBRTC_DIRECT(276, "p2p-webrtc-direct"),
    P2P_STARDUST(277, "p2p-stardust"),
    WEBRTC_DIRECT(280, "webrtc-direct"),
    WEBRTC(281, "webrtc"),
    P2P_CIRCUIT(290, "p2p-circuit"),
    UDT(301, "udt"),
    UTP(302, "utp"),
    /** A path, which takes all the rest of the text. */
    UNIX(400, "unix", Size.VARIABLE, new SocketPath()),
    /** A peer; {@code ipfs} in old texts. */
    P2P(421, "p2p", Size.VARIABLE, new Identifiers.Peer()),
    HTTPS(443, "https"),
    ONION(444, "onion", 12, new Onion("onion", 10)),
    ONION3(445, "onion3", 37, new Onion("onion3", 35)),
    GARLIC64(446, "garlic64", Size.VARIABLE, new Garlic.Base64()),
    GARLIC32(447, "garlic32", Size.VARIABLE, new Garlic.Base32()),
    TLS(448, "tls"),
    SNI(449, "sni", Size.VARIABLE, new Text("sni")),
    NOISE(454, "noise"),
    QUIC(460, "quic"),
    QUIC_V1(461, "quic-v1"),
    WEBTRANSPORT(465, "webtransport"),
    CERTHASH(466, "certhash", Size.VARIABLE, new Identifiers.CertificateHash()),
    WS(477, "ws"),
    WSS(478, "wss"),
    P2P_WEBSOCKET_STAR(479, "p2p-websocket-star"),
    HTTP(480, "http"),
    HTTP_PATH(481, "http-path", Size.VARIABLE, new PercentPath()),
    /** An endpoint within one process. The table leaves its value free; here it is a name. */
    MEMORY(777, "memory", Size.VARIABLE, new Text("memory")),
    PLAINTEXTV2(7367777, "plaintextv2");

    private static final class Size {
        static final int VARIABLE = -1;
    }

    private static final Map<Long, Protocol> BY_CODE = new HashMap<>();
    private static final Map<String, Protocol> BY_NAME = new HashMap<>();

    static {
        for (Protocol protocol : values()) {
            BY_CODE.put(protocol.code, protocol);
            BY_NAME.put(protocol.specName, protocol);
        }
        BY_NAME.put("ipfs", P2P);
    }

    private final long code;
    private final String specName;
    private final int valueBytes;

    @SuppressWarnings("ImmutableEnumChecker") // Every codec is stateless; the checker knows its own annotation only.
    private final @Nullable ValueCodec codec;

    Protocol(long code, String specName) {
        this(code, specName, 0, null);
    }

    Protocol(long code, String specName, int valueBytes, @Nullable ValueCodec codec) {
        this.code = code;
        this.specName = specName;
        this.valueBytes = valueBytes;
        this.codec = codec;
    }

    /** The number in the multicodec table. */
    public long code() {
        return code;
    }

    /** The name in the table. */
    public String specName() {
        return specName;
    }

    /** Whether a component of this protocol has a value. */
    public boolean hasValue() {
        return codec != null;
    }

    /** Whether the value is a path, the last component of its address. */
    public boolean isPath() {
        return this == UNIX;
    }

    public static Optional<Protocol> byCode(long code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    /** The protocol of this name; {@code ipfs} is {@link #P2P}. */
    public static Optional<Protocol> byName(String specName) {
        return Optional.ofNullable(BY_NAME.get(specName));
    }

    @Override
    public String toString() {
        return specName;
    }

    /** The length of every value in bytes, or -1 if the length stands before each. */
    int valueBytes() {
        return valueBytes;
    }

    byte[] parse(String text) {
        return codec == null ? new byte[0] : codec.parse(text);
    }

    String format(byte[] value) {
        return codec == null ? "" : codec.format(value);
    }

    void check(byte[] value) {
        if (codec != null) {
            codec.check(value);
        } else if (value.length > 0) {
            throw new MultiformatException(specName + ": value of " + value.length + " bytes, want none");
        }
    }
}
