package io.kafila.daemon.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class ConnectionGateTest {
    @Test
    void enter_boundedInAllAndByAddress() throws UnknownHostException {
        InetAddress stranger = InetAddress.getByName("192.0.2.1");
        ConnectionGate gate = new ConnectionGate("connections", 4, 2);
        assertThat(gate.enter(stranger)).isEmpty();
        assertThat(gate.enter(stranger)).isEmpty();
        assertThat(gate.enter(stranger)).contains("too many connections from 192.0.2.1: 2 are open");
        assertThat(gate.enter(null)).isEmpty();
        assertThat(gate.enter(null)).isEmpty();
        assertThat(gate.enter(null)).contains("too many connections: 4 are open");
        gate.leave(stranger);
        assertThat(gate.enter(stranger)).isEmpty();
        gate.leave(stranger);
        gate.leave(stranger);
        gate.leave(null);
        gate.leave(null);
        assertThat(gate.openCount()).isZero();
    }
}
