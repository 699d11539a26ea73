package radedit.tools.phantom;

/** The lead letter that marks the side: R in the corner at the patient's right, L at the left. */
final class Marker {
    private static final String[] R = {"####.", "#...#", "#...#", "####.", "#.#..", "#..#.", "#...#"};
    private static final String[] L = {"#....", "#....", "#....", "#....", "#....", "#....", "#####"};
    private static final double CELL = 0.020;
    private static final double CENTRE = 0.86;

    private Marker() {
    }

    /** The density with the letter drawn over it, at a point of the picture, -1 to 1. */
    static double over(double density, Side side, double x, double y) {
        int column = (int) Math.floor((x - side.sign * CENTRE) / CELL + 2.5);
        int row = (int) Math.floor((y + CENTRE) / CELL + 3.5);
        if (column < 0 || column >= 5 || row < 0 || row >= 7) {
            return density;
        }
        String[] letter = side == Side.RIGHT ? R : L;
        return letter[row].charAt(column) == '#' ? 0.95 : density;
    }
}
