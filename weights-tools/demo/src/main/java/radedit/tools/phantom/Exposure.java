package radedit.tools.phantom;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How the film was taken. Lengths are relative to a picture of width 2.
 *
 * @param rotation
 *            rotation of the body in the picture, in radians
 * @param scale
 *            scale of the body in the picture
 * @param shiftX
 *            shift of the body to the right
 * @param shiftY
 *            shift of the body downwards
 * @param gain
 *            factor on densities
 * @param gamma
 *            exponent on densities after the gain
 * @param noise
 *            standard deviation in grey levels
 * @param borders
 *            width of the unexposed margins on the left, right, top and bottom
 * @param marker
 *            side of the lead letter in the corner; null without a letter
 */
public record Exposure(double rotation, double scale, double shiftX, double shiftY, double gain, double gamma,
        double noise, double[] borders, @Nullable Side marker) {

    static Exposure draw(RandomGenerator random) {
        double[] borders = new double[4];
        if (random.nextInt(3) == 0) {
            borders[random.nextInt(4)] = random.nextDouble(0.03, 0.08);
            borders[random.nextInt(4)] = random.nextDouble(0.03, 0.08);
        }
        int marker = random.nextInt(10);
        return new Exposure(Math.toRadians(random.nextDouble(-2.5, 2.5)), random.nextDouble(0.97, 1.03),
                random.nextDouble(-0.03, 0.03), random.nextDouble(-0.03, 0.03), random.nextDouble(0.92, 1.08),
                random.nextDouble(0.9, 1.12), random.nextDouble(1.5, 3.5), borders,
                marker == 0 ? null : marker < 5 ? Side.RIGHT : Side.LEFT);
    }
}
