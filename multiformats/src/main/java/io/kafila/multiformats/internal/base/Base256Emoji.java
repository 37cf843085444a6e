package io.kafila.multiformats.internal.base;

import java.util.HashMap;
import java.util.Map;

/** One emoji, a single code point, for each byte (github.com/multiformats/multibase, rfcs/Base256Emoji.md). */
public final class Base256Emoji implements BaseCodec {
    private static final String ALPHABET = ""
            + "🚀🪐☄🛰🌌🌑🌒🌓🌔🌕🌖🌗🌘🌍🌏🌎🐉☀💻🖥💾💿😂❤😍🤣😊🙏💕😭😘👍"
            + "😅👏😁🔥🥰💔💖💙😢🤔😆🙄💪😉☺👌🤗💜😔😎😇🌹🤦🎉💞✌✨🤷😱😌🌸🙌"
            + "😋💗💚😏💛🙂💓🤩😄😀🖤😃💯🙈👇🎶😒🤭❣😜💋👀😪😑💥🙋😞😩😡🤪👊🥳"
            + "😥🤤👉💃😳✋😚😝😴🌟😬🙃🍀🌷😻😓⭐✅🥺🌈😈🤘💦✔😣🏃💐☹🎊💘😠☝"
            + "😕🌺🎂🌻😐🖕💝🙊😹🗣💫💀👑🎵🤞😛🔴😤🌼😫⚽🤙☕🏆🤫👈😮🙆🍻🍃🐶💁"
            + "😲🌿🧡🎁⚡🌞🎈❌✊👋😰🤨😶🤝🚶💰🍓💢🤟🙁🚨💨🤬✈🎀🍺🤓😙💟🌱😖👶"
            + "🥴▶➡❓💎💸⬇😨🌚🦋😷🕺⚠🙅😟😵👎🤲🤠🤧📌🔵💅🧐🐾🍒😗🤑🌊🤯🐷☎"
            + "💧😯💆👆🎤🙇🍑❄🌴💣🐸💌📍🥀🤢👅💡💩👐📸👻🤐🤮🎼🥵🚩🍎🍊👼💍📣🥂";

    private final int[] emoji = ALPHABET.codePoints().toArray();
    private final Map<Integer, Byte> values = new HashMap<>();

    public Base256Emoji() {
        for (int i = 0; i < emoji.length; i++) {
            values.put(emoji[i], (byte) i);
        }
    }

    @Override
    public String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte next : bytes) {
            text.appendCodePoint(emoji[next & 0xFF]);
        }
        return text.toString();
    }

    @Override
    public byte[] decode(String text) {
        byte[] bytes = new byte[text.codePointCount(0, text.length())];
        int out = 0;
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            Byte value = values.get(character);
            if (value == null) {
                throw BaseCodec.badCharacter("base256emoji", text, i);
            }
            bytes[out++] = value;
            i += Character.charCount(character);
        }
        return bytes;
    }
}
