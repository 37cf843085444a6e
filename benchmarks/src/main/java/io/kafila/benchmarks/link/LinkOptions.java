package io.kafila.benchmarks.link;

import io.kafila.benchmarks.Sizes;
import io.kafila.benchmarks.link.StarPlan.Carrier;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kind of link, for whatever peers a scenario has.
 *
 * @param shape of every link
 * @param tcp what is set of TCP at both ends
 * @param mtuBytes the longest IP packet
 * @param seed decides which packets are lost
 * @param carrier how it is made
 */
public record LinkOptions(LinkShape shape, TcpSettings tcp, int mtuBytes, long seed, Carrier carrier) {
    /** How a link is written, for messages. */
    public static final String FORM =
            "rtt:100ms,rate:1gbit,loss:0.1%,buffers:32MiB|default,congestion:cubic,mtu:9000,carrier:best|proxy";

    private static final Pattern RATE = Pattern.compile("(\\d+(?:\\.\\d+)?)([kmg])bit");
    private static final Pattern TIME = Pattern.compile("(\\d+(?:\\.\\d+)?)(us|ms|s)");
    private static final Pattern SHARE = Pattern.compile("(\\d+(?:\\.\\d+)?)%");
    private static final double PERCENT = 100;
    /** The kernel's least for {@code tcp_rmem} and {@code tcp_wmem}. */
    private static final int MIN_BUFFER_BYTES = 4096;

    /** A link with buffers for long paths and the least number of packets. */
    public static LinkOptions of(LinkShape shape) {
        return new LinkOptions(shape, TcpSettings.LONG_PATHS, StarPlan.DEFAULT_MTU_BYTES, 1, Carrier.BEST);
    }

    /**
     * A link from its words, such as {@code rtt:100ms,rate:1gbit,loss:0.1%}: no round trip, 1 Gbit/s and no loss where
     * nothing else is said, and what {@link #of} says of the rest.
     *
     * @throws IllegalArgumentException where a word is not understood
     */
    public static LinkOptions parse(String text) {
        LinkOptions link = of(LinkShape.of(Duration.ZERO, 1_000_000_000));
        for (String word : text.toLowerCase(Locale.ROOT).split(",", -1)) {
            int colon = word.indexOf(':');
            if (colon < 0) {
                throw refused(word);
            }
            link = link.with(word.substring(0, colon), word.substring(colon + 1), word);
        }
        return link;
    }

    private LinkOptions with(String name, String value, String word) {
        return switch (name) {
            case "rtt" -> with(new LinkShape(time(value, word), shape.bitsPerSecond(), shape.loss()));
            case "rate" -> with(new LinkShape(shape.roundTrip(), rate(value, word), shape.loss()));
            case "loss" -> with(shape.withLoss(number(SHARE, value, word) / PERCENT));
            case "buffers" ->
                with(
                        value.equals("default")
                                ? new TcpSettings(TcpSettings.UNTOUCHED.maxBufferBytes(), tcp.congestionControl())
                                : tcp.withMaxBuffer(size(value, MIN_BUFFER_BYTES, Integer.MAX_VALUE, word)));
            case "congestion" -> with(tcp.withCongestionControl(value));
            case "mtu" ->
                new LinkOptions(
                        shape, tcp, size(value, StarPlan.MIN_MTU_BYTES, StarPlan.MAX_MTU_BYTES, word), seed, carrier);
            case "carrier" -> new LinkOptions(shape, tcp, mtuBytes, seed, carrier(value, word));
            default -> throw refused(word);
        };
    }

    private static Carrier carrier(String value, String word) {
        return switch (value) {
            case "best" -> Carrier.BEST;
            case "proxy" -> Carrier.PROXY;
            default -> throw refused(word);
        };
    }

    private static Duration time(String value, String word) {
        double count = number(TIME, value, word);
        double nanos = value.endsWith("us") ? 1e3 : value.endsWith("ms") ? 1e6 : 1e9;
        return Duration.ofNanos((long) (count * nanos));
    }

    private static long rate(String value, String word) {
        double count = number(RATE, value, word);
        double unit = switch (value.charAt(value.length() - "xbit".length())) {
            case 'k' -> 1e3;
            case 'm' -> 1e6;
            default -> 1e9;
        };
        return (long) (count * unit);
    }

    private static int size(String value, int least, int most, String word) {
        long bytes = Sizes.parse(value);
        if (bytes < least || bytes > most) {
            throw new IllegalArgumentException("link: " + word + ", want " + least + " to " + most + " bytes");
        }
        return (int) bytes;
    }

    private static double number(Pattern form, String value, String word) {
        Matcher matcher = form.matcher(value);
        if (!matcher.matches()) {
            throw refused(word);
        }
        return Double.parseDouble(matcher.group(1));
    }

    private static IllegalArgumentException refused(String word) {
        return new IllegalArgumentException("link: " + word + ", want words such as " + FORM);
    }

    /** With another shape. */
    public LinkOptions with(LinkShape value) {
        return new LinkOptions(value, tcp, mtuBytes, seed, carrier);
    }

    /** With other settings of TCP. */
    public LinkOptions with(TcpSettings value) {
        return new LinkOptions(shape, value, mtuBytes, seed, carrier);
    }

    public LinkOptions withSeed(long value) {
        return new LinkOptions(shape, tcp, mtuBytes, value, carrier);
    }

    /** Links of this kind between a peer in the middle and others, by their roles. */
    public StarPlan star(String hub, Collection<String> leaves) {
        Map<String, LinkShape> shapes = new LinkedHashMap<>();
        leaves.forEach(leaf -> shapes.put(leaf, shape));
        return star(hub, shapes);
    }

    /** Links that differ in their shapes only. */
    public StarPlan star(String hub, Map<String, LinkShape> leaves) {
        return new StarPlan(hub, leaves, tcp, mtuBytes, seed, carrier);
    }
}
