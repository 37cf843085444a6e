package io.kafila.libp2p.internal.security.tls;

import io.kafila.libp2p.internal.security.tls.TlsEngines.Provider;

class TlsJdkToJdkTest extends TlsUpgraderContract {
    TlsJdkToJdkTest() {
        super(Provider.JDK, Provider.JDK);
    }
}
