package radedit.stress.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

import radedit.imaging.Mask;

class MaskBoxesTest {
    private static Mask mask(String... rows) {
        int width = rows[0].length();
        boolean[] pixels = new boolean[width * rows.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = rows[i / width].charAt(i % width) == '#';
        }
        return new Mask(width, rows.length, pixels);
    }

    @Test
    void aBoxForEachPart() {
        List<int[]> boxes = MaskBoxes.of(mask(
                "..#....#",
                ".#.#....",
                "....##..",
                "........",
                "#......."));
        assertEquals(3, boxes.size());
        assertArrayEquals(new int[]{1, 0, 6, 3}, boxes.get(0), "corners touch");
        assertArrayEquals(new int[]{7, 0, 8, 1}, boxes.get(1));
        assertArrayEquals(new int[]{0, 4, 1, 5}, boxes.get(2));
        assertEquals(0, MaskBoxes.of(Mask.filled(5, 4, false)).size());
        assertArrayEquals(new int[]{0, 0, 512, 512}, MaskBoxes.of(Mask.filled(512, 512, true)).getFirst());
    }
}
