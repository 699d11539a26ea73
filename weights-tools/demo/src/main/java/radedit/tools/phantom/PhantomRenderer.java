package radedit.tools.phantom;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;
import radedit.imaging.Mask;
import radedit.imaging.Picture;

/**
 * Renders phantoms. The density of a point (0 air, 1 metal) is built up in anatomical order: trunk, lungs with their
 * contents, mediastinum and heart, diaphragm, bones, devices; then the exposure maps densities to grey levels.
 */
public final class PhantomRenderer {
    private static final double OUTSIDE = 0.03;
    private static final double SOFT_TISSUE = 0.56;
    private static final double ABDOMEN = 0.70;
    private static final double LUNG = 0.27;
    private static final double COLLAPSED_LUNG = 0.37;
    private static final double FREE_AIR = 0.08;
    private static final double FLUID = 0.74;
    private static final double MEDIASTINUM = 0.74;
    private static final double HEART = 0.76;
    private static final double METAL = 0.98;
    private static final double DRAIN = 0.95;
    private static final double DRAIN_RADIUS = 0.021;
    /** Edge width in body units: about a pixel of the smallest film. */
    private static final double EDGE = 0.018;

    private final Phantom phantom;
    private final Anatomy anatomy;
    private final Texture texture;
    private final int size;
    private final Map<String, boolean[]> masks = new LinkedHashMap<>();
    private final boolean[] rightLung;
    private final boolean[] leftLung;
    private final boolean[] heart;
    /** One for each finding. */
    private final List<boolean[]> findingMasks = new ArrayList<>();
    private final List<DevicePath> paths = new ArrayList<>();

    private PhantomRenderer(Phantom phantom, int size) {
        this.phantom = phantom;
        this.anatomy = phantom.anatomy();
        this.size = size;
        this.texture = new Texture(new SplittableRandom(phantom.seed() ^ 0x7e87L));
        this.rightLung = mask("lung", Side.RIGHT);
        this.leftLung = mask("lung", Side.LEFT);
        this.heart = mask("heart", null);
        phantom.findings().forEach(f -> findingMasks.add(mask(f.kind().word(), f.side())));
        phantom.devices().forEach(d -> paths.add(new DevicePath(d, anatomy, mask(d.kind().word(), d.side()))));
    }

    /** Adds an empty mask, whose name has a side unless that is null. */
    private boolean[] mask(String word, @Nullable Side side) {
        boolean[] pixels = new boolean[size * size];
        masks.put(side == null ? word : word + "-" + side.word(), pixels);
        return pixels;
    }

    /**
     * Renders a phantom.
     *
     * @param size
     *            height and width in pixels, at least 128
     */
    public static Film render(Phantom phantom, int size) {
        return new PhantomRenderer(phantom, size).render();
    }

    private Film render() {
        Exposure exposure = phantom.exposure();
        double cos = Math.cos(exposure.rotation()) / exposure.scale();
        double sin = Math.sin(exposure.rotation()) / exposure.scale();
        byte[] grey = new byte[size * size];
        SplittableRandom noise = new SplittableRandom(phantom.seed() ^ 0x90153L);
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < size; column++) {
                double px = (column + 0.5) / size * 2 - 1;
                double py = (row + 0.5) / size * 2 - 1;
                double dx = px - exposure.shiftX();
                double dy = py - exposure.shiftY();
                int at = row * size + column;
                double density = density(cos * dx + sin * dy, cos * dy - sin * dx, at);
                Side marker = exposure.marker();
                if (marker != null) {
                    density = Marker.over(density, marker, px, py);
                }
                double v = 255 * Math.pow(Math.clamp(density * exposure.gain(), 0, 1), exposure.gamma());
                double[] b = exposure.borders();
                if (px < -1 + b[0] || px > 1 - b[1] || py < -1 + b[2] || py > 1 - b[3]) {
                    v = 2;
                }
                grey[at] = (byte) Math.clamp(Math.round(v + exposure.noise() * noise.nextGaussian()), 0, 255);
            }
        }
        Map<String, Mask> all = new LinkedHashMap<>();
        masks.forEach((name, pixels) -> all.put(name, new Mask(size, size, pixels)));
        return new Film(new Picture(size, size, 1, grey), all);
    }

    private double density(double x, double y, int at) {
        Side side = x < 0 ? Side.RIGHT : Side.LEFT;
        double u = Math.abs(x);
        double shoulder = y + 0.93 - 0.75 * Math.max(0, u - 0.28) * Math.sqrt(Math.max(0, u - 0.28));
        double body = Math.min(anatomy.bodyWidth() + 0.05 * (y + 0.4) - u, Math.max(shoulder, 0.2 - u));
        double v = OUTSIDE + (SOFT_TISSUE - OUTSIDE) * Shade.inside(body, 0.04);

        double below = y - anatomy.diaphragm(side, Math.min(u, anatomy.width()));
        v += (ABDOMEN - v) * Shade.inside(Math.min(below, body), 0.03);

        double depth = anatomy.pleuralDepth(side, u, y);
        double heartDepth = anatomy.heartDepth(x, y);
        boolean isLung = depth > 0 && heartDepth < 0;
        if (depth > -2 * EDGE) {
            v += (lung(side, u, x, y, isLung ? at : -1) - v) * Shade.inside(depth, EDGE);
        }
        (side == Side.RIGHT ? rightLung : leftLung)[at] = isLung;

        double middle = Math.min(anatomy.mediastinum() * (y < -0.35 ? 0.85 : 1) - u, y + 1.2);
        v += (MEDIASTINUM - v) * Shade.inside(middle, 0.04) * (y < -0.8 ? 0.6 : 1);
        v -= 0.16 * Shade.inside(Math.min(0.045 - u, -0.30 - y), 0.02);
        v += 0.05 * Shade.inside(Math.min(0.06 - u, y + 0.3), 0.02);
        double inHeart = Shade.inside(heartDepth, 0.02) * Shade.inside(-below, 0.05);
        v += (HEART - v) * inHeart;
        heart[at] = heartDepth > 0 && below < 0;
        for (int i = 0; i < findingMasks.size(); i++) {
            if (phantom.findings().get(i).kind() == Finding.Kind.CARDIOMEGALY) {
                findingMasks.get(i)[at] = heart[at];
            }
        }
        v += bones(u, y);
        for (DevicePath path : paths) {
            double d = path.distance(x, y);
            double cover = Shade.inside(path.radius() - d, EDGE * 0.7);
            v += (path.density() - v) * cover;
            path.mask[at] |= d < path.radius() + 0.004;
        }
        return v;
    }

    /** The density inside a pleural space; marks findings in their masks unless {@code at} is negative. */
    private double lung(Side side, double u, double x, double y, int at) {
        double hilum = 0.16 * Shade.bump(Math.hypot((u - anatomy.mediastinum() - 0.03) / 0.6, y + 0.08), 0.25);
        double v = LUNG + hilum + 0.025 * texture.at(x, y);
        for (int i = 0; i < phantom.findings().size(); i++) {
            Finding f = phantom.findings().get(i);
            if (f.side() != side) {
                continue;
            }
            double d;
            switch (f.kind()) {
                case EFFUSION -> {
                    double across = Math.clamp(u / anatomy.wall(y), 0, 1);
                    double drop = f.extent() == Finding.Extent.SMALL ? 0.10 : 0.16;
                    double level = anatomy.angle(side) - f.amount() * anatomy.lungHeight(side)
                            + drop * (1 - across * across);
                    d = y - level;
                    v += (FLUID - v) * Shade.inside(d, 0.035);
                }
                case PNEUMOTHORAX -> {
                    double t = Math.clamp((y - anatomy.apex()) / anatomy.lungHeight(side), 0, 1);
                    double rim = f.amount() * (1 - 0.45 * t);
                    d = Math.max(u - (anatomy.wall(y) - rim), anatomy.apex() + 1.1 * f.amount() - y);
                    v += (COLLAPSED_LUNG - LUNG) * Shade.inside(-d, EDGE);
                    v += (FREE_AIR - v) * Shade.inside(d, EDGE);
                }
                default -> {
                    double uneven = f.kind() == Finding.Kind.NODULE ? 0 : 0.05 * texture.at(1.7 * x + 3, 1.7 * y);
                    d = f.amount() - Math.hypot(u - f.u(), y - f.y()) + uneven;
                    double soft = f.kind() == Finding.Kind.NODULE ? EDGE : 0.07;
                    v += 0.32 * Shade.inside(d, soft);
                }
            }
            if (at >= 0 && d > 0) {
                findingMasks.get(i)[at] = true;
            }
        }
        return v;
    }

    private double bones(double u, double y) {
        double v = 0;
        if (u > 0.06 && u < anatomy.wall(y) + 0.02 && y < 0.75) {
            double phase = (y - anatomy.ribPhase() - 0.26 * u * Math.sqrt(u)) / anatomy.ribSpacing();
            double nearest = (phase - Math.round(phase)) * anatomy.ribSpacing();
            if (phase > -0.5) {
                v += anatomy.ribContrast() * Shade.bump(nearest, 0.05);
            }
        }
        double clavicle = Shade.segment(u, y, 0.09, anatomy.clavicle(), 0.70,
                anatomy.clavicle() - anatomy.clavicleRise());
        return v + 0.12 * Shade.bump(clavicle, 0.05);
    }

    /** The line or box of a device. */
    private record DevicePath(Device device, Anatomy anatomy, boolean[] mask) {
        double radius() {
            return device.kind() == Device.Kind.DRAIN ? DRAIN_RADIUS : 0.015;
        }

        double density() {
            return device.kind() == Device.Kind.DRAIN ? DRAIN : METAL;
        }

        /** Distance from its centre line. */
        double distance(double x, double y) {
            return switch (device.kind()) {
                case DRAIN -> drain(x * device.sign(), y);
                case PACEMAKER -> pacemaker(x * device.sign(), x, y);
                case TUBE -> Shade.segment(x, y, 0, -1.2, 0, device.a());
            };
        }

        /** From the skin through the chest wall, then up along the lung to near its apex. */
        private double drain(double u, double y) {
            double wall = anatomy.wall(device.a());
            double d = Shade.segment(u, y, wall + 0.22, device.a() + 0.10, wall - 0.12, device.a() - 0.04);
            double x1 = wall - 0.12;
            double y1 = device.a() - 0.04;
            double x2 = wall - 0.24;
            double y2 = device.a() - 0.18;
            d = Math.min(d, Shade.segment(u, y, x1, y1, x2, y2));
            return Math.min(d, Shade.segment(u, y, x2, y2, 0.44 * anatomy.width(), device.b()));
        }

        /** A box below the clavicle, and a lead through the great vein down into the heart. */
        private double pacemaker(double u, double x, double y) {
            double box = Math.max(Math.abs(u - 0.56) - 0.10, Math.abs(y - device.a()) - 0.08) + radius();
            double d = Shade.segment(u, y, 0.50, device.a() - 0.08, 0.24, -0.66);
            d = Math.min(d, Shade.segment(u, y, 0.24, -0.66, 0.08, -0.56));
            double s = device.sign();
            d = Math.min(d, Shade.segment(x, y, s * 0.08, -0.56, -0.08, -0.30));
            d = Math.min(d, Shade.segment(x, y, -0.08, -0.30, -0.08, 0.12));
            return Math.min(Math.max(box, 0), Math.min(d, Shade.segment(x, y, -0.08, 0.12, 0.20, 0.34)));
        }
    }
}
