package radedit.undertest;

import radedit.undertest.InputSpec.Resize;
import radedit.undertest.ModelException.Reason;

/**
 * Where the pixels of a film are in a model's tensor: a part of the film is resized, then cropped or surrounded by
 * margins.
 *
 * @param cropX
 *            first column of the part of the film
 * @param cropY
 *            first row of the part of the film
 * @param cropWidth
 *            columns of the part
 * @param cropHeight
 *            rows of the part
 * @param resized
 *            size of the part after resizing
 * @param left
 *            column of the resized part at which the tensor begins; negative for a margin
 * @param top
 *            row of the resized part at which the tensor begins; negative for a margin
 * @param tensor
 *            size of the tensor
 */
record Geometry(int cropX, int cropY, int cropWidth, int cropHeight, Size resized, int left, int top, Size tensor) {
    /** More pixels of a resized film are refused: it is very long and narrow. */
    private static final long MOST_PIXELS = 1 << 26;

    /**
     * Places a film.
     *
     * @throws ModelException
     *             if the film is so long and narrow that it would become too large
     */
    static Geometry of(InputSpec spec, Size size, int width, int height) throws ModelException {
        int side = Math.min(width, height);
        // torchxrayvision's XRayCenterCrop
        int cropX = spec.square() ? width / 2 - side / 2 : 0;
        int cropY = spec.square() ? height / 2 - side / 2 : 0;
        int w = spec.square() ? side : width;
        int h = spec.square() ? side : height;
        Size resized = switch (spec.resize()) {
            case STRETCH -> size;
            case SHORTER_SIDE -> shorterSide(spec, size, w, h);
            case PAD -> contained(size, w, h);
        };
        if ((long) resized.width() * resized.height() > MOST_PIXELS) {
            throw new ModelException(Reason.REQUEST, "a film of " + width + " x " + height
                    + " pixels is too long and narrow to resize its shorter side; \"stretch\" or \"pad\" can");
        }
        boolean cropped = spec.resize() == Resize.SHORTER_SIDE;
        // torchvision's CenterCrop and Pillow's ImageOps.pad both round half to even, as Python does
        int left = cropped ? half(resized.width() - size.width()) : -half(size.width() - resized.width());
        int top = cropped ? half(resized.height() - size.height()) : -half(size.height() - resized.height());
        return new Geometry(cropX, cropY, w, h, resized, left, top, size);
    }

    private static int half(int length) {
        return (int) Math.rint(length / 2.0);
    }

    /** As torchvision's Resize of one number. */
    private static Size shorterSide(InputSpec spec, Size size, int w, int h) {
        int wanted = spec.shorterSide() > 0 ? spec.shorterSide() : Math.max(size.width(), size.height());
        return w <= h
                ? new Size(wanted, (int) Math.min(Integer.MAX_VALUE, (long) wanted * h / w))
                : new Size((int) Math.min(Integer.MAX_VALUE, (long) wanted * w / h), wanted);
    }

    /** As Pillow's ImageOps.contain. */
    private static Size contained(Size size, int w, int h) {
        double film = (double) w / h;
        double tensor = (double) size.width() / size.height();
        if (film > tensor) {
            return new Size(size.width(), Math.max(1, (int) Math.rint((double) h / w * size.width())));
        }
        return film < tensor
                ? new Size(Math.max(1, (int) Math.rint((double) w / h * size.height())), size.height())
                : size;
    }

    /** Column in the tensor, from 0 to its width, of the centre of a film's column; beyond, the model did not see it. */
    double tensorX(int x) {
        return (x + 0.5 - cropX) * resized.width() / cropWidth - left;
    }

    /** Row in the tensor, likewise. */
    double tensorY(int y) {
        return (y + 0.5 - cropY) * resized.height() / cropHeight - top;
    }

    /** The pixels of a film whose centres are in the tensor. */
    Output.Region seen(int width, int height) {
        int x0 = 0;
        int x1 = width;
        int y0 = 0;
        int y1 = height;
        while (x0 < x1 && outside(tensorX(x0), tensor.width())) {
            x0++;
        }
        while (x1 > x0 && outside(tensorX(x1 - 1), tensor.width())) {
            x1--;
        }
        while (y0 < y1 && outside(tensorY(y0), tensor.height())) {
            y0++;
        }
        while (y1 > y0 && outside(tensorY(y1 - 1), tensor.height())) {
            y1--;
        }
        return new Output.Region(x0, y0, x1 - x0, y1 - y0);
    }

    private static boolean outside(double at, int length) {
        return at < 0 || at >= length;
    }
}
