package radedit.imaging.dicom;

import org.jspecify.annotations.Nullable;
import radedit.imaging.Film;
import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.Photometric;
import radedit.imaging.pixel.PixelMeaning;
import radedit.imaging.pixel.Voi;
import radedit.message.Message;
import radedit.message.Setting;

/**
 * Writes how a film's stored values are displayed, the inverse of {@link MeaningReader}: polarity, sign, rescale (PS3.3
 * C.11.1), window (C.11.2), padding (C.7.5.1.1.2) and pixel aspect ratio (C.7.6.3.1.7).
 */
public final class MeaningWriter {
    private static final long MOST_RATIO = 100_000;

    private MeaningWriter() {
    }

    /**
     * {@return the reason why a film's stored values cannot be written with their interpretation; null if they can}
     *
     * @param film
     *            the film
     */
    public static @Nullable Message obstacle(Film film) {
        PixelMeaning m = film.meaning(0);
        if (!m.depth().isKnown()) {
            return Message.of("declares no range of values, which DICOM demands; NIfTI (", Setting.OUTPUT,
                    " x.nii.gz) does not");
        }
        if (film.isColour() ? m.depth().bits() != 8 : m.depth().bits() < 8 || m.depth().bits() > 16) {
            return Message.of("has ", m.depth().bits(), " bits a sample, which is not written as DICOM; PNG (",
                    Setting.OUTPUT,
                    " x.png) is");
        }
        if (m.modality() instanceof ModalityTransform.Table || m.view() instanceof Voi.Table) {
            return Message.of("is shown through a lookup table, which is not written; without ", Setting.NATIVE,
                    " it is applied");
        }
        return null;
    }

    /** Replaces a data set's interpretation of its pixels by that of a film. */
    @SuppressWarnings("ReferenceEquality") // a file may say slope 1 and intercept 0
    static void write(Film film, DataSetWriter data) {
        if (film.pixelAspect() != 1) {
            int[] ratio = ratio(film.pixelAspect());
            data.text(0x00280034, Vr.IS, ratio[0] + "\\" + ratio[1]);
        }
        if (film.isColour()) {
            return;
        }
        PixelMeaning m = film.meaning(0);
        boolean signed = m.depth().signed();
        // Presentation LUT Shape and Photometric Interpretation must agree (C.8.11.3).
        data.text(0x00280004, Vr.CS, (m.isInverted() ? Photometric.MONOCHROME1 : Photometric.MONOCHROME2).toString())
                .shorts(0x00280103, signed ? 1 : 0).without(0x00281050).without(0x00281051);
        if (m.shape() != PixelMeaning.Shape.UNSAID) {
            data.text(0x20500020, Vr.CS, m.shape().name());
        }
        if (m.modality() instanceof ModalityTransform.Rescale r && m.modality() != ModalityTransform.IDENTITY) {
            data.decimals(0x00281052, r.intercept()).decimals(0x00281053, r.slope()).text(0x00281054, Vr.LO, "US");
        }
        if (m.view() instanceof Voi.Window w) {
            data.decimals(0x00281050, w.centre()).decimals(0x00281051, w.width()).text(0x00281056, Vr.CS,
                    w.function().name());
        } else if (m.view() instanceof Voi.Range r) {
            data.decimals(0x00281050, (r.min() + r.max()) / 2).decimals(0x00281051, r.max() - r.min())
                    .text(0x00281056, Vr.CS, Voi.Function.LINEAR_EXACT.name());
        }
        if (m.padding().isDeclared()) {
            data.cell(0x00280120, signed, m.padding().low());
            if (m.padding().high() > m.padding().low()) {
                data.cell(0x00280121, signed, m.padding().high());
            }
        }
    }

    /** Two integers below 100,000 whose ratio is nearest to a number near 1, by continued fractions. */
    private static int[] ratio(double x) {
        long p0 = 0;
        long q0 = 1;
        long p = 1;
        long q = 0;
        double rest = x;
        while (true) {
            long whole = (long) Math.floor(rest);
            long p1 = whole * p + p0;
            long q1 = whole * q + q0;
            if (p1 > MOST_RATIO || q1 > MOST_RATIO) {
                return new int[]{(int) p, (int) q};
            }
            p0 = p;
            q0 = q;
            p = p1;
            q = q1;
            if (rest - whole < 1e-9 || p == x * q) {
                return new int[]{(int) p, (int) q};
            }
            rest = 1 / (rest - whole);
        }
    }
}
