package radedit.graph;

/** Rows and columns of zeros around a picture. */
public record Padding(int top, int left, int bottom, int right) {
    public static Padding all(int n) {
        return new Padding(n, n, n, n);
    }
}
