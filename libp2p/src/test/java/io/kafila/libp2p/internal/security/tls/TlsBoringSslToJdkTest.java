package io.kafila.libp2p.internal.security.tls;

import io.kafila.libp2p.internal.security.tls.TlsEngines.Provider;

class TlsBoringSslToJdkTest extends TlsUpgraderContract {
    TlsBoringSslToJdkTest() {
        super(Provider.BORINGSSL, Provider.JDK);
    }
}
