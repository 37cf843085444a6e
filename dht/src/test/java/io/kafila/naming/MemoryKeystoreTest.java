package io.kafila.naming;

class MemoryKeystoreTest extends KeystoreContract {
    @Override
    Keystore keystore() {
        return new MemoryKeystore();
    }
}
