package radedit.undertest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.imaging.Images;
import radedit.imaging.Mask;

class MaskFolderTest {
    @TempDir
    Path temp;

    private void write(String name, int width, int height) throws IOException {
        Path file = temp.resolve(name);
        Files.createDirectories(file.getParent());
        boolean[] set = new boolean[width * height];
        set[1] = true;
        try (OutputStream out = Files.newOutputStream(file)) {
            Images.writePng(out, new Mask(width, height, set).toPicture(), Map.of());
        }
    }

    private ModelException refused(List<String> cases, String... structures) {
        return assertThrows(ModelException.class, () -> MaskFolder.open(temp, cases, List.of(structures)));
    }

    @Test
    void oneFileACase() throws IOException {
        write("a.png", 4, 3);
        write("b.png", 4, 3);
        MaskFolder f = MaskFolder.open(temp, List.of("a", "b"), List.of("Heart"));
        assertEquals(Set.of("a", "b"), f.cases());
        Output.Masks m = f.masks("a", 4, 3, n -> {
        });
        assertEquals(1, m.masks().getFirst().count());
        assertEquals(List.of("mask"), MaskFolder.open(temp, List.of(), List.of()).structures());
        ModelException e = assertThrows(ModelException.class, () -> f.masks("b", 5, 3, n -> {
        }));
        assertTrue(e.getMessage().contains("b.png: has 4 x 3 pixels, the film of the case has 5 x 3"), e.getMessage());
        String before = f.sha256();
        write("b.png", 5, 3);
        assertNotEquals(before, f.sha256());
    }

    @Test
    void aFolderACase() throws IOException {
        write("a/Left Lung.png", 4, 3);
        write("a/Heart.png", 4, 3);
        write("b/Left Lung.png", 4, 3);
        MaskFolder f = MaskFolder.open(temp, List.of(), List.of("Left Lung"));
        assertEquals(List.of("Left Lung"), f.structures());
        assertEquals(1, f.masks("b", 4, 3, n -> {
        }).masks().size());
        ModelException e = refused(List.of("a", "c"), "Heart", "Left Lung");
        assertEquals(List.of("case 'c' is missing (c.png or a folder c)", "case 'b' is unknown"), e.problems());
        assertEquals(List.of("case 'b' has no Heart.png"), refused(List.of("a", "b")).problems().stream()
                .map(p -> p.substring(p.indexOf("case"))).toList());
    }

    @Test
    void problems() throws IOException {
        assertTrue(refused(List.of()).getMessage().contains("has no PNG files"));
        write("a.png", 4, 3);
        write("a/Heart.png", 4, 3);
        assertTrue(refused(List.of()).getMessage().contains("case 'a' is there twice"));
        assertThrows(ModelException.class, () -> MaskFolder.open(temp.resolve("none"), List.of(), List.of()));
        ModelException e = refused(List.of("../a"));
        assertTrue(e.problems().stream().anyMatch(p -> p.startsWith("case '../a' is missing")),
                e.problems().toString());
    }

    @Test
    void linksAreNotFollowed() throws IOException {
        write("a.png", 4, 3);
        Files.createSymbolicLink(temp.resolve("b.png"), temp.resolve("a.png"));
        assertTrue(refused(List.of()).getMessage().contains("b.png is a link"));
    }

    @Test
    void damagedFiles() throws IOException {
        Files.writeString(temp.resolve("a.png"), "no picture");
        MaskFolder f = MaskFolder.open(temp, List.of(), List.of());
        IOException e = assertThrows(IOException.class, () -> f.masks("a", 4, 3, n -> {
        }));
        assertTrue(e.getMessage().contains("a.png"), e.getMessage());
    }
}
