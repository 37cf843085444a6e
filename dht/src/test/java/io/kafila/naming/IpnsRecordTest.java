package io.kafila.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.dag.ContentPath;
import io.kafila.dag.IpldNode;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PrivateKey;
import io.kafila.testkit.Fixtures;
import io.kafila.testkit.Seed;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class IpnsRecordTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678900001Z");
    private static final Instant LATER = NOW.plus(Duration.ofHours(48));
    private static final ContentPath VALUE =
            ContentPath.parse("/ipfs/bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4");
    private static final PrivateKey KEY = key(KeyType.ED25519);
    private static final IpnsName NAME = IpnsName.of(KEY.publicKey());

    private static PrivateKey key(KeyType type) {
        return PrivateKey.generate(type, new SecureRandom());
    }

    /** ipfs/specs ipns-record.md, Test Vectors. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "k51qzi5uqu5dm4tm0wt8srkg9h9suud4wuiwjimndrkydqm81cqtlb5ak6p7ku_v1 | MALFORMED |",
                "k51qzi5uqu5dlkw8pxuw9qmqayfdeh4kfebhmreauqdc6a7c3y7d5i9fi8mk9w_v1-v2 | | bafkqaddwgevxmmraojswg33smq",
                "k51qzi5uqu5dlmit2tuwdvnx4sbnyqgmvbxftl0eo3f33wwtb9gr7yozae9kpw_v1-v2-broken-v1-value | MISMATCH |",
                "k51qzi5uqu5diamp7qnnvs1p1gzmku3eijkeijs3418j23j077zrkok63xdm8c_v1-v2-broken-signature-v2 | SIGNATURE |",
                "k51qzi5uqu5dilgf7gorsh9vcqqq4myo6jd4zmqkuy9pxyxi5fua3uf7axph4y_v1-v2-broken-signature-v1 | |"
                        + " bafkqahtwgevxmmrao5uxi2bamjzg623fnyqhg2lhnzqxi5lsmuqhmmi",
                "k51qzi5uqu5dit2ku9mutlfgwyz8u730on38kd10m97m36bjt66my99hb6103f_v2 | |"
                        + " bafkqadtwgiww63tmpeqhezldn5zgi"
            })
    void verify_publishedVector_givesTheSpecifiedVerdict(String file, IpnsRecordException.Kind wrong, String value) {
        byte[] bytes = Fixtures.bytes("gateway-conformance/fixtures/ipns_records/" + file + ".ipns-record");
        IpnsName name = IpnsName.parse(file.substring(0, file.indexOf('_')));
        if (wrong == null) {
            IpnsRecord record = IpnsRecord.decode(bytes);
            record.verify(name, NOW);
            assertThat(record.value()).hasToString("/ipfs/" + value);
            assertThat(record.ttl()).isEqualTo(Duration.ofMinutes(30));
            assertThat(record.sequence()).isZero();
            assertThat(record.validity()).isEqualTo(Instant.parse("2123-08-14T12:17:03.694052Z"));
        } else {
            assertThatThrownBy(() -> IpnsRecord.decode(bytes).verify(name, NOW))
                    .isInstanceOfSatisfying(
                            IpnsRecordException.class, e -> assertThat(e.kind()).isEqualTo(wrong));
        }
    }

    /** Records of the gateway suite, whose names are Cids and the two old forms. */
    @Test
    void verify_everyOtherPublishedRecord_isValid() {
        int seen = 0;
        for (Path file : Fixtures.files("gateway-conformance")) {
            String name = file.getFileName().toString();
            if (name.endsWith(".ipns-record") && !name.contains("_v")) {
                IpnsRecord record = IpnsRecord.decode(Fixtures.bytes("gateway-conformance/" + relative(file)));
                record.verify(IpnsName.parse(name.substring(0, name.indexOf('.'))), NOW);
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(5);
    }

    private static Path relative(Path file) {
        return Fixtures.path("gateway-conformance").relativize(file);
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void create_anyKey_isVerifiedAndSaysWhatTheDraftSaid(KeyType type) {
        PrivateKey key = key(type);
        IpnsRecordDraft draft = new IpnsRecordDraft(
                VALUE,
                41,
                LATER,
                Duration.ofSeconds(90),
                Map.of("_model", new IpldNode.StringValue("llama"), "_n", IpldNode.IntValue.of(-3)),
                true);
        IpnsRecord record = IpnsRecord.decode(IpnsRecord.create(key, draft).bytes());
        record.verify(IpnsName.of(key.publicKey()), NOW);
        assertThat(record.value()).isEqualTo(VALUE);
        assertThat(record.sequence()).isEqualTo(41);
        assertThat(record.validity()).isEqualTo(LATER);
        assertThat(record.ttl()).isEqualTo(Duration.ofSeconds(90));
        assertThat(record.extra()).isEqualTo(draft.extra());
        assertThat(record.hasV1()).isTrue();
        boolean inlined = key.peerId().inlinedKey().isPresent();
        assertThat(record.publicKey())
                .isEqualTo(inlined ? java.util.Optional.empty() : java.util.Optional.of(key.publicKey()));
    }

    @Test
    void create_withoutV1_hasNoOldFields() {
        IpnsRecord record =
                IpnsRecord.create(KEY, IpnsRecordDraft.of(VALUE, 0, LATER).withV1Compatible(false));
        record.verify(NAME, NOW);
        assertThat(record.hasV1()).isFalse();
        assertThat(record.sizeBytes()).isLessThan(224);
    }

    @Test
    void create_moreThanTheLimit_isRefused() {
        IpnsRecordDraft draft = IpnsRecordDraft.of(VALUE, 0, LATER)
                .withExtra(Map.of("_big", IpldNode.BytesValue.of(new byte[IpnsRecord.MAX_BYTES])));
        assertKind(() -> IpnsRecord.create(KEY, draft), IpnsRecordException.Kind.TOO_LARGE);
    }

    @Test
    void draft_extraFieldOfAKnownOrForeignName_isRefused() {
        assertThatThrownBy(() ->
                        IpnsRecordDraft.of(VALUE, 0, LATER).withExtra(Map.of("Value", new IpldNode.StringValue("x"))))
                .hasMessage("ipns record: extra field \"Value\", want a name that is none of the specification's");
        assertThatThrownBy(() -> new IpnsPublication(
                        VALUE,
                        Duration.ofHours(1),
                        Duration.ZERO,
                        java.util.OptionalLong.empty(),
                        Map.of("model", new IpldNode.StringValue("x")),
                        true))
                .hasMessage("ipns record: extra field \"model\", want a name that begins with _");
    }

    @Test
    void verify_nameOfAnotherKey_isRefused() {
        IpnsRecord record = IpnsRecord.create(KEY, IpnsRecordDraft.of(VALUE, 0, LATER));
        IpnsName other = IpnsName.of(key(KeyType.ED25519).publicKey());
        assertKind(() -> record.verify(other, NOW), IpnsRecordException.Kind.SIGNATURE);
        IpnsName hashed = IpnsName.of(key(KeyType.RSA).publicKey());
        assertKind(() -> record.verify(hashed, NOW), IpnsRecordException.Kind.PUBLIC_KEY);
        IpnsRecord rsa = IpnsRecord.create(key(KeyType.RSA), IpnsRecordDraft.of(VALUE, 0, LATER));
        assertThatThrownBy(() -> rsa.verify(NAME, NOW))
                .hasMessage("record public key does not match the expected public key");
    }

    @Test
    void verify_afterItsValidity_isExpired() {
        IpnsRecord record = IpnsRecord.create(KEY, IpnsRecordDraft.of(VALUE, 0, LATER));
        record.verify(NAME, LATER);
        assertKind(() -> record.verify(NAME, LATER.plusNanos(1)), IpnsRecordException.Kind.EXPIRED);
    }

    @Test
    void verify_anyBitFlipped_isRefused() {
        byte[] good = IpnsRecord.create(KEY, IpnsRecordDraft.of(VALUE, 7, LATER).withV1Compatible(false))
                .bytes();
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> IpnsRecord.decode(bad).verify(NAME, NOW))
                    .as("bit " + bit)
                    .isInstanceOf(IpnsRecordException.class);
        }
    }

    @Test
    void decode_truncatedAtEveryByte_isRefused() {
        byte[] good =
                IpnsRecord.create(KEY, IpnsRecordDraft.of(VALUE, 7, LATER)).bytes();
        for (int length = 0; length < good.length; length++) {
            byte[] bad = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> IpnsRecord.decode(bad).verify(NAME, NOW))
                    .as("length " + length)
                    .isInstanceOf(IpnsRecordException.class);
        }
    }

    @Test
    void decode_randomBytes_failsWithOurErrorAlone() {
        Seed.each(2000, random -> {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            assertThatThrownBy(() -> IpnsRecord.decode(bytes).verify(NAME, NOW))
                    .isInstanceOf(IpnsRecordException.class);
        });
    }

    @Test
    void decode_largerThanTheLimit_isRefusedBeforeItIsRead() {
        assertKind(() -> IpnsRecord.decode(new byte[IpnsRecord.MAX_BYTES + 1]), IpnsRecordException.Kind.TOO_LARGE);
    }

    @Test
    void decode_fieldTwice_isRefused() {
        byte[] good =
                IpnsRecord.create(KEY, IpnsRecordDraft.of(VALUE, 7, LATER)).bytes();
        byte[] twice = Arrays.copyOf(good, good.length + 2);
        twice[good.length] = 5 << 3;
        twice[good.length + 1] = 9;
        assertThatThrownBy(() -> IpnsRecord.decode(twice))
                .hasMessage("record is malformed\nipns record: field 5 is there twice");
    }

    @Test
    void compareAge_sequenceThenValidityThenBytes() {
        IpnsRecord old = IpnsRecord.create(KEY, IpnsRecordDraft.of(VALUE, 1, LATER));
        IpnsRecord longer = IpnsRecord.create(KEY, IpnsRecordDraft.of(VALUE, 1, LATER.plusNanos(1)));
        IpnsRecord next = IpnsRecord.create(KEY, IpnsRecordDraft.of(VALUE, 2, NOW));
        IpnsRecord plain =
                IpnsRecord.create(KEY, IpnsRecordDraft.of(VALUE, 1, LATER).withV1Compatible(false));
        assertThat(old.compareAge(longer)).isNegative();
        assertThat(next.compareAge(longer)).isPositive();
        assertThat(old.compareAge(old)).isZero();
        assertThat(Integer.signum(old.compareAge(plain))).isEqualTo(-Integer.signum(plain.compareAge(old)));
        assertThat(old.compareAge(plain)).isNotZero();
    }

    @Test
    void cacheableFor_ttlButNotPastTheValidity() {
        IpnsRecord record = IpnsRecord.create(KEY, IpnsRecordDraft.of(VALUE, 1, LATER));
        assertThat(record.cacheableFor(NOW)).isEqualTo(Duration.ofMinutes(5));
        assertThat(record.cacheableFor(LATER.minusSeconds(2))).isEqualTo(Duration.ofSeconds(2));
        assertThat(record.cacheableFor(LATER.plusSeconds(2))).isZero();
    }

    private static void assertKind(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call, IpnsRecordException.Kind kind) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        IpnsRecordException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
