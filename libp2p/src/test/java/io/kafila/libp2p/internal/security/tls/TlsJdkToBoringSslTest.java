package io.kafila.libp2p.internal.security.tls;

import io.kafila.libp2p.internal.security.tls.TlsEngines.Provider;

class TlsJdkToBoringSslTest extends TlsUpgraderContract {
    TlsJdkToBoringSslTest() {
        super(Provider.JDK, Provider.BORINGSSL);
    }
}
