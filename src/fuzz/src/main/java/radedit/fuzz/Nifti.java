package radedit.fuzz;

import java.io.IOException;

import radedit.imaging.FuzzedFilm;
import radedit.imaging.NiftiReader;

/** NIfTI-1, NIfTI-2 and Analyze, plain and in gzip. */
public final class Nifti {
    private Nifti() {
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        FuzzedFilm.read(new NiftiReader(), data);
    }
}
