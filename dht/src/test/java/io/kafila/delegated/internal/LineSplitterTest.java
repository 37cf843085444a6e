package io.kafila.delegated.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
    private final List<String> lines = new ArrayList<>();
    private final LineSplitter splitter =
            new LineSplitter(5, line -> lines.add(new String(line, StandardCharsets.UTF_8)));

    private void feed(String text) {
        splitter.feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void feed_anyPieces_theSameLines() {
        String text = "one\n\ntwo\nthree\nend";
        for (int size = 1; size <= text.length(); size++) {
            lines.clear();
            for (int at = 0; at < text.length(); at += size) {
                feed(text.substring(at, Math.min(text.length(), at + size)));
            }
            splitter.end();
            assertThat(lines).containsExactly("one", "two", "three", "end");
        }
    }

    @Test
    void feed_longLine_isRefused() {
        feed("12345\n1234");
        assertThatThrownBy(() -> feed("56")).hasMessage("line of more than 5 bytes");
    }
}
