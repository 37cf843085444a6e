package io.kafila.benchmarks.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentMakerTest {
    @TempDir
    private Path folder;

    @Test
    void make_sameSeedAndLabel_sameBytes_andAnotherLabelOthers() {
        String first = new ContentMaker(folder.resolve("a"), 5)
                .make(ContentSpec.file(3_000_001), "x")
                .sha256();
        Content again = new ContentMaker(folder.resolve("b"), 5).make(ContentSpec.file(3_000_001), "x");
        Content other = new ContentMaker(folder.resolve("b"), 5).make(ContentSpec.file(3_000_001), "y");

        assertThat(again.sha256()).isEqualTo(first).isNotEqualTo(other.sha256());
        assertThat(again.path()).hasSize(3_000_001);
        assertThat(Digests.of(again.path())).isEqualTo(again.sha256());
    }

    @Test
    void make_folder_hasItsFilesAndDigest() {
        Content content = new ContentMaker(folder, 5).make(ContentSpec.folder(7, 10), "small");

        assertThat(Folders.files(content.path())).hasSize(7);
        assertThat(Digests.of(content.path())).isEqualTo(content.sha256());
        content.close();
        assertThat(content.path()).doesNotExist();
    }

    @Test
    void make_tensors_headerSaysWhereTheFirstBegins() throws Exception {
        Content content = new ContentMaker(folder, 5).make(ContentSpec.tensors(16 << 20), "model");
        byte[] all = Files.readAllBytes(content.path());
        long first = Tensors.firstTensor(Arrays.copyOf(all, 8));

        assertThat(all).hasSize(16 << 20);
        assertThat(new String(all, 8, (int) first - 8, java.nio.charset.StandardCharsets.UTF_8))
                .startsWith("{\"layer.0.weight\":{\"dtype\":\"F32\"")
                .endsWith("}");
        assertThat(ByteBuffer.wrap(all).remaining()).isGreaterThan((int) first + Tensors.TENSOR_BYTES);
    }

    @Test
    void make_tensorsOfAWarmUp_haveTheFirstWhole() throws Exception {
        ContentSpec least = ContentSpec.tensors(16 << 20).scaled(0.25);
        byte[] all = Files.readAllBytes(
                new ContentMaker(folder, 5).make(least, "model").path());

        assertThat(all).hasSize((int) Tensors.firstTensor(Arrays.copyOf(all, 8)) + Tensors.TENSOR_BYTES);
        assertThat(ContentSpec.tensors(1 << 30).scaled(0.25).bytes()).isEqualTo(1 << 28);
    }

    @Test
    void tensors_noRoomForOne_isRefused() {
        assertThatThrownBy(() -> ContentSpec.tensors(4 << 20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "content: 4194304 bytes, want at least " + Tensors.LEAST_BYTES + ", a tensor with its header");
    }
}
