package radedit.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import radedit.tools.phantom.Finding;
import radedit.tools.phantom.Judge;
import radedit.tools.phantom.Judgement;
import radedit.tools.phantom.Side;

class DemoTasksTest {
    @Test
    void promptsNameTheirSide() {
        for (DemoTasks.Prompt p : DemoTasks.findings(100)) {
            assertEquals(p.side() == Side.LEFT, p.text().contains("left"));
            assertEquals(p.side() == Side.RIGHT, p.text().contains("right"));
        }
    }

    @Test
    void editsAreAboutWhatTheySay() {
        for (int i = 0; i < 6; i++) {
            DemoTasks.Edit add = DemoTasks.addEffusion(i);
            assertFalse(Judge.judge(add.film().picture()).showsAny());
            assertEquals(0, add.edit().overlap(add.keep()));
            assertTrue(add.prompt().contains(add.side().word()));
            DemoTasks.Edit remove = DemoTasks.removePneumothorax(i);
            Judgement before = Judge.judge(remove.film().picture());
            assertTrue(before.shows(Finding.Kind.PNEUMOTHORAX, remove.side()), before.toString());
            assertTrue(before.drains().contains(remove.side()), before.toString());
            assertTrue(remove.keep().overlap(remove.edit()) > remove.keep().count() / 2);
        }
    }
}
