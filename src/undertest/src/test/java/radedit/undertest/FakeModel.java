package radedit.undertest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import radedit.imaging.Mask;
import radedit.undertest.InputSpec.Layout;
import radedit.undertest.OutputSpec.Activation;
import radedit.undertest.OutputSpec.Values;

/** A model in Java. */
final class FakeModel implements ModelUnderTest {
    /** What is returned for a film of a batch. */
    interface Function {
        double[] of(GreyFilm film, List<GreyFilm> batch);
    }

    private final OutputSpec spec;
    private final Function function;
    private final int batch;

    FakeModel(OutputSpec spec, int batch, Function function) {
        this.spec = spec;
        this.batch = batch;
        this.function = function;
    }

    static FakeModel classifier(Values values, Activation activation, Function function) {
        return new FakeModel(new OutputSpec(Kind.CLASSIFICATION, null, values, activation, 0, List.of(), Map.of(),
                Layout.NCHW).withNames(List.of("a", "b")), 4, function);
    }

    /** Masks of the pixels from a level on, one a structure. */
    static FakeModel segmenter(Function levels) {
        return new FakeModel(new OutputSpec(Kind.SEGMENTATION, null, Values.PROBABILITIES, Activation.SIGMOID, 0,
                List.of(), Map.of(), Layout.NCHW).withNames(List.of("a", "b")), 4, levels);
    }

    /** The film's mean level, 0 to 1, weighted towards its top: another one for the negative and for shuffled pixels. */
    static double weighted(GreyFilm film) {
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < film.levels().length; i++) {
            double w = 1 - (double) i / film.levels().length;
            sum += w * film.levels()[i] / film.highest();
            weights += w;
        }
        return sum / weights;
    }

    @Override
    public List<String> names() {
        return spec.names();
    }

    @Override
    public OutputSpec outputSpec() {
        return spec;
    }

    @Override
    public ModelDescription description() {
        return new ModelDescription("fake", "", "Java", Map.of());
    }

    @Override
    public int batch() {
        return batch;
    }

    @Override
    public List<Output> evaluate(List<GreyFilm> films) throws IOException {
        List<Output> all = new ArrayList<>();
        for (int from = 0; from < films.size(); from += batch) {
            List<GreyFilm> part = films.subList(from, Math.min(films.size(), from + batch));
            for (GreyFilm f : part) {
                double[] values = function.of(f, part);
                all.add(kind() == Kind.CLASSIFICATION
                        ? new OutputDecoder("fake", spec).scores(values)
                        : masks(f, values));
            }
        }
        return all;
    }

    private static Output.Masks masks(GreyFilm f, double[] from) {
        List<Mask> masks = new ArrayList<>();
        for (double level : from) {
            boolean[] set = new boolean[f.levels().length];
            for (int i = 0; i < set.length; i++) {
                set[i] = f.levels()[i] >= level;
            }
            masks.add(new Mask(f.width(), f.height(), set));
        }
        return new Output.Masks(masks, new Output.Region(0, 0, f.width(), f.height()),
                new Output.Range(0, 1, 0, 0, 0));
    }

    @Override
    public void close() {
    }
}
