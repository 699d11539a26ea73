package radedit.tools.phantom;

/** Soft edges and bumps for painting shapes. */
final class Shade {
    private Shade() {
    }

    /** Smooth step from 0 well outside to 1 well inside. */
    static double inside(double distance, double softness) {
        double t = Math.clamp(0.5 + 0.5 * distance / softness, 0, 1);
        return t * t * (3 - 2 * t);
    }

    /** 1 at distance 0, falling smoothly to 0 at the radius. */
    static double bump(double distance, double radius) {
        double d = distance / radius;
        double r = 1 - d * d;
        return r <= 0 ? 0 : r * r;
    }

    /** Distance of (x, y) from the segment between two points. */
    static double segment(double x, double y, double x0, double y0, double x1, double y1) {
        double dx = x1 - x0;
        double dy = y1 - y0;
        double t = Math.clamp(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy), 0, 1);
        return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
    }
}
