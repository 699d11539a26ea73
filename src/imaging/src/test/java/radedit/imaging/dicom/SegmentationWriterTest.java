package radedit.imaging.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.imaging.ImageFormatException;
import radedit.imaging.Mask;
import radedit.imaging.MaskSelection;
import radedit.imaging.dicom.SecondaryCapture.Identity;

class SegmentationWriterTest {
    private static final String UID = "1.2.3.4.5.6.7.8.9";

    @TempDir
    private Path folder;

    private static Mask mask(int width, int height) {
        boolean[] in = new boolean[width * height];
        for (int i = 0; i < in.length; i++) {
            in[i] = i * 7919 % 13 < 5 || i == in.length - 1;
        }
        return new Mask(width, height, in);
    }

    private Path write(Mask m, String label, DicomSource source, Identity identity) throws IOException {
        Path file = folder.resolve("seg.dcm");
        try (OutputStream out = Files.newOutputStream(file)) {
            SegmentationWriter.write(out, m, label, "1", source, identity);
        }
        return file;
    }

    /** Sizes whose pixels do and do not fill the last byte. */
    @Test
    void masksComeBackToTheBit() throws IOException {
        for (int[] size : new int[][]{{8, 8}, {7, 5}, {1, 1}, {33, 3}, {9, 7}}) {
            Mask m = mask(size[0], size[1]);
            Path file = write(m, "Drain", null, Identity.REMOVED);
            List<String> notes = new ArrayList<>();
            assertEquals(m, SegmentationReader.read(file, MaskSelection.DEFAULT, notes::add));
            assertEquals(List.of(), notes);
            assertEquals(m, SegmentationReader.read(file, MaskSelection.parse("x", "segment=Drain"), notes::add));
            assertThrows(ImageFormatException.class,
                    () -> SegmentationReader.read(file, MaskSelection.parse("x", "segment=Heart"), notes::add));
        }
    }

    @Test
    void labelsAreCutAndPlain() throws IOException {
        try (DicomFile f = DicomFile.open(write(mask(8, 8), "a\\b\n" + "x".repeat(100), null, Identity.REMOVED))) {
            String label = f.dataSet().items(Tag.SEGMENT_SEQUENCE).getFirst().text(Tag.SEGMENT_LABEL);
            assertEquals(64, label.length());
            assertTrue(label.startsWith("a b x"), label);
        }
        try (DicomFile f = DicomFile.open(write(mask(8, 8), " ", null, Identity.REMOVED))) {
            assertEquals("mask", f.dataSet().items(Tag.SEGMENT_SEQUENCE).getFirst().text(Tag.SEGMENT_LABEL));
        }
        assertThrows(IllegalArgumentException.class, () -> SegmentationWriter.write(new ByteArrayOutputStream(),
                new Mask(70_000, 1, new boolean[70_000]), "x", "1", null, Identity.REMOVED));
    }

    /** A film of a patient, with a series and a spacing. */
    private DicomSource film() throws IOException {
        Path file = folder.resolve("film.dcm");
        DataSetWriter data = new DataSetWriter().text(0x00080005, Vr.CS, "ISO_IR 192")
                .text(0x00080016, Vr.UI, "1.2.840.10008.5.1.4.1.1.1").text(0x00080018, Vr.UI, UID + ".1")
                .text(0x00100010, Vr.PN, "Doe^Jane").text(0x00100020, Vr.LO, "4711").text(0x0020000D, Vr.UI, UID + ".2")
                .text(0x0020000E, Vr.UI, UID + ".3").decimals(0x00280030, 0.2, 0.3);
        try (OutputStream out = Files.newOutputStream(file)) {
            Subject.write(out, "1.2.840.10008.5.1.4.1.1.1", UID + ".1", data);
        }
        return DicomSource.of(file);
    }

    @Test
    void thePatientIsKeptOnlyIfThatIsSaid() throws IOException {
        DicomSource film = film();
        String kept = Files.readString(write(mask(8, 8), "x", film, Identity.KEPT), StandardCharsets.ISO_8859_1);
        for (String s : List.of("Doe^Jane", "4711", UID + ".1", UID + ".2", UID + ".3")) {
            assertTrue(kept.contains(s), s);
        }
        Path file = write(mask(8, 8), "x", film, Identity.REMOVED);
        String removed = Files.readString(file, StandardCharsets.ISO_8859_1);
        for (String s : List.of("Doe", "4711", UID)) {
            assertFalse(removed.contains(s), s);
        }
        String study;
        try (DicomFile f = DicomFile.open(file)) {
            study = f.dataSet().text(Tag.STUDY_INSTANCE_UID);
            assertEquals(Uids.replacing(UID + ".2"), study);
            assertEquals(0.3, SpacingReader.find(f.dataSet()).columns());
        }
        assertEquals(mask(8, 8), SegmentationReader.read(file, MaskSelection.DEFAULT, n -> {}));
        try (DicomFile f = DicomFile.open(write(mask(8, 8), "x", null, Identity.REMOVED))) {
            assertNotEquals(study, f.dataSet().text(Tag.STUDY_INSTANCE_UID));
        }
    }
}
