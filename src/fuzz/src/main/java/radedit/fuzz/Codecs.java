package radedit.fuzz;

import java.util.Arrays;

import radedit.imaging.codec.CodecException;
import radedit.imaging.codec.DecodedFrame;
import radedit.imaging.codec.FrameDecoders;

/** Codestreams as in DICOM's pixel data. The first five bytes are syntax, columns, rows, samples and bits allocated. */
public final class Codecs {
    private static final int HEAD = 5;
    private static final String[] SYNTAXES = {"1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51",
            "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81",
            "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"};

    private Codecs() {
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < HEAD) {
            return;
        }
        String syntax = SYNTAXES[(data[0] & 0xFF) % SYNTAXES.length];
        int columns = 1 + (data[1] & 0xFF);
        int rows = 1 + (data[2] & 0xFF);
        int samples = data[3] % 2 == 0 ? 1 : 3;
        int allocated = data[4] % 2 == 0 ? 8 : 16;
        try {
            DecodedFrame f = FrameDecoders.decode(syntax, Arrays.copyOfRange(data, HEAD, data.length), columns, rows,
                    samples, allocated);
            int unused = 32 - f.precision();
            for (int v : f.samples()) {
                if ((f.signed() ? v << unused >> unused : v << unused >>> unused) != v) {
                    throw new IllegalStateException(v + " in " + f.precision() + " bits");
                }
            }
        } catch (CodecException e) {
            Scratch.check(e);
        }
    }
}
