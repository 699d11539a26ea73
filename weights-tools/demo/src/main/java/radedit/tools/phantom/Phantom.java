package radedit.tools.phantom;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A patient and an exposure, drawn from a seed.
 *
 * @param seed
 *            also the seed of the film's noise
 */
public record Phantom(long seed, Anatomy anatomy, Exposure exposure, List<Finding> findings, List<Device> devices) {
    /**
     * Share of films with a pneumothorax that have a drain on that side, high as in hospitals: the shortcut to be
     * tested.
     */
    static final double DRAIN_WITH_PNEUMOTHORAX = 0.8;
    private static final double DRAIN_WITHOUT = 0.12;
    private static final double PACEMAKER = 0.1;
    private static final double TUBE = 0.1;
    private static final double NORMAL = 0.28;
    private static final double SECOND_FINDING = 0.2;
    private static final double BILATERAL = 0.2;

    /** Draws the phantom with an index, from 0, of the series that a seed defines. */
    public static Phantom inSeries(long seed, int index) {
        return draw(new SplittableRandom(seed * 1_000_003L + index).nextLong());
    }

    /** Draws a phantom with findings and devices as frequent as in the training set. */
    public static Phantom draw(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        List<Finding.Kind> kinds = new ArrayList<>();
        if (random.nextDouble() >= NORMAL) {
            kinds.add(kind(random));
            Finding.Kind second = kind(random);
            if (random.nextDouble() < SECOND_FINDING && second != kinds.getFirst()) {
                kinds.add(second);
            }
        }
        return draw(seed, random, kinds, null);
    }

    /**
     * Draws a phantom with given findings.
     *
     * @param side
     *            side of the first finding; null to draw it
     */
    public static Phantom draw(long seed, List<Finding.Kind> kinds, @Nullable Side side) {
        return draw(seed, new SplittableRandom(seed), kinds, side);
    }

    private static Phantom draw(long seed, RandomGenerator random, List<Finding.Kind> kinds, @Nullable Side first) {
        Anatomy anatomy = Anatomy.draw(random, kinds.contains(Finding.Kind.CARDIOMEGALY));
        List<Finding> findings = new ArrayList<>();
        Side side = first != null ? first : side(random);
        for (Finding.Kind kind : kinds) {
            Finding.Extent extent = random.nextBoolean() ? Finding.Extent.SMALL : Finding.Extent.LARGE;
            findings.add(finding(kind, side, extent, random));
            if (kind == Finding.Kind.EFFUSION && kinds.size() == 1 && first == null
                    && random.nextDouble() < BILATERAL) {
                findings.add(finding(kind, side.other(), extent, random));
            }
            // The next finding is on the other side, so that none hides another.
            side = side.other();
        }
        return new Phantom(seed, anatomy, Exposure.draw(random), List.copyOf(findings), devices(findings, random));
    }

    private static Finding.Kind kind(RandomGenerator random) {
        double p = random.nextDouble();
        return p < 0.36
                ? Finding.Kind.EFFUSION
                : p < 0.66
                        ? Finding.Kind.PNEUMOTHORAX
                        : p < 0.78
                                ? Finding.Kind.CONSOLIDATION
                                : p < 0.90 ? Finding.Kind.CARDIOMEGALY : Finding.Kind.NODULE;
    }

    private static Side side(RandomGenerator random) {
        return random.nextBoolean() ? Side.RIGHT : Side.LEFT;
    }

    private static Finding finding(Finding.Kind kind, Side side, Finding.Extent extent, RandomGenerator random) {
        boolean small = extent == Finding.Extent.SMALL;
        return switch (kind) {
            case EFFUSION ->
                    new Finding(kind, side, extent,
                            small ? random.nextDouble(0.22, 0.30) : random.nextDouble(0.46, 0.62), 0, 0);
            case PNEUMOTHORAX ->
                    new Finding(kind, side, extent,
                            small ? random.nextDouble(0.15, 0.20) : random.nextDouble(0.29, 0.38), 0, 0);
            case CONSOLIDATION ->
                    new Finding(kind, side, null, random.nextDouble(0.19, 0.25), random.nextDouble(0.42, 0.52),
                            random.nextDouble(-0.38, 0.02));
            case NODULE ->
                    new Finding(kind, side, null, random.nextDouble(0.08, 0.10), random.nextDouble(0.34, 0.58),
                            random.nextDouble(-0.42, 0.08));
            case CARDIOMEGALY -> new Finding(kind, null, null, 0, 0, 0);
        };
    }

    private static List<Device> devices(List<Finding> findings, RandomGenerator random) {
        List<Device> devices = new ArrayList<>();
        Side drained = findings.stream().filter(f -> f.kind() == Finding.Kind.PNEUMOTHORAX).map(Finding::side)
                .findFirst().orElse(null);
        double p = random.nextDouble();
        Side side = drained != null ? drained : side(random);
        if (p < (drained != null ? DRAIN_WITH_PNEUMOTHORAX : DRAIN_WITHOUT)) {
            devices.add(new Device(Device.Kind.DRAIN, side, random.nextDouble(0.08, 0.22),
                    random.nextDouble(-0.52, -0.40)));
        }
        if (random.nextDouble() < PACEMAKER) {
            devices.add(new Device(Device.Kind.PACEMAKER, random.nextInt(6) == 0 ? Side.RIGHT : Side.LEFT,
                    random.nextDouble(-0.52, -0.44), 0));
        }
        if (random.nextDouble() < TUBE) {
            devices.add(new Device(Device.Kind.TUBE, null, random.nextDouble(-0.46, -0.36), 0));
        }
        return List.copyOf(devices);
    }

    /** Whether there is a finding of this kind; a null side stands for any. */
    public boolean has(Finding.Kind kind, @Nullable Side side) {
        return findings.stream().anyMatch(f -> f.kind() == kind && (side == null || f.side() == side));
    }

    /** Whether there is a device of this kind; a null side stands for any. */
    public boolean has(Device.Kind kind, @Nullable Side side) {
        return devices.stream().anyMatch(d -> d.kind() == kind && (side == null || d.side() == side));
    }

    /** The same patient and film without a finding. */
    public Phantom without(Finding.Kind kind) {
        return new Phantom(seed, anatomy, exposure,
                findings.stream().filter(f -> f.kind() != kind).toList(), devices);
    }
}
