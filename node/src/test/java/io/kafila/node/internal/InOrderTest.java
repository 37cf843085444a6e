package io.kafila.node.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.testkit.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InOrderTest {
    @Test
    void consequences_ofStepsThatEndInAnyOrder_runInTheOrderOfTheBeginnings() {
        Seed.each(100, random -> {
            InOrder order = new InOrder();
            List<InOrder.Turn> turns = new ArrayList<>();
            List<Integer> indices = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                turns.add(order.begin());
                indices.add(i);
            }
            Collections.shuffle(indices, random);
            List<Integer> ran = new ArrayList<>();
            for (int index : indices) {
                turns.get(index).end(() -> ran.add(index));
            }
            assertThat(ran).isEqualTo(IntStream.range(0, 50).boxed().toList());
        });
    }

    @Test
    void consequence_waitsForTheFirstStep() {
        InOrder order = new InOrder();
        InOrder.Turn first = order.begin();
        InOrder.Turn second = order.begin();
        List<String> ran = new ArrayList<>();
        second.end(() -> ran.add("second"));
        assertThat(ran).isEmpty();
        first.end(() -> {
            ran.add("first");
            order.begin().end(() -> ran.add("third, begun within the first"));
        });
        assertThat(ran).containsExactly("first", "second", "third, begun within the first");
    }

    @Test
    void threads_noConsequenceIsLostOrOutOfOrder() throws InterruptedException {
        InOrder order = new InOrder();
        List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
        int count = 10_000;
        List<InOrder.Turn> turns =
                IntStream.range(0, count).mapToObj(i -> order.begin()).toList();
        CountDownLatch done = new CountDownLatch(4);
        for (int thread = 0; thread < 4; thread++) {
            int offset = thread;
            new Thread(() -> {
                        for (int i = offset; i < count; i += 4) {
                            int index = i;
                            turns.get(i).end(() -> ran.add(index));
                        }
                        done.countDown();
                    })
                    .start();
        }
        done.await();
        assertThat(ran).isEqualTo(IntStream.range(0, count).boxed().toList());
    }
}
