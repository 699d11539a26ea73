package radedit.fuzz;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

import radedit.imaging.FilmReader;
import radedit.imaging.FuzzedFilm;
import radedit.imaging.raster.BmpReader;
import radedit.imaging.raster.GifReader;
import radedit.imaging.raster.Jpeg2000Reader;
import radedit.imaging.raster.JpegReader;
import radedit.imaging.raster.PngReader;
import radedit.imaging.raster.TiffReader;
import radedit.imaging.volume.MetaImageReader;
import radedit.imaging.volume.NrrdReader;

/** Pictures and volumes; the reader is the one that accepts the first bytes. */
public final class Films {
    private static final List<FilmReader> READERS = List.of(new PngReader(), new TiffReader(), new BmpReader(),
            new GifReader(), new JpegReader(), new Jpeg2000Reader(), new MetaImageReader(), new NrrdReader());

    private Films() {
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        byte[] head = Arrays.copyOf(data, Math.min(FilmReader.HEAD, data.length));
        for (FilmReader reader : READERS) {
            if (reader.accepts(head) != FilmReader.Match.NO) {
                FuzzedFilm.read(reader, data);
            }
        }
    }
}
