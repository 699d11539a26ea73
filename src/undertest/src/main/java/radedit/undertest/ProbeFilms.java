package radedit.undertest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import radedit.imaging.Picture;

/**
 * Films on which {@link ModelProbes} tries a model.
 *
 * @param varied
 *            films of users and drawn ones, for which scores should differ
 * @param negatives
 *            of the first of them
 * @param shuffled
 *            the first of them, its pixels in another order
 * @param black
 *            level 0 only
 * @param white
 *            the highest level only
 * @param noise
 *            independent uniform levels
 */
record ProbeFilms(List<GreyFilm> varied, List<GreyFilm> negatives, GreyFilm shuffled, GreyFilm black,
        GreyFilm white, GreyFilm noise) {
    private static final int SIDE = 256;
    private static final int MOST_FILMS = 16;
    private static final int NEGATIVES = 4;
    private static final long SEED = 20240;

    static ProbeFilms of(List<GreyFilm> films) {
        List<GreyFilm> varied = new ArrayList<>();
        int n = Math.min(MOST_FILMS, films.size());
        for (int i = 0; i < n; i++) {
            varied.add(films.get((int) ((long) i * films.size() / n)));
        }
        for (int i = 0; i < 4; i++) {
            varied.add(phantom(i));
        }
        List<GreyFilm> negatives = varied.stream().limit(NEGATIVES).map(GreyFilm::inverse).toList();
        return new ProbeFilms(List.copyOf(varied), negatives, permuted(varied.getFirst()), flat(0), flat(255),
                random());
    }

    /** The varied films, the shuffled, black, white and noisy one, and the negatives. */
    List<GreyFilm> all() {
        List<GreyFilm> all = new ArrayList<>(varied);
        all.addAll(List.of(shuffled, black, white, noise));
        all.addAll(negatives);
        return all;
    }

    private static GreyFilm flat(int level) {
        byte[] samples = new byte[SIDE * SIDE];
        Arrays.fill(samples, (byte) level);
        return GreyFilm.of(new Picture(SIDE, SIDE, 1, samples));
    }

    private static GreyFilm random() {
        byte[] samples = new byte[SIDE * SIDE];
        new SplittableRandom(SEED).nextBytes(samples);
        return GreyFilm.of(new Picture(SIDE, SIDE, 1, samples));
    }

    private static GreyFilm permuted(GreyFilm film) {
        char[] levels = film.levels().clone();
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = levels.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            char v = levels[i];
            levels[i] = levels[j];
            levels[j] = v;
        }
        return new GreyFilm(film.width(), film.height(), film.bits(), levels);
    }

    /** A bright trunk, dark lungs, a heart; with bit 0 of the number a large heart, with bit 1 an opaque left base. */
    private static GreyFilm phantom(int number) {
        byte[] samples = new byte[SIDE * SIDE];
        double heart = (number & 1) == 0 ? 0.12 : 0.22;
        for (int i = 0; i < samples.length; i++) {
            int row = i / SIDE;
            double x = (i % SIDE + 0.5) / SIDE;
            double y = (row + 0.5) / SIDE;
            double level = 30;
            if (inside(x - 0.5, y - 0.55, 0.46, 0.52)) {
                level = 170 - 40 * y;
            }
            if (inside(x - 0.3, y - 0.5, 0.15, 0.3) || inside(x - 0.7, y - 0.5, 0.15, 0.3)) {
                level = (number & 2) != 0 && x > 0.5 && y > 0.55 ? 200 : 60 + 30 * y;
            }
            if (inside(x - 0.54, y - 0.62, heart, heart) || Math.abs(x - 0.5) < 0.04) {
                level = 210;
            }
            samples[i] = (byte) (int) level;
        }
        return GreyFilm.of(new Picture(SIDE, SIDE, 1, samples));
    }

    private static boolean inside(double dx, double dy, double a, double b) {
        return dx * dx / (a * a) + dy * dy / (b * b) < 1;
    }
}
