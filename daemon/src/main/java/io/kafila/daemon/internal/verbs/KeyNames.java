package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multibase;
import io.kafila.multiformats.PrivateKey;
import io.kafila.naming.IpnsName;
import java.security.SecureRandom;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How commands write the names of keys.
 *
 * @param base of the Cid; {@code null} for the old form, a multihash in base58
 */
record KeyNames(@Nullable Multibase base) {
    static final int RSA_DEFAULT_BITS = 2048;

    static Option option() {
        return Option.text(
                        "How names of keys are written: b58mh is the old form (12D3KooW..., Qm...); the name or the"
                                + " letter of a base, such as base36 or k, gives them as CIDs.",
                        "ipns-base")
                .withDefault("base36");
    }

    static KeyNames of(Request request) {
        String label = request.text("ipns-base", "base36");
        return label.equals("b58mh") || label.equals("v0") ? new KeyNames(null) : new KeyNames(CidEncoder.base(label));
    }

    String text(IpnsName name) {
        return base == null ? name.peer().toString() : name.toString(base);
    }

    /** {@code {"Name":...,"Id":...}}. */
    ObjectNode value(String key, IpnsName name) {
        return Json.object("Name", key, "Id", text(name));
    }

    /** A new key of the kind that options name. */
    static PrivateKey generate(String kind, OptionalLong bits) {
        SecureRandom random = new SecureRandom();
        if (kind.equals("rsa")) {
            int length = (int) bits.orElse(RSA_DEFAULT_BITS);
            if (length < RSA_DEFAULT_BITS) {
                throw new CommandException("rsa keys must be >= " + RSA_DEFAULT_BITS + " bits to be useful");
            }
            return PrivateKey.generateRsa(length, random);
        }
        return switch (kind) {
            case "ed25519" -> PrivateKey.generate(KeyType.ED25519, random);
            case "secp256k1" -> PrivateKey.generate(KeyType.SECP256K1, random);
            case "ecdsa" -> PrivateKey.generate(KeyType.ECDSA, random);
            default -> throw new CommandException("unrecognized key type: " + kind);
        };
    }
}
