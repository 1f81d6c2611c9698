package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each fuzz target over its seeds and what has been found, and over mutations of them that are the same in every run.
 * {@code scripts/fuzz} goes on where this ends.
 */
class FuzzTest {
    private static final int MUTATIONS_OF_EACH = 40;
    private static final byte[] ODD = Peer.bytes("\r\n\0\t :;,\"\\%/.0159afAFxX-+_#?@[]{}\u0080\u00c0\u00ff");

    @ParameterizedTest
    @EnumSource
    void holds_for_every_seed_and_what_is_near_it(FuzzSeeds target) {
        List<byte[]> seeds = target.seeds();
        assertThat(seeds).isNotEmpty();
        Random random = new Random(1);
        for (byte[] seed : seeds) {
            check(target, seed);
            for (int i = 0; i < MUTATIONS_OF_EACH; i++) {
                check(target, mutated(seed, seeds.get(random.nextInt(seeds.size())), random));
            }
        }
    }

    private static void check(FuzzSeeds target, byte[] data) {
        assertThatCode(() -> target.fuzz(data))
                .as(() -> "input: " + Arrays.toString(data))
                .doesNotThrowAnyException();
    }

    /** One to three of: a byte changed, put in, taken out, a piece repeated, a piece of another seed put in. */
    private static byte[] mutated(byte[] seed, byte[] other, Random random) {
        StringBuilder text = new StringBuilder(Peer.text(seed));
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + 1 + random.nextInt(8));
            String odd = String.valueOf((char) (ODD[random.nextInt(ODD.length)] & 0xFF));
            switch (random.nextInt(5)) {
                case 0 -> text.replace(at, Math.min(text.length(), at + 1), odd);
                case 1 -> text.insert(at, odd);
                case 2 -> text.delete(at, end);
                case 3 -> text.insert(at, text.substring(at, end));
                default -> text.insert(at, piece(Peer.text(other), random));
            }
        }
        return Peer.bytes(text.toString());
    }

    private static String piece(String text, Random random) {
        int from = random.nextInt(text.length() + 1);
        return text.substring(from, Math.min(text.length(), from + 1 + random.nextInt(40)));
    }
}
