package radedit.browser;

/** Masks as the page should paint them, each pixel decided by itself. */
final class Raster {
    final int width;
    final int height;
    final boolean[] pixels;

    Raster(int width, int height) {
        this.width = width;
        this.height = height;
        pixels = new boolean[width * height];
    }

    /** Pixels at most half the diameter from the line between two pixels' centres. */
    void line(int[] a, int[] b, int diameter, boolean value) {
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                long dx = (long) b[0] - a[0];
                long dy = (long) b[1] - a[1];
                long px = (long) x - a[0];
                long py = (long) y - a[1];
                long length = dx * dx + dy * dy;
                long along = px * dx + py * dy;
                long d2 = (long) diameter * diameter;
                boolean in = 4 * (px * px + py * py) <= d2
                        || 4 * ((px - dx) * (px - dx) + (py - dy) * (py - dy)) <= d2
                        || length > 0 && along >= 0 && along <= length
                                && 4 * (px * dy - py * dx) * (px * dy - py * dx) <= d2 * length;
                if (in) {
                    pixels[y * width + x] = value;
                }
            }
        }
    }

    void path(int[][] points, int diameter, boolean value) {
        line(points[0], points[0], diameter, value);
        for (int i = 1; i < points.length; i++) {
            line(points[i - 1], points[i], diameter, value);
        }
    }

    void box(int[] a, int[] b) {
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (x >= Math.min(a[0], b[0]) && x <= Math.max(a[0], b[0]) && y >= Math.min(a[1], b[1])
                        && y <= Math.max(a[1], b[1])) {
                    pixels[y * width + x] = true;
                }
            }
        }
    }

    /** Levels of a mask as the page keeps it: 255 where it is set. */
    byte[] levels() {
        byte[] out = new byte[pixels.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) (pixels[i] ? 255 : 0);
        }
        return out;
    }

    int count() {
        int n = 0;
        for (boolean p : pixels) {
            n += p ? 1 : 0;
        }
        return n;
    }
}
