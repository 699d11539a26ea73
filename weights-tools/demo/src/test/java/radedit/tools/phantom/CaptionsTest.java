package radedit.tools.phantom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;

class CaptionsTest {
    @Test
    void captionsHoldAndWrongOnesDoNot() {
        SplittableRandom random = new SplittableRandom(1);
        int wrongSides = 0;
        for (int i = 0; i < 1000; i++) {
            Phantom p = Phantom.inSeries(5, i);
            Caption c = Captions.draw(p, random);
            assertTrue(c.holds(p), c + " of " + p);
            assertFalse(c.claims().isEmpty());
            Captions.wrongFinding(p, random).ifPresent(w -> assertFalse(w.holds(p), w + " of " + p));
            var wrong = Captions.wrongSide(p, random);
            wrong.ifPresent(w -> assertFalse(w.holds(p), w + " of " + p));
            wrongSides += wrong.isPresent() ? 1 : 0;
        }
        assertTrue(wrongSides > 300, wrongSides + " captions wrong in the side");
    }

    @Test
    void wordsAgreeWithClaims() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 500; i++) {
            Caption c = Captions.draw(Phantom.inSeries(6, i), random);
            String text = c.text().toLowerCase(Locale.ROOT);
            for (Claim claim : c.claims()) {
                if (claim.side() != null && !text.contains("bilateral")) {
                    assertTrue(text.contains(claim.side().word()), c.toString());
                }
                if (claim.extent() != null) {
                    assertTrue(text.contains(claim.extent().word()), c.toString());
                }
            }
        }
    }

    @Test
    void thePhrasesOfReportsOccur() {
        SplittableRandom random = new SplittableRandom(3);
        Set<String> seen = new TreeSet<>();
        for (long seed = 0; seed < 300; seed++) {
            for (List<Finding.Kind> kinds : List.of(List.of(Finding.Kind.EFFUSION), List.<Finding.Kind>of(),
                    List.of(Finding.Kind.CARDIOMEGALY, Finding.Kind.PNEUMOTHORAX))) {
                seen.add(Captions.draw(Phantom.draw(seed, kinds, Side.RIGHT), random).text());
            }
        }
        for (String phrase : List.of("Small right-sided pleural effusion", "Large right-sided pleural effusion",
                "No acute cardiopulmonary process", "No pneumothorax", "Cardiomegaly. Pneumothorax.")) {
            assertTrue(seen.contains(phrase), phrase);
        }
    }

    @Test
    void claimsReadAsInManifests() {
        assertEquals("+effusion/left/small", new Claim("effusion", Side.LEFT, Finding.Extent.SMALL, true).toString());
        assertEquals("-pneumothorax/any/any", new Claim("pneumothorax", null, null, false).toString());
    }
}
