package radedit.undertest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import radedit.imaging.Mask;
import radedit.undertest.InputSpec.Layout;
import radedit.undertest.ModelUnderTest.Kind;
import radedit.undertest.OutputSpec.Activation;
import radedit.undertest.OutputSpec.Channel;
import radedit.undertest.OutputSpec.Values;

class OutputDecoderTest {
    private static OutputSpec spec(Kind kind, Values values, Activation activation, Layout layout, String... names) {
        return new OutputSpec(kind, null, values, activation, 0, List.of(), Map.of(), layout)
                .withNames(List.of(names));
    }

    private static OutputSpec scores(Values values, Activation activation, String... names) {
        return spec(Kind.CLASSIFICATION, values, activation, Layout.NCHW, names);
    }

    private static InputSpec input(int side, InputSpec.Resize resize, boolean square) {
        return new InputSpec(null, new Size(side, side), square, resize, 0, InputSpec.Filter.BILINEAR, 0, 1,
                Layout.NCHW,
                0, 1, List.of(), List.of(), false, InputSpec.ElementType.FLOAT32);
    }

    @Test
    void sigmoidAndSoftmax() throws Exception {
        double[] logits = {0, Math.log(3), 5};
        Output.Scores s = new OutputDecoder("m", scores(Values.LOGITS, Activation.SIGMOID, "a", "b", ""))
                .scores(logits);
        assertArrayEquals(new double[]{0.5, 0.75}, s.probabilities(), 1e-15);
        assertArrayEquals(new double[]{0, Math.log(3)}, s.logits());
        double[] large = {1000, 1000 + Math.log(3), 0};
        Output.Scores t = new OutputDecoder("m", scores(Values.LOGITS, Activation.SOFTMAX, "a", "b", "c"))
                .scores(large);
        assertArrayEquals(new double[]{0.25, 0.75, 0}, t.probabilities(), 1e-12);
    }

    @Test
    void columnsWithoutNamesMayBeAnything() throws Exception {
        OutputSpec spec = scores(Values.PROBABILITIES, Activation.SIGMOID, "a", "", "c");
        Output.Scores s = new OutputDecoder("m", spec).scores(new double[]{0.2, Double.NaN, 0.4});
        OutputCheck.check("m", spec, s);
        assertArrayEquals(new double[]{0.2, 0.4}, s.probabilities());
    }

    @Test
    void theNumberOfValuesHasToFit() {
        OutputDecoder d = new OutputDecoder("m.onnx", scores(Values.PROBABILITIES, Activation.SIGMOID, "a", "b"));
        ModelException e = assertThrows(ModelException.class, () -> d.scores(new double[3]));
        assertTrue(e.getMessage().startsWith("m.onnx: the model returns 3 values a film, but 2 names are given"),
                e.getMessage());
    }

    @Test
    void outputsOutsideOfTheDeclaredRangeAreRefused() throws Exception {
        OutputSpec p = scores(Values.PROBABILITIES, Activation.SIGMOID, "a", "b");
        OutputSpec softmax = scores(Values.PROBABILITIES, Activation.SOFTMAX, "a", "b");
        assertRefused(p, "goes", 1.5, 0.2);
        assertRefused(p, "not finite", Double.NaN, 0.2);
        assertRefused(softmax, "sum to 1", 0.5, 0.2);
        OutputCheck.check("m", softmax, new OutputDecoder("m", softmax).scores(new double[]{0.3, 0.7}));
    }

    private static void assertRefused(OutputSpec spec, String word, double... values) throws Exception {
        Output.Scores s = new OutputDecoder("m", spec).scores(values);
        ModelException e = assertThrows(ModelException.class, () -> OutputCheck.check("m", spec, s));
        assertTrue(e.getMessage().contains(word.replace("goes", "go from")), e.getMessage());
    }

    /** A model that returns the film's left half as a structure, for a film whose centre it sees. */
    @Test
    void masksGoBackToTheFilm() throws Exception {
        GreyFilm film = PreprocessingReferenceTest.film(40, 20, 1, 8);
        float[] left = new float[8 * 8];
        for (int i = 0; i < left.length; i++) {
            left[i] = i % 8 < 4 ? 0.9f : 0.1f;
        }
        OutputSpec spec = spec(Kind.SEGMENTATION, Values.PROBABILITIES, Activation.SIGMOID, Layout.NCHW, "left");
        Output.Masks whole = new OutputDecoder("m", spec).masks(left, 1, 8, 8,
                input(16, InputSpec.Resize.STRETCH, false), film);
        assertEquals(new Output.Region(0, 0, 40, 20), whole.seen());
        assertEquals(half(40, 20, 0, 20), whole.masks().getFirst());
        Output.Masks centre = new OutputDecoder("m", spec).masks(left, 1, 8, 8,
                input(16, InputSpec.Resize.STRETCH, true), film);
        assertEquals(new Output.Region(10, 0, 20, 20), centre.seen());
        assertEquals(half(40, 20, 10, 20), centre.masks().getFirst());
        Output.Masks cropped = new OutputDecoder("m", spec).masks(left, 1, 8, 8,
                input(16, InputSpec.Resize.SHORTER_SIDE, false), film);
        assertEquals(centre.masks(), cropped.masks());
        Output.Masks padded = new OutputDecoder("m", spec).masks(left, 1, 8, 8,
                input(16, InputSpec.Resize.PAD, false), film);
        assertEquals(whole.masks(), padded.masks());
        assertEquals(0.1, padded.raw().least(), 1e-7);
    }

    private static Mask half(int width, int height, int from, int to) {
        boolean[] set = new boolean[width * height];
        for (int i = 0; i < set.length; i++) {
            set[i] = i % width >= from && i % width < to;
        }
        return new Mask(width, height, set);
    }

    @Test
    void softmaxLabelsAndLayouts() throws Exception {
        GreyFilm film = PreprocessingReferenceTest.film(4, 4, 1, 8);
        float[] nhwc = new float[2 * 2 * 3];
        int[] best = {0, 1, 2, 1};
        float[] labels = new float[4];
        for (int i = 0; i < 4; i++) {
            nhwc[i * 3 + best[i]] = 4;
            labels[i] = best[i];
        }
        InputSpec in = input(2, InputSpec.Resize.STRETCH, false);
        OutputSpec softmax = spec(Kind.SEGMENTATION, Values.LOGITS, Activation.SOFTMAX, Layout.NHWC, "", "one", "two");
        OutputSpec label = new OutputSpec(Kind.SEGMENTATION, null, Values.LABELS, Activation.SIGMOID, 0,
                List.of(new Channel("two", 2), new Channel("one", 1)), Map.of(), Layout.NCHW);
        Output.Masks a = new OutputDecoder("m", softmax).masks(nhwc, 3, 2, 2, in, film);
        Output.Masks b = new OutputDecoder("m", label).masks(labels, 1, 2, 2, in, film);
        assertTrue(a.masks().get(0).pixels()[3]);
        assertFalse(a.masks().get(0).pixels()[0]);
        assertEquals(4, b.masks().get(0).count());
        assertEquals(8, b.masks().get(1).count());
        assertTrue(b.masks().get(0).pixels()[12] && b.masks().get(1).pixels()[3] && b.masks().get(1).pixels()[15]);
        OutputCheck.check("m", label, b);
        labels[0] = 0.5f;
        Output.Masks c = new OutputDecoder("m", label).masks(labels, 1, 2, 2, in, film);
        assertThrows(ModelException.class, () -> OutputCheck.check("m", label, c));
    }

    @Test
    void veryLongFilmsAreRefused() {
        GreyFilm film = new GreyFilm(30000, 1, 8, new char[30000]);
        FilmTensor t = new FilmTensor(input(224, InputSpec.Resize.SHORTER_SIDE, false));
        ModelException e = assertThrows(ModelException.class, () -> t.put(film, new float[t.length()], 0));
        assertTrue(e.getMessage().contains("too long and narrow"), e.getMessage());
    }
}
