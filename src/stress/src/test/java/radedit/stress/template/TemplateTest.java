package radedit.stress.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import radedit.stress.CaseName;
import radedit.stress.Manifest;
import radedit.stress.Role;
import radedit.stress.StressCase;
import radedit.stress.Values;
import radedit.stress.exchange.ManifestTable;

class TemplateTest {
    private static Manifest read(ManifestTable table) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        table.writeTo(out);
        return Manifest.ofCsv("m.csv", out.toString(StandardCharsets.UTF_8), Path.of(""));
    }

    @ParameterizedTest
    @EnumSource
    void areManifests(Template t) throws IOException {
        Manifest m = read(t.placeholders());
        assertTrue(m.rows().size() >= 2);
        String word = t.name().toLowerCase(Locale.ROOT);
        for (Values v : m.rows()) {
            assertFalse(v.toString().contains(Template.FILM), v.toString());
            assertTrue(CaseName.isUsable(v.first(StressCase.CASE_ID, "")));
            assertTrue(Role.of(v.first(StressCase.ROLE, "")).isPresent());
            assertEquals("15", v.first("weight"));
            assertEquals("0.2", v.first("min_score"));
            assertEquals(t == Template.REPORT ? null : word, v.first(PublishedResults.COLUMN));
            assertEquals(t == Template.REPORT, v.first("original_report") != null && v.first("edited_report") != null);
        }
        assertEquals(m.rows().size(), m.rows().stream().map(v -> v.first(StressCase.CASE_ID)).distinct().count());
        assertTrue(t.readMe().contains("radedit stress run manifest.csv -o run"), t.readMe());
        assertFalse(t.placeholders().comments().isEmpty());
    }

    @Test
    void rowsForFilms() throws IOException {
        Manifest m = read(Template.POPULATION.of(List.of(new Template.Film("x", "../a, b/x.dcm", "all", ""),
                new Template.Film("y", "y.png", "", "k.png"))));
        assertEquals(
                List.of("x-oedema", "x-pacemaker", "x-consolidation", "y-oedema", "y-pacemaker", "y-consolidation"),
                m.rows().stream().map(v -> v.first(StressCase.CASE_ID)).toList());
        assertEquals("../a, b/x.dcm", m.rows().get(1).first("image"));
        assertEquals("all", m.rows().get(1).first("edit_mask"));
        assertEquals("masks/y-pacemaker.png", m.rows().get(4).first("edit_mask"));
        assertEquals("k.png", m.rows().get(4).first("keep_mask"));
        assertEquals(List.of("oedema", "pacemaker"),
                m.rows().subList(0, 2).stream().map(v -> v.first("finding")).toList());
    }

    @Test
    void published() {
        PublishedResults p = PublishedResults.of("acquisition").orElseThrow();
        assertEquals(List.of(
                new PublishedResults.Result("weak", "accuracy", "consolidation of COVID-19 removed", 99.1, 5.5),
                new PublishedResults.Result("strong", "accuracy", "consolidation of COVID-19 removed", 74.4, 76.0)),
                p.results());
        assertTrue(p.url().endsWith("2312.12865"));
        assertEquals(List.of(17.9, 81.7), PublishedResults.of("manifestation").orElseThrow().results().stream()
                .map(PublishedResults.Result::after).toList());
        assertEquals(List.of(93.8, 85.0, 85.9), PublishedResults.of("population").orElseThrow().results().stream()
                .map(PublishedResults.Result::after).toList());
        assertTrue(PublishedResults.of("report").isEmpty());
        assertTrue(PublishedResults.of("").isEmpty());
    }
}
