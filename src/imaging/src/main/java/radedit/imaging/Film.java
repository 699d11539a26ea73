package radedit.imaging;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import radedit.imaging.pixel.Depth;
import radedit.imaging.pixel.GreyTransform;
import radedit.imaging.pixel.Palette;
import radedit.imaging.pixel.Photometric;
import radedit.imaging.pixel.PixelArray;
import radedit.imaging.pixel.PixelMeaning;
import radedit.imaging.pixel.Voi;
import radedit.message.Message;
import radedit.message.Setting;

/**
 * A film: its stored values, and views of them that are computed on demand.
 *
 * <p>
 * Arrays are row-major, [frames, rows, columns, samples]. Stored values ({@link #pixels}) are the file's integers,
 * {@link #modality} values those of the imaging device, {@link #display} grey levels from 0 (black) to 1 without the
 * sample axis, {@link #himl} the 8-bit levels of the hi-ml image loader. {@link #picture} is the input of an editing
 * model, made by the loader that the options name.
 */
public final class Film {
    private final Path file;
    private final FilmContent content;
    private final FilmOptions options;
    private final List<GreyTransform> transforms;

    Film(Path file, FilmContent content, FilmOptions options) throws ImageFormatException {
        this.file = file;
        this.content = content;
        this.options = options;
        this.transforms = content.meanings().getFirst().photometric().isGrey() ? transforms() : List.of();
        if (transforms.isEmpty() && !options.window().equals(WindowChoice.FROM_FILE)) {
            throw new ImageRequestException(file,
                    Message.of("is a colour picture; ", Setting.WINDOW, " applies to grey ones only"));
        }
    }

    /**
     * {@return a film of one frame from a picture in memory}
     *
     * @param p
     *            the picture; its samples are the stored values
     * @param name
     *            the name in messages, returned by {@link #file}
     */
    public static Film of(Picture p, String name) {
        int[] values = new int[p.samples().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = p.samples()[i] & 0xFF;
        }
        PixelArray pixels = PixelArray.of(1, p.height(), p.width(), p.channels(), values);
        PixelMeaning meaning = PixelMeaning.plain(p.channels() == 1 ? Photometric.MONOCHROME2 : Photometric.RGB,
                new Depth(8, false));
        try {
            return new Film(Path.of(name), FilmContent.plain("picture", pixels, meaning, Map.of()),
                    FilmOptions.DEFAULT);
        } catch (ImageFormatException e) {
            throw new IllegalStateException(e); // thrown for windows and frames only
        }
    }

    private List<GreyTransform> transforms() throws ImageFormatException {
        List<GreyTransform> all = new ArrayList<>();
        Voi range = null;
        for (PixelMeaning m : content.meanings()) {
            Voi voi = chosen(m);
            if (voi instanceof Voi.Window w && !w.isUsable()) {
                String window = "a centre of " + w.centre() + " and a width of " + w.width() + ", which "
                        + w.function() + ", its function, does not accept";
                if (options.window() instanceof WindowChoice.Given) {
                    throw new ImageRequestException(file, Message.of(Setting.WINDOW, " has ", window));
                }
                throw new ImageFormatException(file,
                        Message.of("the window has ", window, "; ", Setting.WINDOW, " centre,width sets another"));
            }
            if (voi == null) {
                range = range == null ? range() : range;
                voi = range;
            }
            all.add(new GreyTransform(m, voi));
        }
        return all;
    }

    /** The requested window; null if none is requested and the file has none. */
    private @Nullable Voi chosen(PixelMeaning m) throws ImageFormatException {
        return switch (options.window()) {
            case WindowChoice.FromFile f -> m.view();
            case WindowChoice.Numbered n when n.number() <= m.windows().size() -> m.windows().get(n.number() - 1);
            case WindowChoice.Numbered n ->
                    throw new ImageRequestException(file,
                            Message.of("has ", m.windows().size() == 1 ? "one window" : m.windows().size() + " windows",
                                    ", none is number ", n, "; ", Setting.WINDOW,
                                    " counts from 1, or gives centre,width"));
            case WindowChoice.Given g -> new Voi.Window(g.centre(), g.width(),
                    m.windows().isEmpty() ? Voi.Function.LINEAR : m.windows().getFirst().function(), "given");
        };
    }

    /** The range of the modality values of all frames, without padding. */
    private Voi range() {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        boolean padded = false;
        for (int f = 0; f < frames(); f++) {
            PixelMeaning m = meaning(f);
            double[] ends = pixels().range(f * pixels().frameSize(), (f + 1) * pixels().frameSize(),
                    m.modality()::apply, v -> !m.padding().contains(v));
            min = Math.min(min, ends[0]);
            max = Math.max(max, ends[1]);
            padded |= m.padding().isDeclared();
        }
        boolean any = min <= max;
        return new Voi.Range(any ? min : 0, any ? max : 0,
                "the picture's own range" + (padded ? " without padding" : "")
                        + ", since the file names no window");
    }

    /** {@return the file, or the name of a film that comes from memory} */
    public Path file() {
        return file;
    }

    /** {@return the format's name, such as {@code DICOM}} */
    public String format() {
        return content.format();
    }

    /** {@return how the values are stored, by keyword} */
    public Map<String, String> facts() {
        return content.facts();
    }

    /** {@return the options with which the film was read} */
    public FilmOptions options() {
        return options;
    }

    /** {@return what was read and how, for metadata; contains nothing about the patient} */
    public Map<String, Object> describe() {
        Map<String, Object> d = new LinkedHashMap<>();
        d.put("format", format());
        d.putAll(facts());
        d.put("width", columns());
        d.put("height", rows());
        d.put("frame", content.frame() == FilmReader.ALL_FRAMES ? "all" : content.frame());
        d.put("frames_in_file", framesInFile());
        d.put("pixel_aspect", pixelAspect());
        d.put("window", isColour() ? "none" : transform(0).voi().describe());
        if (!warnings().isEmpty()) {
            d.put("warnings", warnings().stream().map(Message::toString).toList());
        }
        return d;
    }

    /** {@return what is unusual about the file; the sentences do not name it} */
    public List<Message> warnings() {
        return content.warnings();
    }

    /** {@return spacing and position of the pixels} */
    public FilmSpace space() {
        return content.space();
    }

    /** Alpha and palette indices. */
    DroppedChannels dropped() {
        return content.dropped();
    }

    /** {@return the number of frames that were read} */
    public int frames() {
        return pixels().frames();
    }

    /** {@return the number of frames in the file} */
    public int framesInFile() {
        return content.framesInFile();
    }

    /** {@return the number of rows} */
    public int rows() {
        return pixels().rows();
    }

    /** {@return the number of columns} */
    public int columns() {
        return pixels().columns();
    }

    /** {@return whether the film is shown in colour} */
    public boolean isColour() {
        return transforms.isEmpty();
    }

    /** {@return height of a pixel over its width; arrays are not resampled to square pixels} */
    public double pixelAspect() {
        return content.pixelAspect();
    }

    /** {@return the stored values, not a copy} */
    public PixelArray pixels() {
        return content.pixels();
    }

    /**
     * {@return how the stored values of a frame are interpreted}
     *
     * @param frame
     *            from 0
     */
    public PixelMeaning meaning(int frame) {
        return content.meanings().get(content.meanings().size() == 1 ? 0 : frame);
    }

    /**
     * The transformation from stored values to grey levels of a grey film.
     *
     * @param frame
     *            from 0
     */
    GreyTransform transform(int frame) {
        return transforms.get(transforms.size() == 1 ? 0 : frame);
    }

    boolean rescaledOnReading() {
        return content.rescaledOnReading();
    }

    /** {@return modality values [frames, rows, columns, samples]: stored values after the Modality LUT} */
    public double[] modality() {
        double[] out = new double[pixels().size()];
        int size = pixels().frameSize();
        for (int f = 0; f < frames(); f++) {
            pixels().map(f * size, (f + 1) * size, meaning(f).modality()::apply, out, f * size);
        }
        return out;
    }

    /** {@return grey levels [frames, rows, columns], 0 (black) to 1; of colours 0.299 R + 0.587 G + 0.114 B} */
    public double[] display() {
        int plane = rows() * columns();
        double[] out = new double[frames() * plane];
        for (int f = 0; f < frames(); f++) {
            if (isColour()) {
                for (int i = f * plane; i < (f + 1) * plane; i++) {
                    out[i] = 0.299 * colour(i, 0) + 0.587 * colour(i, 1) + 0.114 * colour(i, 2);
                }
            } else {
                pixels().map(f * plane, (f + 1) * plane, transform(f)::display, out, f * plane);
            }
        }
        return out;
    }

    /** A colour component of a pixel, 0 to 1. */
    double colour(int pixel, int channel) {
        PixelMeaning m = meaning(pixel / (rows() * columns()));
        Palette palette = m.palette();
        if (palette != null) {
            return palette.at(pixels().at(pixel), channel);
        }
        return GreyTransform.clip(pixels().at(3 * pixel + channel) / m.depth().max());
    }

    /** {@return the levels [frames, rows, columns] of the hi-ml loader, unsigned, 0 to 255} */
    public byte[] himl() {
        return new Himl(this).levels();
    }

    /** {@return {@link #himl} of the first frame: the input of the image-text model} */
    public Picture himlPicture() {
        return new Picture(columns(), rows(), 1, new Himl(this).levels(0, 1));
    }

    /**
     * {@return the options' loader applied to a frame}
     *
     * @param frame
     *            from 0
     */
    public Picture picture(int frame) {
        return options.loader().picture(this, frame);
    }

    /**
     * {@return the options' loader applied to a film of one frame}
     *
     * @throws ImageFormatException
     *            if the film has several frames
     */
    public Picture picture() throws ImageFormatException {
        if (frames() > 1) {
            throw new ImageFormatException(file, Message.of("has ", frames(), " frames; choose one with ",
                    Setting.FRAME, " (1 to ", framesInFile(), ")"));
        }
        return picture(0);
    }
}
