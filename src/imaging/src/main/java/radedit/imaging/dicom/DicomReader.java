package radedit.imaging.dicom;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import radedit.imaging.DroppedChannels;
import radedit.imaging.FilmContent;
import radedit.imaging.FilmReader;
import radedit.imaging.ImageFormatException;
import radedit.imaging.ImageRequestException;
import radedit.imaging.pixel.PixelArray;
import radedit.imaging.pixel.PixelMeaning;

/** Reads DICOM objects with pixel data. */
public final class DicomReader implements FilmReader {
    /** Common objects without pixel data, by SOP class. */
    private static final Map<String, String> NO_IMAGES = Map.ofEntries(
            Map.entry("1.2.840.10008.1.3.10", "a DICOMDIR"),
            Map.entry("1.2.840.10008.5.1.4.1.1.88.11", "a Basic Text SR"),
            Map.entry("1.2.840.10008.5.1.4.1.1.88.22", "an Enhanced SR"),
            Map.entry("1.2.840.10008.5.1.4.1.1.88.33", "a Comprehensive SR"),
            Map.entry("1.2.840.10008.5.1.4.1.1.88.50", "a Mammography CAD SR"),
            Map.entry("1.2.840.10008.5.1.4.1.1.88.59", "a Key Object Selection"),
            Map.entry("1.2.840.10008.5.1.4.1.1.88.65", "a Chest CAD SR"),
            Map.entry("1.2.840.10008.5.1.4.1.1.88.67", "an X-Ray Radiation Dose SR"),
            Map.entry("1.2.840.10008.5.1.4.1.1.11.1", "a Grayscale Softcopy Presentation State"),
            Map.entry("1.2.840.10008.5.1.4.1.1.104.1", "an Encapsulated PDF"),
            Map.entry("1.2.840.10008.5.1.4.1.1.481.3", "an RT Structure Set"),
            Map.entry("1.2.840.10008.5.1.4.1.1.481.5", "an RT Plan"),
            Map.entry("1.2.840.10008.5.1.4.1.1.9.1.1", "a 12-lead ECG"));

    /** Creates a reader; it has no state. */
    public DicomReader() {
    }

    @Override
    public String format() {
        return "DICOM";
    }

    /** {@return 1: before TIFF, because the preamble of a DICOM file may be a TIFF header} */
    @Override
    public int priority() {
        return 1;
    }

    @Override
    public Match accepts(byte[] head) {
        if (DicomFile.isMarked(head)) {
            return Match.YES;
        }
        return DicomFile.isPlausible(head) ? Match.PERHAPS : Match.NO;
    }

    @Override
    public Optional<Size> size(Path file) throws IOException {
        try (DicomFile dicom = DicomFile.open(file)) {
            if (dicom.dataSet().find(Tag.PIXEL_DATA) == null) {
                return Optional.empty();
            }
            ImagePixel image = ImagePixel.of(dicom.dataSet());
            return Optional.of(new Size(image.columns(), image.rows()));
        } catch (ImageFormatException e) {
            return Optional.empty(); // reading says what is wrong
        }
    }

    @Override
    public FilmContent read(Path file, int frame) throws IOException {
        try (DicomFile dicom = DicomFile.open(file)) {
            return read(dicom, frame);
        }
    }

    static FilmContent read(DicomFile dicom, int frame) throws ImageFormatException {
        DataSet d = dicom.dataSet();
        Element pixelData = d.find(Tag.PIXEL_DATA);
        if (pixelData == null) {
            throw new ImageFormatException(d.file(), notAnImage(dicom));
        }
        ImagePixel image = ImagePixel.of(d);
        if (frame > image.frames()) {
            throw ImageRequestException.frame(d.file(), frame, image.frames());
        }
        // Interpretation first: it is cheap, and if it is damaged the pixels are useless.
        List<PixelMeaning> meanings = new MeaningReader(d, image).read(frame);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("transfer_syntax", dicom.syntax().name());
        facts.put("photometric_interpretation", image.interpretation());
        PixelData data = new PixelData(dicom, image, pixelData);
        PixelArray pixels = data.read(frame);
        facts.put("cells", image.cells(data.highestBit()));
        return new FilmContent("DICOM", pixels, meanings, frame, image.frames(), false, SpacingReader.aspect(d), facts,
                SpacingReader.of(d), DroppedChannels.NONE, dicom.warnings().list());
    }

    private static String notAnImage(DicomFile dicom) throws ImageFormatException {
        DataSet d = dicom.dataSet();
        if (d.has(Tag.FLOAT_PIXEL_DATA) || d.has(Tag.DOUBLE_FLOAT_PIXEL_DATA)) {
            return "keeps floating-point pixels, which are not supported";
        }
        if (d.has(Tag.ROWS)) {
            return "has no pixel data though it describes an image: it is truncated, or a header alone";
        }
        String uid = d.has(Tag.SOP_CLASS_UID)
                ? d.text(Tag.SOP_CLASS_UID)
                : dicom.meta().text(Tag.MEDIA_STORAGE_SOP_CLASS_UID);
        String what = NO_IMAGES.get(uid);
        if (what == null) {
            String modality = d.text(Tag.MODALITY);
            what = "a DICOM object"
                    + (modality.isEmpty()
                            ? ""
                            : " of modality " + modality.substring(0, Math.min(16, modality.length())));
        }
        return "is not an image: it is " + what + " and has no pixel data";
    }
}
