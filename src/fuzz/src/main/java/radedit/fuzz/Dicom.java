package radedit.fuzz;

import java.io.IOException;

import radedit.imaging.FuzzedFilm;
import radedit.imaging.dicom.DicomReader;

/** DICOM objects, their pixel data decoded. */
public final class Dicom {
    private Dicom() {
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        FuzzedFilm.read(new DicomReader(), data);
    }
}
