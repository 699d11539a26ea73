package radedit.fuzz;

import java.io.IOException;

import java.nio.file.Path;

import radedit.imaging.ImageFormatException;
import radedit.imaging.mask.Extent;
import radedit.imaging.mask.MaskSource;

/** Tables of masks: run lengths and landmarks in their cells. */
public final class Csv {
    private Csv() {
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        Path file = Scratch.holding(data);
        for (String source : new String[]{"rle:" + file + "#row=1,column=heart", "landmarks:" + file + "#row=1"}) {
            try {
                MaskSource.of(source).read(new Extent(91, 127), note -> {});
            } catch (ImageFormatException e) {
                Scratch.check(e);
            }
        }
    }
}
