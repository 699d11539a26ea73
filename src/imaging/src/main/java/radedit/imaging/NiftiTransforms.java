package radedit.imaging;

import radedit.imaging.NiftiHeader.Field;

/**
 * Changes the position of voxels in a NIfTI header, in both qform and sform, whether their codes enable them or not.
 */
final class NiftiTransforms {
    private static final int MILLIMETRES = 2;
    /** NIFTI_XFORM_SCANNER_ANAT, which ITK writes for pictures with a spacing. */
    private static final int SCANNER = 1;

    private final NiftiHeader header;

    /** Changes the given header in place. */
    NiftiTransforms(NiftiHeader header) {
        this.header = header;
    }

    /** The header. */
    NiftiHeader header() {
        return header;
    }

    /**
     * Sets the pixel spacing. As ITK does for pictures of unknown orientation, columns run to the patient's left and
     * rows to the back: towards lower x and y in NIfTI's axes.
     */
    NiftiTransforms spaced(PixelSpacing spacing) {
        header.put(Field.PIXDIM, 1, spacing.columns());
        header.put(Field.PIXDIM, 2, spacing.rows());
        header.put(Field.XYZT_UNITS, 0, MILLIMETRES);
        header.put(Field.QFORM_CODE, 0, SCANNER);
        header.put(Field.SFORM_CODE, 0, SCANNER);
        header.put(Field.QUATERN, 2, 1); // half a turn around z
        header.put(Field.SROW, 0, -spacing.columns());
        header.put(Field.SROW, 5, -spacing.rows());
        header.put(Field.SROW, 10, 1);
        return this;
    }

    /** Selects one slice, from 0, at its position in the volume. */
    NiftiTransforms slice(int index) {
        int depth = header.get(Field.DIM, 0) > 2 ? (int) header.get(Field.DIM, 3) : 1;
        int z = index % depth;
        int time = header.get(Field.DIM, 0) > 3 ? index / depth % (int) header.get(Field.DIM, 4) : 0;
        header.put(Field.TOFFSET, 0, header.get(Field.TOFFSET, 0) + times(time, header.get(Field.PIXDIM, 4)));
        move(0, 0, z);
        header.put(Field.DIM, 0, 3);
        for (int axis = 3; axis <= NiftiHeader.AXES; axis++) {
            header.put(Field.DIM, axis, 1);
        }
        return this;
    }

    /** Places the pixels of a square made of a film where the film's pixels were. */
    NiftiTransforms resampled(Placement p) {
        double x = 1 / p.scaleX();
        double y = 1 / p.scaleY();
        move((p.left() + 0.5) * x - 0.5, (p.top() + 0.5) * y - 0.5, 0);
        for (int row = 0; row < 3; row++) {
            header.put(Field.SROW, 4 * row, header.get(Field.SROW, 4 * row) * x);
            header.put(Field.SROW, 4 * row + 1, header.get(Field.SROW, 4 * row + 1) * y);
        }
        header.put(Field.PIXDIM, 1, header.get(Field.PIXDIM, 1) * x);
        header.put(Field.PIXDIM, 2, header.get(Field.PIXDIM, 2) * y);
        header.put(Field.DIM, 1, p.size());
        header.put(Field.DIM, 2, p.size());
        return this;
    }

    /** Moves the origin to another voxel, given by its index along each axis, in both transformations. */
    private void move(double i, double j, double k) {
        double[] rotated = rotation();
        double qfac = header.get(Field.PIXDIM, 0) < 0 ? -1 : 1;
        double[] steps = {times(i, header.get(Field.PIXDIM, 1)), times(j, header.get(Field.PIXDIM, 2)),
                times(k * qfac, header.get(Field.PIXDIM, 3))};
        for (int row = 0; row < 3; row++) {
            double q = 0;
            for (int c = 0; c < 3; c++) {
                q += times(steps[c], rotated[3 * row + c]);
            }
            header.put(Field.QOFFSET, row, header.get(Field.QOFFSET, row) + q);
            header.put(Field.SROW, 4 * row + 3,
                    header.get(Field.SROW, 4 * row + 3) + times(i, header.get(Field.SROW, 4 * row))
                            + times(j, header.get(Field.SROW, 4 * row + 1))
                            + times(k, header.get(Field.SROW, 4 * row + 2)));
        }
    }

    /** The product, but 0 if the first factor is 0, even where an unused header field holds infinity or NaN. */
    private static double times(double step, double v) {
        return step == 0 ? 0 : step * v;
    }

    /** The rotation matrix of the quaternion (nifti1.h, "METHOD 2"), row-major. */
    private double[] rotation() {
        double b = header.get(Field.QUATERN, 0);
        double c = header.get(Field.QUATERN, 1);
        double d = header.get(Field.QUATERN, 2);
        double a = Math.sqrt(Math.max(0, 1 - b * b - c * c - d * d));
        return new double[]{a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c),
                2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b), 2 * (b * d - a * c),
                2 * (c * d + a * b), a * a + d * d - b * b - c * c};
    }
}
