package io.kafila.dht.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.dht.internal.Contacts;
import io.kafila.dht.internal.key.Contact;
import io.kafila.testkit.Seed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LostPeersTest {
    @Test
    void next_eachInTurn_untilItIsBack() {
        Seed.each(1, random -> {
            LostPeers lost = new LostPeers();
            assertThat(lost.next()).isNull();
            Contact one = Contacts.random(random);
            Contact other = Contacts.random(random);
            lost.add(one);
            lost.add(other);
            assertThat(List.of(lost.next(), lost.next(), lost.next())).containsExactly(one, other, one);
            lost.remove(one.peer());
            assertThat(List.of(lost.next(), lost.next())).containsExactly(other, other);
        });
    }

    @Test
    void add_many_theFirstAreForgotten() {
        Seed.each(1, random -> {
            LostPeers lost = new LostPeers();
            List<Contact> all = new ArrayList<>();
            for (int i = 0; i < LostPeers.MAX + 10; i++) {
                all.add(Contacts.random(random));
                lost.add(all.get(i));
                lost.add(all.get(i));
            }
            assertThat(lost.size()).isEqualTo(LostPeers.MAX);
            assertThat(lost.next()).isEqualTo(all.get(10));
        });
    }
}
