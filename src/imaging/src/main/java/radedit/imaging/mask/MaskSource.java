package radedit.imaging.mask;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import radedit.imaging.ImageFormatException;
import radedit.imaging.ImageRequestException;
import radedit.imaging.Mask;
import radedit.imaging.MaskReader;
import radedit.imaging.MaskSelection;
import radedit.imaging.dicom.SegmentationReader;
import radedit.message.Message;
import radedit.message.Setting;

/**
 * A mask in a user's words:
 *
 * <pre>
 * FILE, FILE#frame=K,label=N+N,above=X,segment=NAME+NAME   a picture, DICOM segmentation, NIfTI or safetensors (mask)
 * FILE#alpha=set, clear or ignore                          how transparency is used
 * box:X,Y,W,H                                              W x H pixels from column X and row Y
 * polygon:X,Y X,Y X,Y ...                                  the inside of a polygon
 * rle:START LENGTH ...    rle:FILE.csv#id=NAME,column=C+C  run lengths as in CheXmask
 * landmarks:FILE.csv#id=NAME,part=P+P                      CheXmask's landmarks: right lung, left lung, heart
 * all    none
 * </pre>
 *
 * Coordinates are pixels of the film as it is stored.
 */
public final class MaskSource {
    /** Most coordinates, two per point. */
    private static final int MOST_NUMBERS = 200_000;
    /** Landmark ranges of right lung, left lung and heart, in CheXmask's order. */
    private static final Map<String, int[]> PARTS = Map.of("right lung", new int[]{0, 44}, "left lung",
            new int[]{44, 94}, "heart", new int[]{94, 120});
    private static final int LANDMARKS = 120;
    private static final int LONGEST_IN_MESSAGES = 60;

    private final String text;
    /** Folder that relative names of files start from. */
    private final Path folder;
    private final String kind;
    private final String rest;

    private MaskSource(String text, Path folder) {
        this.text = text;
        this.folder = folder;
        int colon = text.indexOf(':');
        String word = colon < 0 ? text : text.substring(0, colon).toLowerCase(Locale.ROOT);
        boolean shape = switch (word) {
            case "box", "polygon", "rle", "landmarks" -> colon > 0;
            case "all", "none" -> colon < 0;
            default -> false;
        };
        this.kind = shape ? word : "file";
        this.rest = shape ? text.substring(colon + 1) : text;
    }

    /**
     * {@return a source; {@link #read} reports what is wrong with it}
     *
     * @param text
     *            the user's words
     */
    public static MaskSource of(String text) {
        return of(text, Path.of(""));
    }

    /**
     * {@return a source; {@link #read} reports what is wrong with it}
     *
     * @param text
     *            the user's words
     * @param folder
     *            folder that relative names of files start from
     */
    public static MaskSource of(String text, Path folder) {
        return new MaskSource(text, folder);
    }

    /**
     * {@return a mask in words, without a file: {@code all}, {@code none} or run lengths}
     *
     * @param mask
     *            a mask of a film's size
     */
    public static String words(Mask mask) {
        int count = mask.count();
        return count == 0 ? "none" : isFull(mask) ? "all" : "rle:" + RunLength.encode(mask);
    }

    /**
     * {@return the user's words with another name of the file; as they are if there is no file in them}
     *
     * @param name
     *            makes the name of the file
     */
    public String withFile(Function<Path, String> name) {
        String prefix = kind.equals("file") ? "" : text.substring(0, text.length() - rest.length());
        return file().map(f -> prefix + name.apply(f) + (choice().isEmpty() ? "" : "#" + choice())).orElse(text);
    }

    /** {@return the user's words} */
    public String text() {
        return text;
    }

    /** {@return the file that the mask is read from; empty if there is none} */
    public Optional<Path> file() {
        try {
            return isInWords() ? Optional.empty() : Optional.of(folder.resolve(fileName()));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** {@return whether the mask is a row of a table} */
    public boolean isTable() {
        return !kind.equals("file") && !isInWords();
    }

    /**
     * {@return the same mask of another file}
     *
     * @param file
     *            a copy of the file that the mask is read from
     * @throws IllegalStateException
     *             if it is not read from a file
     */
    public MaskSource at(Path file) {
        if (isInWords()) {
            throw new IllegalStateException(this + " is not read from a file");
        }
        return new MaskSource((kind.equals("file") ? "" : kind + ":") + file + (choice().isEmpty() ? "" : "#")
                + choice(), folder);
    }

    /** {@return whether the text itself describes the mask, without a file} */
    public boolean isInWords() {
        return switch (kind) {
            case "file", "landmarks" -> false;
            case "rle" -> RunLength.isRuns(rest);
            default -> true;
        };
    }

    private String fileName() {
        int hash = rest.lastIndexOf('#');
        return hash < 0 || exists(rest) ? rest : rest.substring(0, hash);
    }

    private String choice() {
        int hash = rest.lastIndexOf('#');
        return hash < 0 || exists(rest) ? "" : rest.substring(hash + 1);
    }

    private boolean exists(String name) {
        try {
            return Files.exists(folder.resolve(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /**
     * Reads the mask.
     *
     * @param film
     *            size of the film that the mask belongs to; null if unknown, which is enough for files
     * @param note
     *            receives sentences that a user should see
     * @return a mask of the film's size, or of the file's own size
     * @throws ImageRequestException
     *            if the text is malformed, or needs the film's size, which is unknown; the message quotes the text
     * @throws ImageFormatException
     *            if a file is damaged or has no such mask
     * @throws IOException
     *            if a file cannot be read
     */
    public Mask read(@Nullable Extent film, Consumer<String> note) throws IOException {
        if (isInWords()) {
            try {
                return inWords(film, note);
            } catch (ImageFormatException e) {
                throw new ImageRequestException(e);
            }
        }
        return switch (kind) {
            case "rle" -> runs(film, note);
            case "landmarks" -> landmarks(film, note);
            default -> fromFile(note);
        };
    }

    /**
     * Checks what can be checked without the film and without reading a file.
     *
     * @throws ImageRequestException
     *            if the text is malformed; the message quotes it
     * @throws IOException
     *            if a file that it names does not exist
     */
    public void check() throws IOException {
        try {
            switch (kind) {
                case "box" -> corners();
                case "polygon" -> points();
                case "landmarks" -> keys("part");
                case "rle" -> {
                    if (!isInWords()) {
                        keys("column");
                    }
                }
                case "file" -> {
                    if (!choice().isEmpty()) {
                        MaskSelection.parse(toString(), choice());
                    }
                }
                default -> {
                }
            }
        } catch (ImageRequestException e) {
            throw e;
        } catch (ImageFormatException e) {
            throw new ImageRequestException(e);
        }
        if (!isInWords() && !Files.isRegularFile(path(fileName()))) {
            throw new NoSuchFileException(fileName());
        }
    }

    /**
     * {@return whether the mask has pixels of a film, as far as that can be told without reading a file; true if it cannot}
     *
     * @param film
     *            the film's size
     * @throws ImageRequestException
     *            if the text is malformed or does not suit the size; the message quotes it
     */
    public boolean touches(Extent film) throws ImageRequestException {
        try {
            return switch (kind) {
                case "none" -> false;
                case "box" -> Shapes.touches(outline(corners()), film);
                case "polygon" -> Shapes.touches(points(), film);
                case "rle" -> !isInWords() || RunLength.check(toString(), rest, film);
                default -> true;
            };
        } catch (ImageFormatException e) {
            throw new ImageRequestException(e);
        }
    }

    /** {@return whether the words stand for no pixel, whatever the film is} */
    public boolean isNothing() {
        return kind.equals("none") || kind.equals("rle") && rest.isBlank();
    }

    /**
     * {@return whether the mask has all pixels of a film, as far as that can be told without reading a file; false if it cannot}
     *
     * @param film
     *            the film's size
     * @throws ImageRequestException
     *            if the text is malformed or does not suit the size; the message quotes it
     */
    public boolean covers(Extent film) throws ImageRequestException {
        try {
            return switch (kind) {
                case "all" -> true;
                case "box" -> Shapes.spans(outline(corners()), film);
                case "polygon" -> Shapes.spans(points(), film) && isFull(inWords(film, note -> {
                }));
                case "rle" -> isInWords() && isFull(inWords(film, note -> {
                }));
                default -> false;
            };
        } catch (ImageFormatException e) {
            throw new ImageRequestException(e);
        }
    }

    private static boolean isFull(Mask mask) {
        return mask.count() == mask.pixels().length;
    }

    private Mask inWords(@Nullable Extent film, Consumer<String> note) throws ImageFormatException {
        return switch (kind) {
            case "all" -> Mask.filled(needed(film).width(), needed(film).height(), true);
            case "none" -> Mask.filled(needed(film).width(), needed(film).height(), false);
            case "box" -> box(needed(film), note);
            case "polygon" -> polygon(needed(film), note);
            default -> RunLength.decode(toString(), rest, needed(film));
        };
    }

    private Extent needed(@Nullable Extent film) throws ImageRequestException {
        if (film == null) {
            throw new ImageRequestException(toString(),
                    Message.of("does not say how large the film is; ", Setting.FILM, " F or ", Setting.SIZE,
                            " WxH does"));
        }
        return film;
    }

    private Mask box(Extent film, Consumer<String> note) throws ImageFormatException {
        return onFilm(outline(corners()), film, note);
    }

    private static double[] outline(double[] n) {
        return new double[]{n[0], n[1], n[0] + n[2], n[1], n[0] + n[2], n[1] + n[3], n[0], n[1] + n[3]};
    }

    /** {@return column, row, width and height} */
    private double[] corners() throws ImageFormatException {
        double[] n = NumberList.coordinates(toString(), rest, 4);
        if (n.length != 4 || !(n[2] > 0 && n[3] > 0)) {
            throw new ImageFormatException(toString(),
                    "four numbers are expected: column and row of its first pixel, width and height above 0");
        }
        return n;
    }

    private Mask polygon(Extent film, Consumer<String> note) throws ImageFormatException {
        return onFilm(points(), film, note);
    }

    /** {@return columns and rows in turn} */
    private double[] points() throws ImageFormatException {
        double[] n = NumberList.coordinates(toString(), rest, MOST_NUMBERS);
        if (n.length < 6 || n.length % 2 != 0) {
            throw new ImageFormatException(toString(), "three points or more are expected, x,y each; these are "
                    + n.length + " numbers");
        }
        return n;
    }

    /** The inside of a polygon, clipped to the film. */
    private Mask onFilm(double[] points, Extent film, Consumer<String> note) throws ImageFormatException {
        Mask m = Shapes.polygon(points, film);
        if (m.isEmpty()) {
            throw new ImageFormatException(toString(), "holds no pixel of a film of " + m.width() + " x " + m.height()
                    + "; columns and rows count from 0");
        }
        boolean beyond = false;
        for (int i = 0; i < points.length; i++) {
            beyond |= points[i] < 0 || points[i] > (i % 2 == 0 ? film.width() : film.height());
        }
        if (beyond) {
            note.accept(this + " reaches beyond the film of " + film.width() + " x " + film.height()
                    + " pixels and is cut off at its edge");
        }
        return m;
    }

    private Mask runs(@Nullable Extent film, Consumer<String> note) throws IOException {
        Map<String, String> keys = keys("column");
        MaskTable table = table(keys);
        String columns = keys.get("column");
        if (columns == null) {
            throw new ImageRequestException(toString(), "#column=NAME+NAME says which columns, for instance"
                    + " column=Left Lung+Right Lung");
        }
        Extent size = needed(table.extent(toString(), film, note));
        Mask all = Mask.filled(size.width(), size.height(), false);
        for (String column : columns.split("\\+")) {
            all = all.union(RunLength.decode(toString(), table.cell(column), size));
        }
        return all;
    }

    private Mask landmarks(@Nullable Extent film, Consumer<String> note) throws IOException {
        Map<String, String> keys = keys("part");
        MaskTable table = table(keys);
        Extent size = needed(table.extent(toString(), film, note));
        double[] n = NumberList.coordinates(toString(), table.cell("Landmarks"), 2 * LANDMARKS + 1);
        if (n.length != 2 * LANDMARKS) {
            throw new ImageFormatException(toString(), "has " + n.length + " numbers in its Landmarks, "
                    + 2 * LANDMARKS + " are expected");
        }
        Mask all = Mask.filled(size.width(), size.height(), false);
        for (String name : keys.getOrDefault("part", "right lung+left lung+heart").split("\\+")) {
            int[] range = PARTS.get(name.strip().toLowerCase(Locale.ROOT).replaceAll("[_-]", " "));
            if (range == null) {
                throw new ImageRequestException(toString(),
                        "'" + name + "' is not one of right lung, left lung, heart");
            }
            all = all.union(Shapes.contour(java.util.Arrays.copyOfRange(n, 2 * range[0], 2 * range[1]), size));
        }
        return all;
    }

    /** Parses the part of a table's name after the #. */
    private Map<String, String> keys(String extra) throws ImageRequestException {
        Map<String, String> keys = new TreeMap<>();
        if (choice().isEmpty()) {
            return keys;
        }
        for (String pair : choice().split(",", -1)) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? "" : pair.substring(0, equals).strip().toLowerCase(Locale.ROOT);
            if (!key.equals("id") && !key.equals("row") && !key.equals(extra)) {
                throw new ImageRequestException(toString(),
                        "'" + pair + "' does not select anything; #id=NAME or #row=K and "
                                + extra + "=NAME+NAME do, separated by commas");
            }
            keys.put(key, pair.substring(equals + 1).strip());
        }
        return keys;
    }

    private MaskTable table(Map<String, String> keys) throws IOException {
        Path file = path(fileName());
        String id = keys.get("id");
        if (id != null) {
            return MaskTable.named(file, id);
        }
        String row = keys.get("row");
        if (row == null) {
            return MaskTable.single(file);
        }
        if (!row.matches("[1-9]\\d{0,11}")) {
            throw new ImageRequestException(toString(), "row '" + row + "' is not a number from 1 on");
        }
        return MaskTable.numbered(file, Long.parseLong(row));
    }

    private Path path(String name) throws ImageRequestException {
        if (name.isEmpty()) {
            throw new ImageRequestException("'" + this + "'", "names no file");
        }
        try {
            return folder.resolve(name);
        } catch (InvalidPathException e) {
            throw new ImageRequestException(toString(), "is not the name of a file");
        }
    }

    private Mask fromFile(Consumer<String> note) throws IOException {
        Path file = path(fileName());
        String choice = choice();
        MaskSelection selection = choice.isEmpty() ? MaskSelection.DEFAULT : MaskSelection.parse(toString(), choice);
        for (MaskFileReader reader : ServiceLoader.load(MaskFileReader.class)) {
            if (file.toString().toLowerCase(Locale.ROOT).endsWith(reader.ending())) {
                if (!choice.isEmpty()) {
                    throw new ImageRequestException(toString(), reader.ending().substring(1)
                            + " hold a single mask; leave out #" + choice + " out");
                }
                return reader.read(file);
            }
        }
        byte[] head = new byte[0];
        if (Files.isRegularFile(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                head = in.readNBytes(1024);
            }
        }
        if (SegmentationReader.isDicom(head)) {
            Mask m = SegmentationReader.read(file, selection, note);
            if (m != null) {
                if (selection.alpha() != MaskSelection.Alpha.AUTO) {
                    throw new ImageRequestException(toString(),
                            "a segmentation has no alpha channel; leave #alpha out");
                }
                return m;
            }
        }
        return MaskReader.read(file, selection, note);
    }

    /** {@return the user's words, shortened if they are long} */
    @Override
    public String toString() {
        return text.length() <= LONGEST_IN_MESSAGES ? text : text.substring(0, LONGEST_IN_MESSAGES) + "...";
    }
}
