package radedit.tools.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.tools.phantom.Finding;
import radedit.tools.phantom.Judge;
import radedit.tools.phantom.Judgement;
import radedit.tools.phantom.Side;

class ShortcutPhantomsTest {
    private static final int COUNT = 8;

    @TempDir
    private Path folder;

    private static List<Map<String, String>> rows(Path table) throws IOException {
        List<String> lines = Files.readAllLines(table);
        String[] columns = lines.getFirst().split(",", -1);
        List<Map<String, String>> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            assertEquals(columns.length, cells.length, line);
            Map<String, String> row = new HashMap<>();
            for (int i = 0; i < cells.length; i++) {
                row.put(columns[i], cells[i]);
            }
            rows.add(row);
        }
        return rows;
    }

    @Test
    void eachFilmHasWhatItsRowSays() throws IOException {
        int[] progress = new int[1];
        Path manifest = new ShortcutPhantoms(folder, 3).writeFilms(COUNT, done -> progress[0] = done);
        assertEquals(COUNT, progress[0]);
        List<Map<String, String>> rows = rows(manifest);
        assertEquals(COUNT, rows.size());
        for (int i = 0; i < COUNT; i++) {
            Map<String, String> row = rows.get(i);
            Side side = i % 2 == 0 ? Side.LEFT : Side.RIGHT;
            Judgement film = Judge.judge(Images.read(folder.resolve(row.get("image"))));
            assertTrue(film.shows(Finding.Kind.PNEUMOTHORAX, side), film.toString());
            assertFalse(film.shows(Finding.Kind.PNEUMOTHORAX, side.other()), film.toString());
            assertEquals(Set.of(side), film.drains());
            Judgement without = Judge.judge(Images.read(folder.resolve(row.get("counterfactual"))));
            assertFalse(without.shows(Finding.Kind.PNEUMOTHORAX, null), without.toString());
            assertEquals(Set.of(side), without.drains());
            Mask edit = Mask.of(Images.read(folder.resolve(row.get("edit_mask"))));
            Mask keep = Mask.of(Images.read(folder.resolve(row.get("keep_mask"))));
            assertEquals(128, edit.width());
            assertTrue(keep.overlap(edit) > keep.count() / 2);
            assertTrue(keep.count() < edit.count() / 4);
            assertTrue(row.get("original_text").contains(side.word() + " pneumothorax"), row.toString());
            assertEquals(row.get("original_text"), row.get("sham_prompt"));
            assertEquals("remove", row.get("role"));
        }
        assertEquals(COUNT, rows.stream().map(r -> r.get("case_id")).distinct().count());
    }

    @Test
    void validationFilmsAreLabelled() throws IOException {
        List<Map<String, String>> rows = rows(new ShortcutPhantoms(folder, 3).writeValidation(COUNT, done -> {}));
        assertEquals(COUNT, rows.size());
        for (Map<String, String> row : rows) {
            Judgement film = Judge.judge(Images.read(folder.resolve(row.get("image"))));
            boolean ill = row.get("pneumothorax").equals("1");
            assertEquals(ill, film.shows(Finding.Kind.PNEUMOTHORAX, null), film.toString());
            assertEquals(ill, !film.drains().isEmpty(), film.toString());
        }
        assertEquals(COUNT / 2, rows.stream().filter(r -> r.get("pneumothorax").equals("1")).count());
    }

    @Test
    void aSeriesIsAlwaysTheSameAndNoTwoShareFilms() throws IOException {
        Set<String> all = new HashSet<>();
        int films = 0;
        for (String name : List.of("a", "b")) {
            ShortcutPhantoms series = new ShortcutPhantoms(folder.resolve(name), name.equals("a") ? 0 : 1);
            series.writeFilms(COUNT, done -> {});
            series.writeValidation(COUNT, done -> {});
            for (String of : List.of("films", "validation")) {
                try (Stream<Path> files = Files.list(folder.resolve(name).resolve(of))) {
                    for (Path file : files.toList()) {
                        films++;
                        all.add(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1));
                    }
                }
            }
        }
        assertEquals(4 * COUNT, films);
        assertEquals(films, all.size());
        new ShortcutPhantoms(folder.resolve("c"), 0).writeFilms(COUNT, done -> {});
        for (String file : List.of("manifest.csv", "films/003.png", "masks/003-lung.png")) {
            assertArrayEquals(Files.readAllBytes(folder.resolve("a").resolve(file)),
                    Files.readAllBytes(folder.resolve("c").resolve(file)));
        }
    }

    @Test
    void thereAreSoManySeries() {
        assertThrows(IllegalArgumentException.class, () -> new ShortcutPhantoms(folder, -1));
        assertThrows(IllegalArgumentException.class, () -> new ShortcutPhantoms(folder, 0x10000));
    }
}
