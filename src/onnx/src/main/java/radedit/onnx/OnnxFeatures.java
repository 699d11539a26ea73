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
import radedit.undertest.ImageFeatures;
import radedit.undertest.InputSpec;
import radedit.undertest.ModelDescription;
import radedit.undertest.ModelException;
import radedit.undertest.ModelException.Reason;
import radedit.undertest.ModelOptions;

/** A model in an ONNX file that returns a vector a film, such as RAD-DINO's pooler_output. */
public final class OnnxFeatures implements ImageFeatures {
    private final OnnxSession session;
    private final String output;

    private OnnxFeatures(OnnxSession session, String output) {
        this.session = session;
        this.output = output;
    }

    /**
     * Opens a model.
     *
     * @param file
     *            the ONNX file; files that it refers to have to be in its folder
     * @param input
     *            what it takes
     * @param output
     *            the output tensor's name; empty for the only one with two axes
     * @param options
     *            how it runs
     * @return the model
     * @throws ModelException
     *             if the file is invalid, contradicts the input, or ONNX Runtime does not run on this machine
     * @throws IOException
     *             if the file cannot be read
     */
    public static OnnxFeatures open(Path file, InputSpec input, String output, ModelOptions options)
            throws IOException {
        OnnxSession session = OnnxSession.open(file, input, options);
        try {
            return new OnnxFeatures(session,
                    OutputChoice.of(file, session.outputs(), output.isEmpty() ? null : output, true, Set.of(2)));
        } catch (ModelException e) {
            session.close();
            throw e;
        }
    }

    @Override
    public ModelDescription description() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("input", session.input().toMap());
        settings.put("output_tensor", output);
        return session.description(settings);
    }

    @Override
    public float[][] features(List<GreyFilm> films) throws IOException {
        List<float[]> all = new ArrayList<>();
        for (int from = 0; from < films.size(); from += session.batch()) {
            List<GreyFilm> part = films.subList(from, Math.min(films.size(), from + session.batch()));
            OnnxOutput values = session.run(part, output);
            if (values.shape().length == 0 || values.each() != values.shape()[0] || values.each() == 0) {
                throw new ModelException(Reason.REQUEST, session.file() + ": output '" + output + "' has the shape "
                        + Arrays.toString(values.shape()) + " a film, one vector is expected; name another output");
            }
            for (int i = 0; i < part.size(); i++) {
                all.add(vector(values.film(i)));
            }
        }
        return all.toArray(float[][]::new);
    }

    private float[] vector(double[] values) throws ModelException {
        float[] out = new float[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) values[i];
            if (!Float.isFinite(out[i])) {
                throw new ModelException(Reason.RUN, session.file() + ": a feature of a film is not a finite number");
            }
        }
        return out;
    }

    @Override
    public void close() {
        session.close();
    }
}
