package radedit.imaging;

/** A bitmap font of digits and signs, 3 x 5 dots: servers often lack fonts. */
final class DotFont {
    static final int WIDTH = 3;
    static final int HEIGHT = 5;
    private static final String ORDER = "0123456789-+";
    private static final int[][] DOTS = {{7, 5, 5, 5, 7}, {2, 6, 2, 2, 7}, {7, 1, 7, 4, 7}, {7, 1, 7, 1, 7},
            {5, 5, 7, 1, 1}, {7, 4, 7, 1, 7}, {7, 4, 7, 5, 7}, {7, 1, 1, 2, 2}, {7, 5, 7, 5, 7}, {7, 5, 7, 1, 7},
            {0, 0, 7, 0, 0}, {0, 2, 7, 2, 0}};

    private DotFont() {
    }

    /** Whether a dot of a character is set. */
    static boolean dot(char sign, int x, int y) {
        return (DOTS[ORDER.indexOf(sign)][y] >> WIDTH - 1 - x & 1) == 1;
    }
}
