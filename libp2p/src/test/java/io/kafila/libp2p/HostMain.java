package io.kafila.libp2p;

import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PrivateKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * A host to try by hand: {@code HostMain <security> <seconds> [<multiaddr with /p2p> ...]} listens on a free port of the
 * loopback interface, connects to the addresses, pings, and prints what it learns.
 */
final class HostMain {
    private HostMain() {}

    public static void main(String[] args) throws Exception {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
        List<Multiaddr> peers = new ArrayList<>();
        for (int i = 2; i < args.length; i++) {
            peers.add(Multiaddr.parse(args[i]));
        }
        try (Host host = new HostBuilder(key)
                .securities(List.of(args[0].split(",")))
                .agentVersion("kafila/test")
                .listen(List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")))
                .start()) {
            host.addListener(new ConnectionListener() {
                @Override
                public void onConnected(Connection connection) {
                    System.out.println("connected " + connection + " by " + connection.security());
                }

                @Override
                public void onDisconnected(Connection connection) {
                    System.out.println("disconnected " + connection);
                }

                @Override
                public void onIdentified(Connection connection, IdentifyInfo info) {
                    System.out.println("identified " + info);
                }
            });
            System.out.println("listening on " + host.addresses().get(0).withPeerId(host.peerId()));
            for (Multiaddr address : peers) {
                PeerId peer = address.peerId().orElseThrow();
                host.connect(peer, List.of(address)).join().identified().join();
                for (int i = 0; i < 5; i++) {
                    System.out.println("ping " + peer + " " + host.ping(peer).join());
                }
            }
            Thread.sleep(1000L * Long.parseLong(args[1]));
            System.out.println("events " + host.eventCounts());
        }
    }
}
