package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.CommandException;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multibase;
import io.kafila.multiformats.Multicodec;

/** Writes a Cid by a format string, with the letters of go-cidutil. */
final class CidFormat {
    static final String REFERENCE = """
              > kafila cid format -f '%v %c %h' bafkreicysg23kiwv34eg2d7qweipx...
              cidv1 raw sha2-256

            %s  the CID in the chosen base
            %S  the same without the letter of the base
            %v  version, as cidv1        %V  version, as 1
            %c  codec, as its name       %C  codec, as its number
            %h  hash function, name      %H  hash function, number
            %L  length of the digest in bytes
            %d  digest in the base       %D  without the letter of the base
            %m  multihash in the base    %M  without the letter of the base
            %b  base, as its name        %B  base, as its letter
            %P  the same as %v-%c-%h-%L
            %%  a per cent sign

            A CIDv0 is always base58btc and has no letter of the base.""";

    private CidFormat() {}

    static String format(String format, Multibase base, Cid cid) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                out.append(c);
            } else if (++i == format.length()) {
                throw new CommandException("premature end of format string");
            } else {
                out.append(part(format.charAt(i), base, cid));
            }
        }
        return out.toString();
    }

    private static String part(char letter, Multibase base, Cid cid) {
        return switch (letter) {
            case '%' -> "%";
            case 'b' -> base.specName();
            case 'B' -> base.prefix();
            case 'v' -> "cidv" + cid.version();
            case 'V' -> Integer.toString(cid.version());
            case 'c' -> codecName(cid.codec());
            case 'C' -> Long.toString(cid.codec());
            case 'h' -> hashName(cid.multihash().code());
            case 'H' -> Long.toString(cid.multihash().code());
            case 'L' -> Integer.toString(cid.multihash().length());
            case 'm' -> base.encode(cid.multihash().bytes());
            case 'M' -> base.encodeBare(cid.multihash().bytes());
            case 'd' -> base.encode(cid.multihash().digest());
            case 'D' -> base.encodeBare(cid.multihash().digest());
            case 's' -> text(cid, base);
            case 'S' -> base.encodeBare(cid.bytes());
            case 'P' ->
                "cidv" + cid.version() + "-" + codecName(cid.codec()) + "-"
                        + hashName(cid.multihash().code()) + "-"
                        + cid.multihash().length();
            default -> throw new CommandException("unrecognized specifier in format string: %" + letter);
        };
    }

    private static String text(Cid cid, Multibase base) {
        if (cid.version() == 0 && base != Multibase.BASE58BTC) {
            throw new IllegalArgumentException("cannot encode a CIDv0 in " + base.specName() + ", want base58btc");
        }
        return cid.version() == 0 ? cid.toString() : cid.toString(base);
    }

    static String codecName(long code) {
        return Multicodec.byCode(code).map(Multicodec::name).orElse("Code(" + code + ")");
    }

    static String hashName(long code) {
        return HashFunction.byCode(code)
                .map(HashFunction::specName)
                .or(() -> Multicodec.byCode(code).map(Multicodec::name))
                .orElse("hash?" + code);
    }
}
