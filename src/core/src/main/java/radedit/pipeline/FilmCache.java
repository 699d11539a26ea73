package radedit.pipeline;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import radedit.digest.Digests;
import radedit.imaging.Picture;
import radedit.tensor.Tensor;

/**
 * What edits of the same film have in common, so that it is computed once: the film's encoding and embedding, and the
 * noise that inversions found. The least recently used entries are dropped once they take too much of the heap.
 */
final class FilmCache {
    /** What an inversion depends on, apart from the model and the first step. */
    record InversionKey(String film, int side, Rng rng, long seed, String prompt, int steps, double eta) {}

    private static final int FILMS = 64;
    private static final long MOST_BYTES = Runtime.getRuntime().maxMemory() / 16;

    private final Map<String, Tensor> moments = bounded();
    private final Map<String, double[]> embeddings = bounded();
    private final LinkedHashMap<InversionKey, Map<Integer, Tensor>> inversions = new LinkedHashMap<>(16, 0.75f, true);

    private static <K, V> Map<K, V> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > FILMS;
            }
        };
    }

    /** {@return what identifies a picture: a hash of its size and samples} */
    static String digest(Picture p) {
        return p.width() + "x" + p.height() + "x" + p.channels() + ":"
                + Digests.hex(p.samples());
    }

    /** {@return the moments of the encoder's distribution for a film, computed if they are not known} */
    Tensor moments(String film, Supplier<Tensor> encoder) {
        return moments.computeIfAbsent(film, f -> encoder.get());
    }

    /** {@return the joint embedding of a film, computed if it is not known} */
    double[] embedding(String film, Supplier<double[]> encoder) {
        return embeddings.computeIfAbsent(film, f -> encoder.get());
    }

    /** {@return the noise found so far by inversions of this key, by index of the step; callers add to it} */
    Map<Integer, Tensor> inversion(InversionKey key) {
        Map<Integer, Tensor> found = inversions.computeIfAbsent(key, k -> new HashMap<>());
        while (inversions.size() > 1 && bytes() > MOST_BYTES) {
            inversions.pollFirstEntry();
        }
        return found;
    }

    private long bytes() {
        return inversions.values().stream().flatMap(m -> m.values().stream())
                .mapToLong(t -> (long) Double.BYTES * t.data().length).sum();
    }
}
