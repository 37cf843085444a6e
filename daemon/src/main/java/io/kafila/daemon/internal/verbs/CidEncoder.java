package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Request;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multibase;
import io.kafila.multiformats.MultiformatException;
import java.util.Optional;

/**
 * Writes Cids as {@code --cid-base} asks: version 0 stays as it is unless another base than base58btc is wanted.
 *
 * @param base for version 1
 * @param upgrade whether version 0 becomes version 1
 */
record CidEncoder(Multibase base, boolean upgrade) {

    static CidEncoder of(Request request) {
        Optional<String> name = request.text("cid-base").filter(text -> !text.isEmpty());
        Multibase base = name.map(CidEncoder::base).orElse(Multibase.BASE32);
        boolean upgrade = request.given("upgrade-cidv0-in-output")
                ? request.flag("upgrade-cidv0-in-output")
                : name.isPresent() && base != Multibase.BASE58BTC;
        return new CidEncoder(base, upgrade);
    }

    /** The way that the Cid in a path is written, unless the request says otherwise; names of /ipns/ count for nothing. */
    static CidEncoder of(Request request, String path) {
        if (path.startsWith("/ipns/")
                || request.text("cid-base").filter(text -> !text.isEmpty()).isPresent()) {
            return of(request);
        }
        String[] parts = path.split("/", -1);
        String text = parts[0].isEmpty() ? parts.length > 2 ? parts[2] : "" : parts[0];
        try {
            return Cid.parse(text).version() == 0 ? of(request) : new CidEncoder(Multibase.of(text), true);
        } catch (MultiformatException e) {
            return of(request);
        }
    }

    static Multibase base(String name) {
        return Multibase.byName(name)
                .or(() -> name.codePointCount(0, name.length()) == 1 ? ofPrefix(name) : Optional.empty())
                .orElseThrow(() -> new CommandException("unsupported multibase encoding: " + name));
    }

    private static Optional<Multibase> ofPrefix(String prefix) {
        for (Multibase known : Multibase.values()) {
            if (known.prefix().equals(prefix)) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }

    String encode(Cid cid) {
        if (cid.version() == 0) {
            return upgrade ? cid.asV1().toString(base) : cid.toString();
        }
        return cid.toString(base);
    }
}
