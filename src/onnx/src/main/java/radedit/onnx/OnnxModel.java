package radedit.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import radedit.undertest.GreyFilm;
import radedit.undertest.InputSpec;
import radedit.undertest.ModelDescription;
import radedit.undertest.ModelException;
import radedit.undertest.ModelException.Reason;
import radedit.undertest.ModelOptions;
import radedit.undertest.ModelUnderTest;
import radedit.undertest.Output;
import radedit.undertest.OutputDecoder;
import radedit.undertest.OutputSpec;
import radedit.undertest.OutputSpec.Values;
import radedit.undertest.Preprocessing;

/**
 * A classifier or segmenter in an ONNX file. Names of classes that the preprocessing does not have are read from the
 * file's metadata, under class_names, classes, structures, names, labels or id2label.
 */
public final class OnnxModel implements ModelUnderTest {
    private final OnnxSession session;
    private final Preprocessing preprocessing;
    private final String output;
    private final OutputDecoder decoder;

    private OnnxModel(OnnxSession session, Preprocessing preprocessing, String output) {
        this.session = session;
        this.preprocessing = preprocessing;
        this.output = output;
        this.decoder = new OutputDecoder(session.file().toString(), preprocessing.output());
    }

    /**
     * Opens a model.
     *
     * @param file
     *            the ONNX file; files that it refers to have to be in its folder
     * @param preprocessing
     *            what it takes and returns
     * @param options
     *            how it runs
     * @return the model
     * @throws ModelException
     *             if the file is invalid, contradicts the preprocessing, or ONNX Runtime does not run on this machine
     * @throws IOException
     *             if the file cannot be read
     */
    public static OnnxModel open(Path file, Preprocessing preprocessing, ModelOptions options) throws IOException {
        OnnxSession session = OnnxSession.open(file, preprocessing.input(), options);
        try {
            OutputSpec spec = preprocessing.output();
            boolean classes = spec.kind() == Kind.CLASSIFICATION;
            boolean labels = spec.values() == Values.LABELS;
            Set<Integer> ranks = classes ? Set.of(1, 2) : labels ? Set.of(3, 4) : Set.of(4);
            String output = OutputChoice.of(file, session.outputs(), spec.name(), !labels, ranks);
            OutputSpec named = spec.channels().isEmpty() ? named(file, spec, session.metadata()) : spec;
            OnnxModel model = new OnnxModel(session,
                    new Preprocessing(preprocessing.name(), session.input(), named), output);
            long columns = classes
                    ? OutputChoice.axis(session.outputs(), output, 2, 1)
                    : OutputChoice.axis(session.outputs(), output, 4,
                            named.layout() == InputSpec.Layout.NCHW ? 1 : 3);
            if (columns > 0 && !labels) {
                model.decoder.checkColumns((int) Math.min(columns, Integer.MAX_VALUE),
                        classes ? "values a film" : "channels");
            }
            return model;
        } catch (ModelException e) {
            session.close();
            throw e;
        }
    }

    private static OutputSpec named(Path file, OutputSpec spec, Map<String, String> metadata) throws ModelException {
        List<String> names = ClassNames.of(metadata);
        String key = "output." + (spec.kind() == Kind.CLASSIFICATION ? "classes" : "structures");
        if (names.isEmpty()) {
            throw new ModelException(Reason.REQUEST, file + ": does not name its outputs; list them as " + key
                    + " of the preprocessing, or in the file's metadata as class_names");
        }
        try {
            return spec.withNames(names);
        } catch (IllegalArgumentException e) {
            throw new ModelException(Reason.REQUEST, file + ": names in its metadata cannot be used: " + e.getMessage()
                    + "; list them as " + key + " of the preprocessing", e);
        }
    }

    @Override
    public List<String> names() {
        return preprocessing.output().names();
    }

    @Override
    public OutputSpec outputSpec() {
        return preprocessing.output();
    }

    @Override
    public ModelDescription description() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("preprocessing", preprocessing.name());
        settings.putAll(preprocessing.toMap());
        settings.put("output_tensor", output);
        return session.description(settings);
    }

    @Override
    public int batch() {
        return session.batch();
    }

    @Override
    public List<Output> evaluate(List<GreyFilm> films) throws IOException {
        List<Output> all = new ArrayList<>();
        for (int from = 0; from < films.size(); from += batch()) {
            List<GreyFilm> part = films.subList(from, Math.min(films.size(), from + batch()));
            OnnxOutput values = session.run(part, output);
            for (int i = 0; i < part.size(); i++) {
                all.add(kind() == Kind.CLASSIFICATION ? scores(values, i) : masks(values, i, part.get(i)));
            }
        }
        return all;
    }

    private ModelException shape(OnnxOutput values, String expected) {
        return new ModelException(Reason.REQUEST, session.file() + ": output '" + output + "' has the shape "
                + Arrays.toString(values.shape()) + " a film, " + expected
                + "; output.name of the preprocessing chooses another");
    }

    private Output scores(OnnxOutput values, int film) throws ModelException {
        if (values.shape().length > 0 && values.each() != values.shape()[0]) {
            throw shape(values, "one value a class is expected");
        }
        for (OutputSpec.Channel c : preprocessing.output().channels()) {
            int own = values.keys().indexOf(c.name());
            if (own >= 0 && own != c.index()) {
                throw new ModelException(Reason.REQUEST, session.file() + ": the model's own order of classes is "
                        + String.join(", ", values.keys()) + "; output.classes of the preprocessing has another");
            }
        }
        return decoder.scores(values.film(film));
    }

    private Output masks(OnnxOutput values, int film, GreyFilm input) throws ModelException {
        int[] s = values.shape();
        boolean labels = preprocessing.output().values() == Values.LABELS;
        boolean nchw = labels || preprocessing.output().layout() == InputSpec.Layout.NCHW;
        int channels = s.length == 3 ? s[nchw ? 0 : 2] : 1;
        if (s.length != 3 && !(s.length == 2 && labels) || labels && channels != 1 || values.each() == 0) {
            throw shape(values, labels ? "one label a pixel is expected" : "channels, rows and columns are expected");
        }
        double[] all = values.film(film);
        float[] floats = new float[all.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) all[i];
        }
        int rows = s.length == 2 ? 0 : nchw ? 1 : 0;
        return decoder.masks(floats, channels, s[rows], s[rows + 1], preprocessing.input(), input);
    }

    @Override
    public void close() {
        session.close();
    }
}
