package radedit.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.PointerInput;

/** axe-core finds nothing serious in any state of the page, and the keyboard reaches everything. */
class AccessibilityTest {
    private static Page page;
    private static String axe;

    @BeforeAll
    static void open() throws Exception {
        page = Shared.page();
        try (InputStream in = AccessibilityTest.class.getResourceAsStream("/axe.min.js")) {
            axe = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @AfterAll
    static void close() {
        page.close();
    }

    @Test
    void axeFindsNothingSerious() throws Exception {
        check("empty");
        page.drop(Shared.CXR.resolve("00000001_000.png"));
        page.stroke(PointerInput.Kind.MOUSE, new int[]{500, 300}, new int[]{560, 380});
        page.script("document.querySelectorAll('details').forEach((d) => d.open = true)");
        check("film");
        page.click("#tab-generation");
        check("generation");
        page.click("#tab-score");
        check("score");
        page.click("#tab-edit");
        page.edit("Cardiomegaly", 4);
        check("before and after");
        page.click("[data-mode=similarity]");
        check("similarity");
        page.click("#help");
        check("help");
        page.driver.switchTo().activeElement().sendKeys(Keys.ESCAPE);
        page.screen(820, 1180, 2);
        check("tablet");
        page.screen(1280, 800, 1);
    }

    /** In the order of the keyboard, everything that can be pressed or filled in has its turn and shows that it does. */
    @Test
    void theKeyboardReachesEverything() {
        page.script(
                "document.querySelectorAll('dialog[open]').forEach((d) => d.close()); document.querySelector('[data-mode=paint]').click(); document.querySelector('#open').focus()");
        page.driver.switchTo().activeElement().sendKeys(Keys.chord(Keys.SHIFT, Keys.TAB)); // from here on by the keyboard
        List<String> reached = new ArrayList<>();
        for (int i = 0; i < 160; i++) {
            String id = (String) page.script(
                    "const e = document.activeElement; const s = getComputedStyle(e); return e === document.body ? '' : `${e.id || e.dataset.tool || e.className} ${s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1 ? 'seen' : 'NOT SEEN'}`");
            reached.add(id);
            page.driver.switchTo().activeElement().sendKeys(Keys.TAB);
            if (id.startsWith("command")) {
                break;
            }
        }
        assertTrue(reached.stream().noneMatch(r -> r.endsWith("NOT SEEN")),
                () -> "the focus is not seen on " + reached.stream().filter(r -> r.endsWith("NOT SEEN")).toList());
        for (String wanted : List.of("open", "help", "view", "brush", "size", "tab-edit")) {
            assertTrue(reached.stream().anyMatch(r -> r.startsWith(wanted + " ")),
                    wanted + " is not reached: " + reached);
        }
    }

    private static void check(String state) {
        page.driver.executeScript(axe);
        @SuppressWarnings("unchecked")
        List<Map<String, Object>> found = (List<Map<String, Object>>) page.asyncScript(
                "const r = await axe.run(document, { resultTypes: ['violations'] }); return r.violations.map((v) => ({ id: v.id, impact: v.impact, nodes: v.nodes.map((n) => n.html.slice(0, 160) + ' ' + (n.any[0]?.message ?? n.all[0]?.message ?? '')).slice(0, 5) }))");
        List<Map<String, Object>> serious = found.stream()
                .filter(v -> List.of("serious", "critical").contains(String.valueOf(v.get("impact")))).toList();
        assertEquals(List.of(), serious, state);
        System.out.println(
                "axe, " + state + ": " + found.stream().map(v -> v.get("id") + " (" + v.get("impact") + ")").toList());
    }
}
