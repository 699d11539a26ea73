package radedit.tools.demo;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.tools.phantom.Device;
import radedit.tools.phantom.Film;
import radedit.tools.phantom.Finding;
import radedit.tools.phantom.Judge;
import radedit.tools.phantom.Judgement;
import radedit.tools.phantom.Phantom;
import radedit.tools.phantom.PhantomRenderer;
import radedit.tools.phantom.Side;

/** The tasks of the demo model: prompts with their meaning, and films with masks to edit. */
final class DemoTasks {
    /**
     * A prompt for one finding.
     *
     * @param side
     *            null for cardiomegaly
     */
    record Prompt(String text, Finding.Kind kind, @Nullable Side side) {
        /** {@return whether a film shows the finding, on its side only} */
        boolean isShown(Judgement j) {
            return j.isChest() && j.shows(kind, side) && (side == null || !j.shows(kind, side.other()));
        }
    }

    /** A film to edit, the side of the edit, the edit mask, the keep mask, and the prompt. */
    record Edit(Film film, Side side, Mask edit, Mask keep, String prompt) {
        /** {@return whether the pneumothorax is gone while the drain stays} */
        boolean isRemoved(Picture after) {
            Judgement j = Judge.judge(after);
            return !j.shows(Finding.Kind.PNEUMOTHORAX, null) && j.drains().contains(side)
                    && new DrainCheck(keep, edit).kept(film.picture(), after) >= DemoEvaluation.WHOLE;
        }
    }

    static final List<String> NORMAL = List.of("No acute cardiopulmonary process", "No pneumothorax",
            "No pleural effusion", "No pleural effusion or pneumothorax", "Lungs are clear");
    private static final int SIZE = 128;
    /** Seeds that the training set does not use: its seeds are hashes. */
    private static final long SEEDS = 0x5eed_0000L;

    private DemoTasks() {
    }

    /** Prompts for findings, about as frequent as in the training set, sides alternating. */
    static List<Prompt> findings(int count) {
        List<Prompt> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Side side = i % 2 == 0 ? Side.LEFT : Side.RIGHT;
            String word = side.word();
            all.add(switch (i / 2 % 10) {
                case 0 -> new Prompt("Large " + word + "-sided pleural effusion", Finding.Kind.EFFUSION, side);
                case 1 -> new Prompt("Small " + word + "-sided pleural effusion", Finding.Kind.EFFUSION, side);
                case 2 -> new Prompt("Large " + word + " pneumothorax", Finding.Kind.PNEUMOTHORAX, side);
                case 3 -> new Prompt("Small " + word + "-sided pneumothorax", Finding.Kind.PNEUMOTHORAX, side);
                case 4 -> new Prompt("There is a large " + word + " pleural effusion", Finding.Kind.EFFUSION, side);
                case 5 -> new Prompt("Cardiomegaly", Finding.Kind.CARDIOMEGALY, null);
                case 6 -> new Prompt("Consolidation in the " + word + " lung", Finding.Kind.CONSOLIDATION, side);
                case 7 -> new Prompt("Small " + word + " pleural effusion", Finding.Kind.EFFUSION, side);
                case 8 -> new Prompt("Pneumothorax on the " + word, Finding.Kind.PNEUMOTHORAX, side);
                default -> new Prompt("Nodule in the " + word + " lung", Finding.Kind.NODULE, side);
            });
        }
        return all;
    }

    /** A normal film; the lower two thirds of one lung are to fill with fluid, everything away from there is kept. */
    static Edit addEffusion(int index) {
        Side side = index % 2 == 0 ? Side.LEFT : Side.RIGHT;
        Film film = PhantomRenderer.render(Phantom.draw(SEEDS + index, List.of(), null), SIZE);
        Mask lung = film.lung(side);
        int top = SIZE;
        int bottom = 0;
        for (int i = 0; i < lung.pixels().length; i++) {
            if (lung.pixels()[i]) {
                top = Math.min(top, i / SIZE);
                bottom = i / SIZE;
            }
        }
        int from = top + (bottom - top) / 3;
        boolean[] lower = lung.pixels().clone();
        for (int i = 0; i < from * SIZE; i++) {
            lower[i] = false;
        }
        Mask edit = grown(new Mask(SIZE, SIZE, lower), 4);
        boolean[] away = grown(edit, 8).pixels();
        for (int i = 0; i < away.length; i++) {
            away[i] = !away[i];
        }
        return new Edit(film, side, edit, new Mask(SIZE, SIZE, away), "Large " + side.word()
                + "-sided pleural effusion");
    }

    /** A film with a pneumothorax and a drain on the same side; the pneumothorax is to go, the drain is kept. */
    static Edit removePneumothorax(int index) {
        Side side = index % 2 == 0 ? Side.LEFT : Side.RIGHT;
        for (long seed = SEEDS + 1000L * (index + 1);; seed++) {
            Phantom p = Phantom.draw(seed, List.of(Finding.Kind.PNEUMOTHORAX), side);
            if (p.has(Device.Kind.DRAIN, side)) {
                Film film = PhantomRenderer.render(p, SIZE);
                return new Edit(film, side, grown(film.lung(side), 4), film.mask("drain-" + side.word()),
                        "No pneumothorax");
            }
        }
    }

    /** A mask extended by a number of pixels along both axes (Chebyshev distance). */
    static Mask grown(Mask mask, int pixels) {
        boolean[] out = new boolean[mask.pixels().length];
        for (int i = 0; i < out.length; i++) {
            if (mask.pixels()[i]) {
                int x = i % mask.width();
                int y = i / mask.width();
                for (int yy = Math.max(0, y - pixels); yy <= Math.min(mask.height() - 1, y + pixels); yy++) {
                    for (int xx = Math.max(0, x - pixels); xx <= Math.min(mask.width() - 1, x + pixels); xx++) {
                        out[yy * mask.width() + xx] = true;
                    }
                }
            }
        }
        return new Mask(mask.width(), mask.height(), out);
    }
}
