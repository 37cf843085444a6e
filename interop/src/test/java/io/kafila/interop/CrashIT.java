package io.kafila.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.testkit.Seed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at random moments while files are added: after each restart, without any manual step, every root whose
 * add had exited 0 is whole, and {@code repo verify} is clean.
 */
class CrashIT {
    private static final int KILLS = Integer.getInteger("kafila.interop.kills", 6);

    @Test
    void killedWhileAdding_acknowledgedRootsAreWhole(@TempDir Path home) throws Exception {
        Random random = new Seed(42).random();
        List<Path> samples = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            samples.add(Sample.file(home.resolve("sample-" + i), 1 + random.nextInt(24 << 20), i));
        }
        List<String> acknowledged = new ArrayList<>();
        List<Path> contents = new ArrayList<>();
        ExecutorService adder = Executors.newSingleThreadExecutor();
        try (Daemon kafila = Daemon.kafila(home.resolve("kafila"))) {
            for (int kill = 0; kill < KILLS; kill++) {
                kafila.start();
                for (int i = 0; i < acknowledged.size(); i++) {
                    Path back = home.resolve("back");
                    kafila.exec("get", "-o", back.toString(), acknowledged.get(i))
                            .ok();
                    assertThat(Sample.sha256(back))
                            .as("kill %s, root %s", kill, i)
                            .isEqualTo(Sample.sha256(contents.get(i)));
                    Files.delete(back);
                }
                assertThat(kafila.exec("repo", "verify").ok().text()).contains("verify complete, all blocks validated");

                String chunker = "--chunker=size-" + (65536 + kill);
                Path next = samples.get(kill % samples.size());
                Future<Command.Result> add = adder.submit(() -> kafila.exec("add", "-Q", chunker, next.toString()));
                try {
                    Command.Result result = add.get(300 + random.nextInt(1500), TimeUnit.MILLISECONDS);
                    if (result.exit() == 0) {
                        acknowledged.add(result.line());
                        contents.add(next);
                    }
                    kafila.kill();
                } catch (java.util.concurrent.TimeoutException e) {
                    kafila.kill();
                    Command.Result result = add.get();
                    if (result.exit() == 0) {
                        acknowledged.add(result.line());
                        contents.add(next);
                    }
                }
            }
            assertThat(acknowledged).as("adds that ended before their kill").isNotEmpty();
        } finally {
            adder.shutdownNow();
        }
    }
}
