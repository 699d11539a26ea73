package radedit.tools.phantom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import radedit.imaging.Picture;

/**
 * Recognises findings in a film, by the brightness of anatomical regions. It uses how phantoms are built, but nothing
 * about the particular one, and no network.
 *
 * <ul>
 * <li>Walls: from outside inwards through the soft tissue to the first dark run. They give midline and width.
 * <li>Effusion: the lower edge of the dark lung, found from below in columns near the wall. A diaphragm falls towards
 * the wall, fluid rises along it.
 * <li>Pneumothorax: the strip along the wall is darker than any lung.
 * <li>Cardiomegaly: the bright run across the midline at the heart's height over the width of the thorax.
 * <li>Consolidation, nodule: bright patches in the lung that survive an erosion, large and small.
 * <li>Drain: a bright ridge, long from top to bottom.
 * </ul>
 */
public final class Judge {
    private static final double APEX = -0.76;
    private static final double USUAL_WIDTH = 0.78;
    /** In grey levels. */
    private static final double DARKEST_ABDOMEN = 60;
    /** Between the densest lung with ribs (0.6) and the thinnest soft tissue, fluid and abdomen. */
    private static final double DENSE = 0.66;
    private static final double MOST_SLOPE = 0.10;
    private static final double HIGH_LEVEL = 0.43;
    private static final double AIR = 0.315;
    private static final double LARGE_HEART = 0.488;
    private static final double LINE = 0.33;
    private static final double DRAIN_LENGTH = 0.25;
    private static final double PATCH = 0.70;
    private static final double METAL = 1.22;
    /** Cells of an eroded patch. */
    private static final int LARGE_PATCH = 90;

    private final FilmGrid film;
    private final double middle;
    private final double width;
    /** The lung's lower edge in each column, by side. */
    private final double[][] edges = new double[2][FilmGrid.SIZE / 2];
    private final double heartRatio;
    private final Judgement judgement;

    private Judge(Picture picture) {
        film = new FilmGrid(picture);
        double right = wall(Side.RIGHT);
        double left = wall(Side.LEFT);
        boolean chest = !Double.isNaN(right + left);
        middle = chest ? Math.clamp((left - right) / 2, -0.06, 0.06) : 0;
        width = chest ? (left + right) / 2 : USUAL_WIDTH;
        judgement = new Judgement(chest && film.abdomen() > DARKEST_ABDOMEN);
        for (Side side : Side.values()) {
            for (int c = 0; c < edges[0].length; c++) {
                edges[side.ordinal()][c] = lowerEdge(side, c * FilmGrid.CELL);
            }
        }
        heartRatio = measureHeart();
    }

    /**
     * Judges a film.
     *
     * @param film
     *            square, of 128 pixels at least
     */
    public static Judgement judge(Picture film) {
        return new Judge(film).judge();
    }

    private Judgement judge() {
        for (Side side : Side.values()) {
            if (effusionSlope(side) < MOST_SLOPE || fluidLevel(side) < HIGH_LEVEL) {
                judgement.add(Finding.Kind.EFFUSION, side);
            }
            if (rim(side) < AIR) {
                judgement.add(Finding.Kind.PNEUMOTHORAX, side);
            }
            if (drainLength(side) > DRAIN_LENGTH) {
                judgement.addDrain(side);
            }
        }
        if (heartRatio > LARGE_HEART) {
            judgement.add(Finding.Kind.CARDIOMEGALY, Side.RIGHT);
            judgement.add(Finding.Kind.CARDIOMEGALY, Side.LEFT);
        }
        for (Side side : Side.values()) {
            if (!judgement.shows(Finding.Kind.PNEUMOTHORAX, side)) {
                int area = Patches.area((row, column) -> patchy(side, row, column));
                if (area > 0) {
                    judgement.add(area > LARGE_PATCH ? Finding.Kind.CONSOLIDATION : Finding.Kind.NODULE, side);
                }
            }
        }
        return judgement;
    }

    /** Whether a cell of the lung, away from its edges, is denser than lung and less dense than metal. */
    private boolean patchy(Side side, int row, int column) {
        double u = column * FilmGrid.CELL;
        double y = row * FilmGrid.CELL - 1;
        double half = heartRatio * width;
        if (u < 0.26 || Math.hypot((side.sign * u - half / 3) / (half + 0.07), (y - 0.19) / 0.39) < 1) {
            return false;
        }
        if (y < -0.58 || u > wallAt(y) - 0.07 || y > edges[side.ordinal()][column] - 0.05) {
            return false;
        }
        double v = point(side, u, y);
        return v > PATCH && v < METAL;
    }

    private double point(Side side, double u, double y) {
        return film.at(middle + side.sign * u, y);
    }

    /** Half width of the thorax on one side of the picture's middle; NaN if no wall is found. */
    private double wall(Side side) {
        List<Double> widths = new ArrayList<>();
        for (double y = -0.35; y < 0.15; y += FilmGrid.CELL) {
            int bright = 0;
            int dark = 0;
            for (double u = 0.99; u > 0.4; u -= FilmGrid.CELL) {
                double v = film.at(side.sign * u, y);
                boolean tissue = bright >= 3;
                if (!tissue) {
                    bright = v > DENSE * 0.9 ? bright + 1 : 0;
                } else {
                    dark = v < DENSE ? dark + 1 : 0;
                    if (dark == 3) {
                        widths.add((u + 2.5 * FilmGrid.CELL) / Anatomy.arch(y - APEX));
                        break;
                    }
                }
            }
        }
        Collections.sort(widths);
        return widths.size() < 5 ? Double.NaN : widths.get(widths.size() / 2);
    }

    /** Distance of the chest wall from the midline at height y. */
    private double wallAt(double y) {
        return width * Anatomy.arch(y - APEX);
    }

    /** Slope of the dark lung's lower edge towards the wall: about 0.5 along a diaphragm, below 0 on fluid. */
    double effusionSlope(Side side) {
        double n = 0;
        double su = 0;
        double sy = 0;
        double suu = 0;
        double suy = 0;
        for (double u = 0.74 * width; u < 0.93 * width; u += FilmGrid.CELL / 2) {
            double y = lowerEdge(side, u);
            n++;
            su += u;
            sy += y;
            suu += u * u;
            suy += u * y;
        }
        return (n * suy - su * sy) / (n * suu - su * su);
    }

    /** y of the lung's lower edge near the wall. */
    double fluidLevel(Side side) {
        double[] levels = new double[5];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = lowerEdge(side, 0.86 * width + i * FilmGrid.CELL);
        }
        Arrays.sort(levels);
        return levels[levels.length / 2];
    }

    /** y of the lowest dark cells of a column. */
    private double lowerEdge(Side side, double u) {
        int dark = 0;
        for (double y = 0.76; y > -0.6; y -= FilmGrid.CELL) {
            dark = point(side, u, y) < DENSE ? dark + 1 : 0;
            if (dark == 3) {
                return y + 2.5 * FilmGrid.CELL;
            }
        }
        return -0.6;
    }

    /** Mean density of the strip along the wall, above any fluid. */
    double rim(Side side) {
        double sum = 0;
        int n = 0;
        for (double y = -0.42; y < -0.05; y += FilmGrid.CELL) {
            double wall = wallAt(y);
            double darkest = Double.MAX_VALUE;
            for (double u = wall - 0.10; u < wall - 0.035; u += FilmGrid.CELL) {
                darkest = Math.min(darkest, point(side, u, y));
            }
            sum += darkest;
            n++;
        }
        return sum / n;
    }

    /** The cardiothoracic ratio; a side that is full of fluid is estimated from the other. */
    private double measureHeart() {
        List<Double> ratios = new ArrayList<>();
        for (double y = 0.12; y < 0.26; y += FilmGrid.CELL) {
            double right = heartEdge(Side.RIGHT, y);
            double left = heartEdge(Side.LEFT, y);
            // A third of the heart is on the right.
            ratios.add(left > 0.95 * width
                    ? right > 0.95 * width ? 0 : right / 0.667 / width
                    : right > 0.95 * width ? left / 1.333 / width : (left + right) / 2 / width);
        }
        Collections.sort(ratios);
        return ratios.get(ratios.size() / 2);
    }

    private double heartEdge(Side side, double y) {
        int dark = 0;
        for (double u = 0.05; u < width; u += FilmGrid.CELL) {
            dark = point(side, u, y) < DENSE * 1.1 ? dark + 1 : 0;
            if (dark == 2) {
                return u - 1.5 * FilmGrid.CELL;
            }
        }
        return width;
    }

    /** Height of the longest sequence of rows of a lung that a bright thin line crosses. */
    double drainLength(Side side) {
        double longest = 0;
        double start = Double.NaN;
        int missed = 0;
        for (double y = -0.46; y < 0.16; y += FilmGrid.CELL) {
            boolean found = false;
            for (double u = 0.24; u < width + 0.02 && !found; u += FilmGrid.CELL) {
                found = ridge(side, u, y) > LINE;
            }
            missed = found ? 0 : missed + 1;
            if (found && Double.isNaN(start)) {
                start = y;
            } else if (missed > 2) {
                start = Double.NaN;
            }
            longest = Double.isNaN(start) ? longest : Math.max(longest, y - start);
        }
        return longest;
    }

    /** Density of a cell above the cells five columns to its left and right. */
    private double ridge(Side side, double u, double y) {
        double far = 5 * FilmGrid.CELL;
        return point(side, u, y) - Math.max(point(side, u - far, y), point(side, u + far, y));
    }
}
