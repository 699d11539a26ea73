package radedit.exec.tornado;

import java.util.Arrays;

/** One call of a kernel: its parameters and how many groups of items it takes in each direction. */
final class Launch {
    /** Numbers a kernel is given. */
    static final int PARAMETERS = 30;

    final Kernel kind;
    final int[] parameters = new int[PARAMETERS];
    /** Where its matrix lies, of a product. */
    DeviceWeights.Place matrix;
    int groupsX = 1;
    int groupsY = 1;

    private Launch(Kernel kind) {
        this.kind = kind;
    }

    /** A call with groups in two directions. */
    static Launch of(Kernel kind, int groupsX, int groupsY) {
        Launch l = new Launch(kind);
        l.groupsX = groupsX;
        l.groupsY = groupsY;
        return l;
    }

    /** A call with one item for each of {@code items}. */
    static Launch over(Kernel kind, int items) {
        return of(kind, Math.ceilDiv(items, kind.itemsX), 1);
    }

    Launch with(int parameter, int value) {
        parameters[parameter] = value;
        return this;
    }

    /** Multiplies by this matrix. */
    Launch of(DeviceWeights.Place place) {
        matrix = place;
        return with(Gemm.WEIGHT, place.at());
    }

    int groups() {
        return groupsX * groupsY;
    }

    @Override
    public String toString() {
        return kind + " " + groupsX + " x " + groupsY + " " + Arrays.toString(parameters);
    }
}
