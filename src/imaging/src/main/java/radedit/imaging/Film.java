package radedit.imaging;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import radedit.imaging.pixel.Depth;
import radedit.imaging.pixel.GreyTransform;
import radedit.imaging.pixel.Photometric;
import radedit.imaging.pixel.PixelArray;
import radedit.imaging.pixel.PixelMeaning;
import radedit.imaging.pixel.Voi;
import radedit.message.Message;
import radedit.message.Setting;

/**
 * A film that was read: its stored values, and on demand what they mean.
 *
 * <p>
 * Arrays are row-major, [frames, rows, columns, samples]. {@code stored} are the integers of the pixel cells,
 * {@code modality} the values of the imaging device, {@code display} grey levels from 0 (black) to 1 without the colour
 * axis, and {@code himl} the 8-bit levels that the hi-ml image loader makes of the file. What an editing model is shown
 * is {@link #picture}, made by the loader that the options name.
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
     * A film that was not read but is at hand; its file is its name only.
     *
     * @param name
     *            for messages
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
            throw new IllegalStateException(e); // it has neither windows nor frames that could be wrong
        }
    }

    private List<GreyTransform> transforms() throws ImageFormatException {
        List<GreyTransform> all = new ArrayList<>();
        Voi range = null;
        for (PixelMeaning m : content.meanings()) {
            Voi voi = chosen(m);
            if (voi instanceof Voi.Window w && !w.isUsable()) {
                String window = "a centre of " + w.centre() + " and a width of " + w.width() + ", which "
                        + w.function() + ", its function, does not take";
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

    /** The window asked for; null if none is and the file names none. */
    private Voi chosen(PixelMeaning m) throws ImageFormatException {
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

    /** The range of the modality values of all frames, padding left out. */
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

    /** Where it was read from. */
    public Path file() {
        return file;
    }

    /** The format's name. */
    public String format() {
        return content.format();
    }

    /** How its values are stored, by keyword. */
    public Map<String, String> facts() {
        return content.facts();
    }

    public FilmOptions options() {
        return options;
    }

    /** What was read and how, for metadata; nothing about a patient. */
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

    /** What a user should know about the file; the sentences do not name it. */
    public List<Message> warnings() {
        return content.warnings();
    }

    /** How far apart its pixels are and where they lie. */
    public FilmSpace space() {
        return content.space();
    }

    /** What the file has beside the stored values. */
    DroppedChannels dropped() {
        return content.dropped();
    }

    /** How many frames were read. */
    public int frames() {
        return pixels().frames();
    }

    /** How many frames the file has. */
    public int framesInFile() {
        return content.framesInFile();
    }

    public int rows() {
        return pixels().rows();
    }

    public int columns() {
        return pixels().columns();
    }

    /** Whether it is shown in colour. */
    public boolean isColour() {
        return transforms.isEmpty();
    }

    /** Height of a pixel over its width; no array is resampled by it. */
    public double pixelAspect() {
        return content.pixelAspect();
    }

    /** The stored values. */
    public PixelArray pixels() {
        return content.pixels();
    }

    /** What the stored values of a frame (counted from 0) mean. */
    public PixelMeaning meaning(int frame) {
        return content.meanings().get(content.meanings().size() == 1 ? 0 : frame);
    }

    /** How a frame (counted from 0) of a grey film becomes grey levels. */
    GreyTransform transform(int frame) {
        return transforms.get(transforms.size() == 1 ? 0 : frame);
    }

    boolean rescaledOnReading() {
        return content.rescaledOnReading();
    }

    /** Modality values, for each sample. */
    public double[] modality() {
        double[] out = new double[pixels().size()];
        int size = pixels().frameSize();
        for (int f = 0; f < frames(); f++) {
            pixels().map(f * size, (f + 1) * size, meaning(f).modality()::apply, out, f * size);
        }
        return out;
    }

    /** Grey levels [frames, rows, columns], 0 (black) to 1; colours by 0.299 R + 0.587 G + 0.114 B. */
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

    /** A colour of a pixel, 0 to 1. */
    double colour(int pixel, int channel) {
        PixelMeaning m = meaning(pixel / (rows() * columns()));
        if (m.photometric() == Photometric.PALETTE_COLOR) {
            return m.palette().at(pixels().at(pixel), channel);
        }
        return GreyTransform.clip(pixels().at(3 * pixel + channel) / m.depth().max());
    }

    /** Levels [frames, rows, columns] as the hi-ml loader makes them, 0 to 255. */
    public byte[] himl() {
        return new Himl(this).levels();
    }

    /** {@link #himl} of the first frame: what the image-text model is shown. */
    public Picture himlPicture() {
        return new Picture(columns(), rows(), 1, new Himl(this).levels(0, 1));
    }

    /** What the options' loader makes of a frame (counted from 0). */
    public Picture picture(int frame) {
        return options.loader().picture(this, frame);
    }

    /**
     * What the options' loader makes of a film of one frame.
     *
     * @throws ImageFormatException
     *             if there are several
     */
    public Picture picture() throws ImageFormatException {
        if (frames() > 1) {
            throw new ImageFormatException(file, Message.of("has ", frames(), " frames; choose one with ",
                    Setting.FRAME, " (1 to ", framesInFile(), ")"));
        }
        return picture(0);
    }
}
