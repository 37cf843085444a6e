package io.kafila.libp2p.internal.identify;

import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.ProtoReader;
import io.kafila.multiformats.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Identify message (libp2p/specs identify). Several messages of one stream add up to one, as protobuf merges.
 *
 * @param publicKey the key's protobuf, empty if it was not sent
 * @param signedPeerRecord an envelope not yet looked at, or {@code null}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record IdentifyMessage(
        byte[] publicKey,
        List<Multiaddr> listenAddresses,
        List<String> protocols,
        @Nullable Multiaddr observedAddress,
        String protocolVersion,
        String agentVersion,
        byte @Nullable [] signedPeerRecord) {
    /** The longest message, as in go-libp2p. */
    static final int MAX_MESSAGE_BYTES = 8 * 1024;

    /** How many messages one stream may carry, as in go-libp2p. */
    static final int MAX_MESSAGES = 10;

    /** Longer lists are cut. */
    static final int MAX_ADDRESSES = 200;

    static final int MAX_PROTOCOLS = 500;

    /** Longer names of protocols are left out, longer versions cut. */
    static final int MAX_TEXT_BYTES = 256;

    /** Above this the signed record goes into a message of its own, for peers that take no longer ones. */
    private static final int SPLIT_ABOVE_BYTES = 2 * 1024;

    private static final int PUBLIC_KEY = 1;
    private static final int LISTEN_ADDRESSES = 2;
    private static final int PROTOCOLS = 3;
    private static final int OBSERVED_ADDRESS = 4;
    private static final int PROTOCOL_VERSION = 5;
    private static final int AGENT_VERSION = 6;
    private static final int SIGNED_PEER_RECORD = 8;

    /** The messages to send, each to be prefixed by its length. */
    List<byte[]> encode() {
        ProtoWriter writer = new ProtoWriter().bytes(PUBLIC_KEY, publicKey);
        listenAddresses.forEach(address -> writer.bytes(LISTEN_ADDRESSES, address.bytes()));
        protocols.forEach(protocol -> writer.text(PROTOCOLS, protocol));
        if (observedAddress != null) {
            writer.bytes(OBSERVED_ADDRESS, observedAddress.bytes());
        }
        writer.text(PROTOCOL_VERSION, protocolVersion).text(AGENT_VERSION, agentVersion);
        if (signedPeerRecord == null) {
            return List.of(writer.toByteArray());
        }
        if (writer.size() + signedPeerRecord.length > SPLIT_ABOVE_BYTES) {
            byte[] first = writer.toByteArray();
            return List.of(
                    first,
                    new ProtoWriter()
                            .bytes(SIGNED_PEER_RECORD, signedPeerRecord)
                            .toByteArray());
        }
        return List.of(writer.bytes(SIGNED_PEER_RECORD, signedPeerRecord).toByteArray());
    }

    /**
     * The sum of several messages.
     *
     * @throws IdentifyException if one is no protobuf message
     */
    static IdentifyMessage decode(List<byte[]> messages) {
        Fields fields = new Fields();
        try {
            messages.forEach(fields::add);
        } catch (MultiformatException e) {
            throw new IdentifyException(e);
        }
        return new IdentifyMessage(
                fields.publicKey,
                fields.listenAddresses,
                fields.protocols,
                fields.observed.isEmpty() ? null : fields.observed.get(fields.observed.size() - 1),
                fields.protocolVersion,
                fields.agentVersion,
                fields.signedPeerRecord);
    }

    /** Addresses of protocols that are not known here are left out, as are those beyond {@link #MAX_ADDRESSES}. */
    static void addAddress(byte[] bytes, List<Multiaddr> addresses) {
        if (addresses.size() >= MAX_ADDRESSES) {
            return;
        }
        try {
            addresses.add(Multiaddr.decode(bytes));
        } catch (MultiformatException unknownProtocol) {
            return; // the peer may speak newer transports than this host knows
        }
    }

    /** What has been read so far. */
    private static final class Fields {
        private byte[] publicKey = {};
        private final List<Multiaddr> listenAddresses = new ArrayList<>();
        private final List<String> protocols = new ArrayList<>();
        private final List<Multiaddr> observed = new ArrayList<>();
        private String protocolVersion = "";
        private String agentVersion = "";
        private byte @Nullable [] signedPeerRecord;

        void add(byte[] message) {
            ProtoReader reader = new ProtoReader("message", message);
            for (int field = reader.nextField(); field != 0; field = reader.nextField()) {
                if (reader.isBytes()) {
                    add(field, reader.bytes());
                } else {
                    reader.skip();
                }
            }
        }

        private void add(int field, byte[] value) {
            switch (field) {
                case PUBLIC_KEY -> publicKey = value;
                case LISTEN_ADDRESSES -> addAddress(value, listenAddresses);
                case PROTOCOLS -> addProtocol(value);
                case OBSERVED_ADDRESS -> addAddress(value, observed);
                case PROTOCOL_VERSION -> protocolVersion = text(value);
                case AGENT_VERSION -> agentVersion = text(value);
                case SIGNED_PEER_RECORD -> signedPeerRecord = value;
                default -> {
                    // fields that later versions add
                }
            }
        }

        private void addProtocol(byte[] value) {
            if (protocols.size() < MAX_PROTOCOLS && value.length <= MAX_TEXT_BYTES) {
                protocols.add(text(value));
            }
        }

        private static String text(byte[] value) {
            return new String(value, 0, Math.min(value.length, MAX_TEXT_BYTES), StandardCharsets.UTF_8);
        }
    }
}
