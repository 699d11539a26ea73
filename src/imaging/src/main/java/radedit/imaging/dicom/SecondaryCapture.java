package radedit.imaging.dicom;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import radedit.imaging.Film;
import radedit.imaging.Picture;
import radedit.imaging.pixel.PixelArray;

/**
 * A picture as a Secondary Capture Image (PS3.3 A.8.1, Explicit VR Little Endian), marked as derived and synthetic.
 * {@link Identity} decides which attributes of the source film are copied; all other patient attributes stay empty.
 * Setters return the object for chaining.
 */
public final class SecondaryCapture {
    /** How patient and study of the source are treated. */
    public enum Identity {
        /**
         * Nothing is copied. Study and source get UIDs that are computed from the original ones, so that objects of one
         * study stay together and the originals cannot be recovered.
         */
        REMOVED,
        /** The object becomes a new series in the source's study. */
        KEPT
    }

    /**
     * The program that made the picture (PS3.3 C.7.5.1, C.12.1).
     *
     * @param manufacturer
     *            its maker
     * @param model
     *            its name
     * @param version
     *            its version
     * @param contribution
     *            what it did, in a sentence
     */
    public record Equipment(String manufacturer, String model, String version, String contribution) {}

    /**
     * A series of one or more pictures. Without a source, its pictures share its study.
     *
     * @param studyUid
     *            Study Instance UID for pictures without a source
     * @param seriesUid
     *            Series Instance UID
     * @param begun
     *            date and time of the series
     */
    public record Series(String studyUid, String seriesUid, LocalDateTime begun) {
        /** {@return a new series with random UIDs that begins now} */
        public static Series begin() {
            return new Series(Uids.random(), Uids.random(), LocalDateTime.now(ZoneId.systemDefault()));
        }
    }

    private static final String SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss", Locale.ROOT);
    /** Above the numbers that modalities use, since the series may join an existing study. */
    private static final String SERIES_NUMBER = "9001";
    private static final int LONGEST_ST = 1024;
    private static final int LONGEST_LO = 64;
    private static final int PRIVATE_CREATOR = 0x00190010;
    private static final int PRIVATE_SETTINGS = 0x00191001;

    private final DataSetWriter data = new DataSetWriter();
    private final String instanceUid = Uids.random();
    private final Series series;

    /**
     * A picture of any depth.
     *
     * @param series
     *            the series of the picture
     * @param number
     *            Instance Number, from 1
     * @param columns
     *            in pixels
     * @param rows
     *            in pixels
     * @param samples
     *            1 (grey, 0 is black) or 3 (red, green, blue, interleaved)
     * @param bits
     *            bits per sample, 8 to 16; 8 for colours
     * @param values
     *            row-major
     * @throws IllegalArgumentException
     *            if the size does not fit the values, or is out of range
     */
    public SecondaryCapture(Series series, int number, int columns, int rows, int samples, int bits, int[] values) {
        boolean grey = samples == 1;
        if (!grey && (samples != 3 || bits != 8) || bits < 8 || bits > 16
                || (long) columns * rows * samples != values.length || columns > 0xFFFF || rows > 0xFFFF) {
            throw new IllegalArgumentException(columns + " x " + rows + " x " + samples + " of " + bits + " bits");
        }
        this.series = series;
        common(number);
        withoutSource();
        int allocated = bits == 8 ? 8 : 16;
        data.shorts(0x00280002, samples).text(0x00280004, Vr.CS, grey ? "MONOCHROME2" : "RGB").shorts(0x00280010, rows)
                .shorts(0x00280011, columns).shorts(0x00280100, allocated).shorts(0x00280101, bits)
                .shorts(0x00280102, bits - 1).shorts(0x00280103, 0);
        if (grey) {
            // The whole range; without a window viewers would stretch the picture's own.
            data.decimals(0x00281050, 1 << bits - 1).decimals(0x00281051, 1 << bits);
        } else {
            data.shorts(0x00280006, 0);
        }
        ByteBuffer cells = ByteBuffer.allocate(values.length * allocated / 8).order(ByteOrder.LITTLE_ENDIAN);
        for (int v : values) {
            if (allocated == 8) {
                cells.put((byte) v);
            } else {
                cells.putShort((short) v);
            }
        }
        data.bytes(0x7FE00010, allocated == 8 ? Vr.OB : Vr.OW, cells.array(), 0);
    }

    /**
     * {@return an 8-bit picture}
     *
     * @param series
     *            the series of the picture
     * @param number
     *            Instance Number, from 1
     * @param p
     *            the picture
     */
    public static SecondaryCapture of(Series series, int number, Picture p) {
        int[] values = new int[p.samples().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = p.samples()[i] & 0xFF;
        }
        return new SecondaryCapture(series, number, p.width(), p.height(), p.channels(), 8, values);
    }

    /**
     * {@return a film with other stored values, displayed as the film's own}
     *
     * @param series
     *            the series of the picture
     * @param number
     *            Instance Number, from 1
     * @param film
     *            one without an obstacle ({@link MeaningWriter#obstacle})
     * @param stored
     *            values of the film's size and depth
     */
    public static SecondaryCapture of(Series series, int number, Film film, PixelArray stored) {
        SecondaryCapture s = new SecondaryCapture(series, number, stored.columns(), stored.rows(), stored.samples(),
                film.meaning(0).depth().bits(), stored.integers());
        MeaningWriter.write(film, s.data);
        return s;
    }

    /** Attributes that do not depend on the source: object, series, capture. */
    private void common(int number) {
        String date = DATE.format(series.begun());
        String time = TIME.format(series.begun());
        data.text(0x00080005, Vr.CS, "ISO_IR 192").text(0x00080008, Vr.CS, "DERIVED\\SECONDARY")
                .text(0x00080012, Vr.DA, date).text(0x00080013, Vr.TM, time)
                .text(0x00080016, Vr.UI, SECONDARY_CAPTURE).text(0x00080018, Vr.UI, instanceUid)
                .text(0x0008001C, Vr.CS, "YES").text(0x00080021, Vr.DA, date).text(0x00080023, Vr.DA, date)
                .text(0x00080031, Vr.TM, time).text(0x00080033, Vr.TM, time).text(0x00080064, Vr.CS, "SYN")
                .text(0x0008103E, Vr.LO, "Synthetic, research use only").text(0x00181012, Vr.DA, date)
                .text(0x00181014, Vr.TM, time).text(0x0020000E, Vr.UI, series.seriesUid())
                .text(0x00200011, Vr.IS, SERIES_NUMBER).text(0x00200013, Vr.IS, Integer.toString(number));
    }

    /** Patient, study and acquisition of a picture without a source; {@link #source} replaces some of them. */
    private void withoutSource() {
        data.text(0x00080020, Vr.DA, DATE.format(series.begun())).text(0x00080030, Vr.TM, TIME.format(series.begun()))
                .text(0x00080050, Vr.SH, "").text(0x00080060, Vr.CS, "OT").text(0x00080090, Vr.PN, "")
                .text(0x00180015, Vr.CS, "CHEST").text(0x0020000D, Vr.UI, series.studyUid())
                .text(0x00200010, Vr.SH, "").text(0x00200020, Vr.CS, "").text(0x00280301, Vr.CS, "NO");
        Subject.nobody(data, series.studyUid());
    }

    /**
     * References the film that the picture was made of, and copies the attributes that {@code identity} allows.
     *
     * @param source
     *            the film's attributes
     * @param identity
     *            how patient and study are treated
     * @return this
     */
    public SecondaryCapture source(DicomSource source, Identity identity) {
        burnedInAnnotation();
        source.context().forEach(this::put);
        Subject.of(data, source, identity, series.studyUid());
        if (identity == Identity.REMOVED) {
            data.text(0x00120062, Vr.CS, "YES")
                    .text(0x00120063, Vr.LO,
                            "Rewritten without the source's patient and study\\Pixels not searched for burned-in text");
        }
        DataSetWriter reference = Subject.reference(source, identity);
        if (reference != null) {
            data.sequence(0x00082112, reference.text(0x0028135A, Vr.CS, "NO")
                    .code(0x0040A170, "121322", "Source image for image processing operation"));
        }
        String lossyMethod = source.lossyMethod();
        if (lossyMethod != null) {
            data.text(0x00282110, Vr.CS, "01").decimals(0x00282112, Math.max(source.lossyRatio(), 1))
                    .text(0x00282114, Vr.CS, lossyMethod);
        }
        return this;
    }

    /**
     * Sets Burned In Annotation (PS3.3 C.7.6.1) to YES, for pictures of films that may show identifying text. The
     * attribute has no value for unknown, and readers tend to take its absence for NO.
     *
     * @return this
     */
    public SecondaryCapture burnedInAnnotation() {
        put(Tag.BURNED_IN_ANNOTATION, "YES");
        return this;
    }

    private void put(Tag tag, String value) {
        data.text(tag.code(), tag.vr(), value);
    }

    /**
     * Sets the pixel spacing, if the source has one.
     *
     * @param source
     *            the film's attributes
     * @param rows
     *            rows of the source per row of the picture
     * @param columns
     *            columns of the source per column of the picture
     * @return this
     */
    public SecondaryCapture spacing(DicomSource source, double rows, double columns) {
        SpacingReader.Found spacing = source.spacing();
        if (spacing != null) {
            data.without(0x00280034).decimals(spacing.tag().code(), spacing.rows() * rows,
                    spacing.columns() * columns);
        }
        return this;
    }

    /**
     * Describes how the picture was made.
     *
     * @param description
     *            for people; cut after 1024 characters
     * @param settings
     *            all settings, for programs; stored in the private element (0019,xx01) of the creator RADEDIT
     * @return this
     */
    public SecondaryCapture derivation(String description, String settings) {
        data.text(0x00082111, Vr.ST, cut(description, LONGEST_ST)).text(PRIVATE_CREATOR, Vr.LO, "RADEDIT")
                .text(PRIVATE_SETTINGS, Vr.UT, settings);
        return this;
    }

    /**
     * Reads the settings that {@link #derivation} wrote.
     *
     * @param file
     *            a DICOM file
     * @return empty if it has none
     * @throws radedit.imaging.ImageFormatException
     *            if the file is not a DICOM object, or is damaged
     * @throws IOException
     *            if the file cannot be read
     */
    public static Optional<String> settings(Path file) throws IOException {
        try (DicomFile dicom = DicomFile.open(file)) {
            DataSet d = dicom.dataSet();
            return d.longText(PRIVATE_CREATOR).filter("RADEDIT"::equals).isEmpty()
                    ? Optional.empty()
                    : d.longText(PRIVATE_SETTINGS);
        }
    }

    /**
     * Names the program that made the picture.
     *
     * @param e
     *            the program
     * @param modified
     *            whether to list it as equipment that modified the source
     * @return this
     */
    public SecondaryCapture equipment(Equipment e, boolean modified) {
        String version = cut(e.version(), LONGEST_LO);
        data.text(0x00080070, Vr.LO, e.manufacturer()).text(0x00081090, Vr.LO, e.model())
                .text(0x00181016, Vr.LO, e.manufacturer()).text(0x00181018, Vr.LO, e.model())
                .text(0x00181019, Vr.LO, version).text(0x00181020, Vr.LO, version);
        DataSetWriter item = new DataSetWriter().text(0x00080070, Vr.LO, e.manufacturer())
                .text(0x00081090, Vr.LO, e.model()).text(0x00181020, Vr.LO, version)
                .text(0x0018A002, Vr.DT, DATE.format(series.begun()) + TIME.format(series.begun()))
                .text(0x0018A003, Vr.ST, cut(e.contribution(), LONGEST_ST));
        data.sequence(0x0018A001, modified
                ? item.code(0x0040A170, "109103", "Modifying Equipment")
                : item.code(0x0040A170, "109102", "Processing Equipment"));
        return this;
    }

    private static String cut(String text, int most) {
        String plain = text.replaceAll("\\p{Cntrl}", " ");
        return plain.substring(0, plain.offsetByCodePoints(0, Math.min(most, plain.codePointCount(0, plain.length()))));
    }

    /**
     * Writes preamble, file meta information (PS3.10 7.1) and data set.
     *
     * @param out
     *            left open
     * @throws IOException
     *            if {@code out} fails
     */
    public void writeTo(OutputStream out) throws IOException {
        Subject.write(out, SECONDARY_CAPTURE, instanceUid, data);
    }
}
