package radedit.serve;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Semaphore;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.imaging.Film;
import radedit.imaging.FilmOptions;
import radedit.imaging.FilmReader;
import radedit.imaging.FilmSizes;
import radedit.imaging.Films;
import radedit.imaging.ImageFormatException;
import radedit.imaging.Loader;
import radedit.imaging.PixelSpacing;
import radedit.imaging.WindowChoice;
import radedit.imaging.dicom.DicomSource;
import radedit.imaging.pixel.Voi;
import radedit.pipeline.SettingsReader;

/**
 * Reads films that strangers sent, few at a time, so that memory stays bounded however many send some, and says what a page
 * needs to know of them.
 */
final class FilmInspector {
    private static final int AT_A_TIME = 2;
    private static final String NAME = "the film";

    private final long mostPixels;
    private final Semaphore permits = new Semaphore(AT_A_TIME, true);

    /**
     * @param mostPixels
     *            pixels that a frame may have
     */
    FilmInspector(long mostPixels) {
        this.mostPixels = mostPixels;
    }

    /** Work on a decoded picture. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    /**
     * Does something that takes as much memory as a film.
     *
     * @param file
     *            whose path is not to be shown
     * @param name
     *            what to show instead
     * @throws HttpError
     *             if the file is of no use, or too large
     */
    <T> T decode(Path file, String name, Work<T> work) throws IOException {
        permits.acquireUninterruptibly();
        try {
            return work.run();
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw Words.refused(file, name, e);
        } catch (OutOfMemoryError e) {
            throw new HttpError(413, name + " needs more memory than this server has");
        } finally {
            permits.release();
        }
    }

    /** Refuses files that are too large to decode, and headers whose values are in another file. */
    private void require(Path file) throws IOException {
        if (Films.dataFile(file).isPresent()) {
            throw new HttpError(422, "the film is a header whose values are in another file; send it as one file");
        }
        FilmReader.Size size = new FilmSizes().of(file).orElse(null);
        if (size != null) {
            require(size.columns(), size.rows());
        }
    }

    private void require(int columns, int rows) {
        if ((long) columns * rows > mostPixels) {
            throw new HttpError(413, "the film has " + columns + " x " + rows + " pixels, more than the " + mostPixels
                    + " that this server takes");
        }
    }

    /** A mask or a film that is not kept, too large ones refused. */
    void requireSize(Path file) throws IOException {
        FilmReader.Size size = new FilmSizes().of(file).orElse(null);
        if (size != null) {
            require(size.columns(), size.rows());
        }
    }

    /**
     * A film as a request reads it.
     *
     * @param frame
     *            from 1; {@link FilmReader#ALL_FRAMES} of a file with one frame
     */
    static Film read(Path file, Loader loader, int frame, WindowChoice window) throws IOException {
        return Films.read(file, new FilmOptions(loader, frame, window));
    }

    /** A film that was read, and what it says of itself. */
    record Inspected(ObjectNode facts, FilmSamples samples) {}

    /**
     * Reads a film.
     *
     * @param frame
     *            from 1
     */
    Inspected inspect(Path file, int frame) throws IOException {
        return decode(file, NAME, () -> {
            require(file);
            Film film = read(file, Loader.STANDARD, frame, WindowChoice.FROM_FILE);
            require(film.columns(), film.rows());
            FilmSamples samples = FilmSamples.of(film);
            return new Inspected(facts(film, file, frame, samples), samples);
        });
    }

    private static ObjectNode facts(Film film, Path file, int frame, FilmSamples samples) throws IOException {
        ObjectNode o = Json.object();
        o.put("format", film.format()).put("width", film.columns()).put("height", film.rows())
                .put("frames", film.framesInFile()).put("frame", frame).put("colour", film.isColour())
                .put("photometric", film.meaning(0).photometric().toString())
                .put("pixel_aspect", film.pixelAspect());
        if (film.space() instanceof PixelSpacing s) {
            o.putObject("spacing").put("row", s.rows()).put("column", s.columns());
        } else {
            o.putNull("spacing");
        }
        DicomSource dicom = film.format().equals("DICOM") ? DicomSource.of(file) : null;
        o.put("names_patient", dicom != null && dicom.isIdentified());
        o.put("has_settings", hasSettings(file));
        o.set("pixels", samples.json());
        windows(film, samples, o.putArray("windows"));
        ArrayNode warnings = o.putArray("warnings");
        film.warnings().forEach(w -> warnings.add(Words.of(w)));
        if (dicom != null && dicom.isSegmentation()) {
            warnings.add(
                    "this is a segmentation, not a film; as a mask, it is imported into the film that it belongs to");
        }
        if (film.framesInFile() > 1) {
            warnings.add("the file has " + film.framesInFile() + " frames; this is number " + frame);
        }
        return o;
    }

    private static boolean hasSettings(Path file) throws IOException {
        try {
            return SettingsReader.isPresent(file);
        } catch (ImageFormatException e) {
            return false; // the film can be read nevertheless
        }
    }

    /** The windows of the file, its own choice first, then the range of the picture. */
    private static void windows(Film film, FilmSamples samples, ArrayNode all) {
        if (!film.isColour()) {
            Voi own = film.meaning(0).view();
            if (own instanceof Voi.Range r) {
                add(all, "file", (r.min() + r.max()) / 2, r.max() - r.min(), Voi.Function.LINEAR_EXACT);
            }
            int number = 1;
            for (Voi.Window w : film.meaning(0).windows()) {
                if (w.isUsable()) {
                    add(all, w.explanation().isBlank() ? "window " + number : w.explanation(), w.centre(), w.width(),
                            w.function());
                }
                number++;
            }
        }
        double a = samples.slope() * samples.minimum() + samples.intercept();
        double b = samples.slope() * samples.maximum() + samples.intercept();
        add(all, "full range", (a + b) / 2, Math.max(Math.abs(b - a), Math.abs(samples.slope())),
                Voi.Function.LINEAR_EXACT);
    }

    private static void add(ArrayNode all, String name, double centre, double width, Voi.Function function) {
        all.addObject().put("name", name).put("centre", centre).put("width", width).put("function",
                function.name().toLowerCase(Locale.ROOT));
    }
}
