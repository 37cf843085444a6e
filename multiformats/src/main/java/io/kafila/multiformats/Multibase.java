package io.kafila.multiformats;

import io.kafila.multiformats.internal.base.Base256Emoji;
import io.kafila.multiformats.internal.base.Base45;
import io.kafila.multiformats.internal.base.BaseCodec;
import io.kafila.multiformats.internal.base.BitBase;
import io.kafila.multiformats.internal.base.IdentityBase;
import io.kafila.multiformats.internal.base.Proquint;
import io.kafila.multiformats.internal.base.RadixBase;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A base of the multibase table: a way to write bytes as text that starts with a character naming the base.
 *
 * <p>Decoding accepts exactly one text for some bytes, but for the case of letters where the base has one case only.
 * base10, base36 and base58 take at most 16 KiB, since their cost is quadratic. Source: github.com/multiformats/multibase.
 */
public enum Multibase {
    /** Each byte is the character U+0000 to U+00FF of the same number; the prefix is U+0000. */
    IDENTITY("\0", "identity", new IdentityBase()),
    BASE2("0", "base2", plain("base2", "01")),
    BASE8("7", "base8", plain("base8", "01234567")),
    BASE10("9", "base10", new RadixBase("base10", "0123456789", false)),
    BASE16("f", "base16", plain("base16", Alphabet.HEX)),
    BASE16UPPER("F", "base16upper", plain("base16upper", upper(Alphabet.HEX))),
    BASE32HEX("v", "base32hex", plain("base32hex", Alphabet.BASE32HEX)),
    BASE32HEXUPPER("V", "base32hexupper", plain("base32hexupper", upper(Alphabet.BASE32HEX))),
    BASE32HEXPAD("t", "base32hexpad", padded("base32hexpad", Alphabet.BASE32HEX)),
    BASE32HEXPADUPPER("T", "base32hexpadupper", padded("base32hexpadupper", upper(Alphabet.BASE32HEX))),
    BASE32("b", "base32", plain("base32", Alphabet.BASE32)),
    BASE32UPPER("B", "base32upper", plain("base32upper", upper(Alphabet.BASE32))),
    BASE32PAD("c", "base32pad", padded("base32pad", Alphabet.BASE32)),
    BASE32PADUPPER("C", "base32padupper", padded("base32padupper", upper(Alphabet.BASE32))),
    /** The base of Tahoe-LAFS. */
    BASE32Z("h", "base32z", new BitBase("base32z", "ybndrfg8ejkmcpqxot1uwisza345h769", false, false)),
    BASE36("k", "base36", new RadixBase("base36", Alphabet.BASE36, true)),
    BASE36UPPER("K", "base36upper", new RadixBase("base36upper", upper(Alphabet.BASE36), true)),
    BASE45("R", "base45", new Base45()),
    BASE58BTC("z", "base58btc", new RadixBase("base58btc", "123456789" + Alphabet.UPPER58 + Alphabet.LOWER58, false)),
    BASE58FLICKR(
            "Z",
            "base58flickr",
            new RadixBase("base58flickr", "123456789" + Alphabet.LOWER58 + Alphabet.UPPER58, false)),
    BASE64("m", "base64", new BitBase("base64", Alphabet.BASE62 + "+/", false, false)),
    BASE64PAD("M", "base64pad", new BitBase("base64pad", Alphabet.BASE62 + "+/", false, true)),
    BASE64URL("u", "base64url", new BitBase("base64url", Alphabet.BASE62 + "-_", false, false)),
    BASE64URLPAD("U", "base64urlpad", new BitBase("base64urlpad", Alphabet.BASE62 + "-_", false, true)),
    PROQUINT("p", "proquint", new Proquint()),
    BASE256EMOJI("\uD83D\uDE80", "base256emoji", new Base256Emoji());

    private static final class Alphabet {
        static final String HEX = "0123456789abcdef";
        static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
        static final String BASE32HEX = "0123456789abcdefghijklmnopqrstuv";
        static final String BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz";
        static final String UPPER58 = "ABCDEFGHJKLMNPQRSTUVWXYZ";
        static final String LOWER58 = "abcdefghijkmnopqrstuvwxyz";
        static final String BASE62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    }

    private static final Map<Integer, Multibase> BY_PREFIX =
            Arrays.stream(values()).collect(Collectors.toMap(base -> base.prefix.codePointAt(0), Function.identity()));
    private static final Map<String, Multibase> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(Multibase::specName, Function.identity()));

    private final String prefix;
    private final String specName;

    @SuppressWarnings("ImmutableEnumChecker") // Every codec is immutable; the checker knows its own annotation only.
    private final BaseCodec codec;

    Multibase(String prefix, String specName, BaseCodec codec) {
        this.prefix = prefix;
        this.specName = specName;
        this.codec = codec;
    }

    /** The one character (two UTF-16 units for {@link #BASE256EMOJI}) that every text of this base starts with. */
    public String prefix() {
        return prefix;
    }

    /** The name in the multibase table. */
    public String specName() {
        return specName;
    }

    /** The text of {@code bytes}, with the prefix. */
    public String encode(byte[] bytes) {
        return prefix + codec.encode(bytes);
    }

    /** The text of {@code bytes}, without the prefix. */
    public String encodeBare(byte[] bytes) {
        return codec.encode(bytes);
    }

    /** The bytes of a text without prefix. */
    public byte[] decodeBare(String text) {
        return codec.decode(text);
    }

    /**
     * The bytes of a text with the prefix of any base.
     *
     * @throws MultiformatException if the prefix names no base or the rest is no text of it
     */
    public static byte[] decode(String text) {
        Multibase base = of(text);
        return base.codec.decode(text.substring(base.prefix.length()));
    }

    /** The base that the first character of {@code text} names. */
    public static Multibase of(String text) {
        if (text.isEmpty()) {
            throw new MultiformatException("multibase: empty text, want a prefix");
        }
        int prefix = text.codePointAt(0);
        Multibase base = BY_PREFIX.get(prefix);
        if (base == null) {
            throw new MultiformatException("multibase: prefix " + String.format("U+%04X", prefix) + " names no base");
        }
        return base;
    }

    /** The base of this name in the multibase table. */
    public static Optional<Multibase> byName(String specName) {
        return Optional.ofNullable(BY_NAME.get(specName));
    }

    private static BaseCodec plain(String name, String alphabet) {
        return new BitBase(name, alphabet, true, false);
    }

    private static BaseCodec padded(String name, String alphabet) {
        return new BitBase(name, alphabet, true, true);
    }

    private static String upper(String alphabet) {
        return alphabet.toUpperCase(Locale.ROOT);
    }
}
