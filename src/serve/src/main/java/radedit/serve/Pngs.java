package radedit.serve;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.pipeline.Metadata;

/** Pictures as PNG in memory, with the notice that they are for research only. */
final class Pngs {
    private Pngs() {
    }

    static byte[] of(Picture p) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Images.writePng(out, p, Metadata.text());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return out.toByteArray();
    }

    /** A mask: 255 in it, 0 elsewhere. */
    static byte[] of(Mask m) {
        return of(m.toPicture());
    }
}
