package radedit.exec.tornado;

/**
 * The work-groups of a launch and the work-items of each group, in two dimensions.
 */
record Grid(int groupsX, int groupsY, int itemsX, int itemsY) {
    /** Default number of work-items per work-group. */
    static final int ITEMS = 256;

    /** One work-item for each of {@code n} results. */
    static Grid over(int n) {
        return over(n, ITEMS);
    }

    /** Likewise, with another number of work-items per work-group. */
    static Grid over(int n, int itemsX) {
        return new Grid(Math.ceilDiv(n, itemsX), 1, itemsX, 1);
    }

    int groups() {
        return groupsX * groupsY;
    }
}
