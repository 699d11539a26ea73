package radedit.tools.phantom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import radedit.imaging.Picture;

/** The judge against the truth of phantoms that were not used to set its thresholds. */
class JudgeTest {
    private static final int FILMS = 400;

    @Test
    void sensitivityAndSpecificityOnUnseenPhantoms() {
        Map<String, int[]> tables = new TreeMap<>();
        int normal = 0;
        int alarms = 0;
        for (int i = 0; i < FILMS; i++) {
            Phantom p = Phantom.inSeries(31337, i);
            Judgement j = Judge.judge(PhantomRenderer.render(p, 128).picture());
            assertTrue(j.isChest());
            for (Side side : Side.values()) {
                for (Finding.Kind kind : Finding.Kind.values()) {
                    boolean truth = p.has(kind, kind == Finding.Kind.CARDIOMEGALY ? null : side);
                    count(tables, kind.word(), truth, j.shows(kind, side));
                }
                count(tables, "drain", p.has(Device.Kind.DRAIN, side), j.drains().contains(side));
            }
            normal += p.findings().isEmpty() ? 1 : 0;
            alarms += p.findings().isEmpty() && j.showsAny() ? 1 : 0;
        }
        tables.forEach((what, n) -> {
            double sensitivity = n[3] / (double) (n[2] + n[3]);
            double specificity = n[0] / (double) (n[0] + n[1]);
            System.out.printf("judge, %s: sensitivity %.3f of %d, specificity %.3f of %d%n", what, sensitivity,
                    n[2] + n[3], specificity, n[0] + n[1]);
            assertTrue(sensitivity >= (what.equals("nodule") ? 0.85 : 0.97), what + " sensitivity " + sensitivity);
            assertTrue(specificity >= 0.97, what + " specificity " + specificity);
        });
        System.out.printf("judge: %d of %d normal films show something%n", alarms, normal);
        assertTrue(alarms <= normal / 50);
    }

    @Test
    void largerFilmsAreJudgedAlike() {
        int same = 0;
        for (int i = 0; i < 20; i++) {
            Phantom p = Phantom.inSeries(778, i);
            same += Judge.judge(PhantomRenderer.render(p, 256).picture()).toString()
                    .equals(Judge.judge(PhantomRenderer.render(p, 128).picture()).toString()) ? 1 : 0;
        }
        assertTrue(same >= 19, same + " of 20");
    }

    @Test
    void aBlankFilmDoesNotBreakIt() {
        Judgement blank = Judge.judge(new Picture(128, 128, 1, new byte[128 * 128]));
        assertFalse(blank.isChest());
        assertEquals(0, blank.drains().size());
        assertThrows(IllegalArgumentException.class, () -> Judge.judge(new Picture(128, 64, 1, new byte[128 * 64])));
    }

    private static void count(Map<String, int[]> tables, String what, boolean truth, boolean said) {
        tables.computeIfAbsent(what, k -> new int[4])[(truth ? 2 : 0) + (said ? 1 : 0)]++;
    }
}
