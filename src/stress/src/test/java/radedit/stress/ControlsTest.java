package radedit.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlsTest {
    private static final Values ROW = new Values(Map.of("image", List.of("f.dcm"), "edit_mask", List.of("e.png"),
            "keep_mask", List.of("k.png"), "prompt", List.of("A", "B"), "weight", List.of("4", "-2"), "original_text",
            List.of("C"), "role", List.of("add"), "min_score", List.of("0.2"), "tries", List.of("3"), "window",
            List.of("1")));

    @Test
    void eachControlChangesOneThing() {
        List<Problem> problems = new ArrayList<>();
        List<StressCase> all = Controls.of("sham,null,reverse,background,dose=0.25,1,2", "Normal")
                .of(new StressCase("x", 7, null, ROW), problems);
        assertEquals(List.of(), problems);
        assertEquals(List.of("x.sham", "x.null", "x.reverse", "x.background", "x.dose-0.25", "x.dose-2"),
                all.stream().map(StressCase::id).toList());
        for (StressCase c : all) {
            assertEquals("x", c.base());
            assertEquals("f.dcm", c.patient(), "of the film");
            assertEquals(List.of(), c.values().all("min_score"));
            assertEquals(List.of(), c.values().all("tries"));
        }
        assertEquals("[Normal] [4]", all.get(0).values().all("prompt") + " " + all.get(0).values().all("weight"));
        assertEquals("[A, B] [0, 0]", all.get(1).values().all("prompt") + " " + all.get(1).values().all("weight"));
        Values reverse = all.get(2).values();
        assertEquals("images/x.png masks/x.edit.png masks/x.keep.png C A", String.join(" ", reverse.first("image"),
                reverse.first("edit_mask"), reverse.first("keep_mask"), reverse.first("prompt"),
                reverse.first("original_text")));
        assertEquals(List.of(), reverse.all("window"), "is about the film, not about the picture");
        assertEquals(List.of("k.png", "e.png"), all.get(3).values().all("keep_mask"));
        assertEquals(List.of("true"), all.get(3).values().all("invert_edit_mask"));
        assertEquals(List.of("1.0", "-0.5"), all.get(4).values().all("weight"));
        assertEquals("add", all.get(4).role());
        assertEquals("0.25", all.get(4).values().first("dose"));
    }

    @Test
    void theShamOfARemovalIsWhatTheFilmShows() {
        Controls sham = Controls.of("sham", "Normal");
        StressCase c = new StressCase("x", 1, null, ROW.with("role", List.of("remove")));
        assertEquals("C", sham.of(c, new ArrayList<>()).getFirst().values().first("prompt"));
        StressCase own = new StressCase("x", 1, null, c.values().with("sham_prompt", List.of("Own")));
        assertEquals("Own", sham.of(own, new ArrayList<>()).getFirst().values().first("prompt"));
        StressCase mute = new StressCase("x", 1, null, c.values().without("original_text"));
        assertEquals("Normal", sham.of(mute, new ArrayList<>()).getFirst().values().first("prompt"));
    }

    @Test
    void aDoseOfTheUsualWeight() {
        StressCase c = new StressCase("x", 1, null, ROW.without("weight"));
        assertEquals(List.of("3.75", "3.75"), Controls.of("dose=0.5", "").of(c, new ArrayList<>()).getFirst().values()
                .all("weight"));
    }

    @Test
    void undoingNeedsTheFilmsOwnText() {
        List<Problem> problems = new ArrayList<>();
        Controls.of("reverse", "").of(new StressCase("x", 4, null, ROW.without("original_text")), problems);
        assertEquals(1, problems.size());
        assertTrue(problems.getFirst().toString().startsWith("row 4, column original_text: "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shame", "dose=", "dose=-1", "dose=0", "0.5", "sham,0.5", "dose=nan"})
    void unknownControls(String text) {
        assertThrows(IllegalArgumentException.class, () -> Controls.of(text, ""));
    }
}
