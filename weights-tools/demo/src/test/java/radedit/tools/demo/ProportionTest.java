package radedit.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ProportionTest {
    /** Values of statsmodels' proportion_confint(method="wilson"). */
    @Test
    void wilsonInterval() {
        Proportion p = new Proportion(90, 100);
        assertEquals(0.8256343, p.low(), 1e-7);
        assertEquals(0.9447709, p.high(), 1e-7);
        assertEquals(0, new Proportion(0, 50).low(), 0);
        assertEquals(0.0713476, new Proportion(0, 50).high(), 1e-7);
        assertEquals(1, new Proportion(50, 50).high(), 0);
        assertEquals(new Proportion(1, 2), new Proportion(0, 0).plus(true).plus(false));
    }
}
