package io.kafila.libp2p.internal.security.tls;

import io.kafila.libp2p.internal.security.tls.TlsEngines.Provider;

class TlsBoringSslToBoringSslTest extends TlsUpgraderContract {
    TlsBoringSslToBoringSslTest() {
        super(Provider.BORINGSSL, Provider.BORINGSSL);
    }
}
