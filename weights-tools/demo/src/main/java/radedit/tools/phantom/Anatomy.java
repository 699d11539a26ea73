package radedit.tools.phantom;

import java.util.random.RandomGenerator;

/**
 * The outlines of a chest. Body coordinates: x from -1 (picture's left, the patient's right) to 1, y from -1 (top) to 1.
 * Within a side, u is the distance from the midline.
 *
 * @param width
 *            half width of the thorax at its widest
 * @param apex
 *            y of the lungs' upper ends
 * @param dome
 *            y of the right hemidiaphragm's top
 * @param leftDrop
 *            how much lower the left hemidiaphragm is
 * @param sulcus
 *            how far the costophrenic angles are below the tops of the diaphragm
 * @param mediastinum
 *            half width of the mediastinum
 * @param heartRatio
 *            cardiothoracic ratio; above 0.55 the heart is enlarged
 * @param heartY
 *            y of the heart's centre
 * @param bodyWidth
 *            half width of the trunk
 * @param ribPhase
 *            y of the first rib
 * @param ribSpacing
 *            distance between ribs
 * @param ribContrast
 *            density of ribs above their surroundings
 * @param clavicle
 *            y of the clavicles' inner ends
 * @param clavicleRise
 *            how much higher the clavicles' outer ends are
 */
public record Anatomy(double width, double apex, double dome, double leftDrop, double sulcus, double mediastinum,
        double heartRatio, double heartY, double bodyWidth, double ribPhase, double ribSpacing, double ribContrast,
        double clavicle, double clavicleRise) {

    /** Draws a random anatomy. */
    static Anatomy draw(RandomGenerator random, boolean largeHeart) {
        double width = random.nextDouble(0.73, 0.83);
        return new Anatomy(width, random.nextDouble(-0.80, -0.72), random.nextDouble(0.37, 0.46),
                random.nextDouble(0.03, 0.06), random.nextDouble(0.20, 0.25), random.nextDouble(0.12, 0.145),
                largeHeart ? random.nextDouble(0.61, 0.68) : random.nextDouble(0.40, 0.46),
                random.nextDouble(0.16, 0.22), width + random.nextDouble(0.12, 0.17), random.nextDouble(-0.72, -0.60),
                random.nextDouble(0.145, 0.165), random.nextDouble(0.05, 0.09), random.nextDouble(-0.66, -0.60),
                random.nextDouble(0.05, 0.14));
    }

    /** Distance of the chest wall from the midline at height y. */
    double wall(double y) {
        return width * arch(y - apex);
    }

    /** Outline of the chest wall: 0 at the apex, 1 from one unit below it. */
    static double arch(double belowApex) {
        double r = 1 - Math.clamp(belowApex, 0, 1);
        return Math.sqrt(1 - r * r * Math.sqrt(r));
    }

    /** y of the diaphragm. */
    double diaphragm(Side side, double u) {
        double top = dome + (side == Side.LEFT ? leftDrop : 0);
        double peak = 0.38 * width;
        double d = u > peak ? (u - peak) / (width - peak) : (peak - u) / (2 * peak);
        return top + sulcus * d * d;
    }

    /** y of the costophrenic angle, the lowest point of a lung. */
    double angle(Side side) {
        return diaphragm(side, width);
    }

    /** Distance from apex to costophrenic angle. */
    double lungHeight(Side side) {
        return angle(side) - apex;
    }

    /** Depth of a point inside the pleural space; negative outside. The heart overlaps a part of it. */
    double pleuralDepth(Side side, double u, double y) {
        double below = y - apex;
        return Math.min(Math.min(wall(y) - u, u - mediastinum), Math.min(diaphragm(side, u) - y, below));
    }

    /** Depth of a point inside the heart; negative outside. A third of the heart is on the patient's right. */
    double heartDepth(double x, double y) {
        double half = heartRatio * width;
        double dx = (x - half / 3) / half;
        double dy = (y - heartY + 0.12 * dx) / 0.31;
        return (1 - Math.sqrt(dx * dx + dy * dy)) * 0.31;
    }
}
