package radedit.stress.exchange;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import radedit.imaging.Mask;

/** The boxes around the parts of a mask. */
final class MaskBoxes {
    private MaskBoxes() {
    }

    /**
     * {@return a box (left, top, right, bottom) for each part whose pixels touch at a side or corner, from the top; right and
     * bottom are one past the last pixel}
     */
    static List<int[]> of(Mask mask) {
        boolean[] left = mask.pixels().clone();
        List<int[]> boxes = new ArrayList<>();
        for (int i = 0; i < left.length; i++) {
            if (left[i]) {
                boxes.add(part(left, i, mask.width(), mask.height()));
            }
        }
        return boxes;
    }

    /** Removes the part of a pixel. */
    private static int[] part(boolean[] left, int start, int width, int height) {
        int[] box = {width, height, 0, 0};
        Deque<Integer> waiting = new ArrayDeque<>(List.of(start));
        left[start] = false;
        while (!waiting.isEmpty()) {
            int i = waiting.pop();
            int x = i % width;
            int y = i / width;
            box[0] = Math.min(box[0], x);
            box[1] = Math.min(box[1], y);
            box[2] = Math.max(box[2], x + 1);
            box[3] = Math.max(box[3], y + 1);
            for (int v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
                for (int u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
                    int k = v * width + u;
                    if (left[k]) {
                        left[k] = false;
                        waiting.push(k);
                    }
                }
            }
        }
        return box;
    }
}
