package radedit.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;

import org.jspecify.annotations.Nullable;

import radedit.digest.Digests;
import radedit.undertest.GreyFilm;
import radedit.undertest.InputSpec;
import radedit.undertest.ModelDescription;
import radedit.undertest.ModelException;
import radedit.undertest.ModelException.Reason;
import radedit.undertest.ModelOptions;

/** A model in ONNX Runtime, from films to the values of one output. May be used by several threads at a time. */
final class OnnxSession implements AutoCloseable {
    private static final long LARGEST_OUTPUT = 1L << 28;

    private final Path file;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final OnnxInput input;
    private final ModelOptions options;
    private final String sha256;
    private final ScheduledExecutorService watch = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("onnx-time-limit").factory());

    private OnnxSession(Path file, OrtEnvironment environment, OrtSession session, OnnxInput input,
            ModelOptions options, String sha256) {
        this.file = file;
        this.environment = environment;
        this.session = session;
        this.input = input;
        this.options = options;
        this.sha256 = sha256;
    }

    /**
     * Loads a model.
     *
     * @throws ModelException
     *             if the file is invalid, needs other files than those of its folder, or does not take what the
     *             specification says
     */
    static OnnxSession open(Path file, InputSpec spec, ModelOptions options) throws IOException {
        OrtEnvironment environment = NativeRuntime.environment();
        List<Path> files = new ArrayList<>(List.of(file));
        files.addAll(ExternalData.of(file));
        String sha256 = Digests.hex(files);
        OrtSession session = null;
        try (OrtSession.SessionOptions o = new OrtSession.SessionOptions()) {
            o.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            o.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
            o.setIntraOpNumThreads(options.threads());
            o.setInterOpNumThreads(1);
            o.setDeterministicCompute(true);
            // Idle threads would take the processors from the networks that edit films.
            o.addConfigEntry("session.intra_op.allow_spinning", "0");
            session = environment.createSession(file.toString(), o);
            OnnxInput input = OnnxInput.of(file, environment, session.getInputInfo(), spec, options);
            return new OnnxSession(file, environment, session, input, options, sha256);
        } catch (OrtException e) {
            throw new ModelException(Reason.MODEL, file + ": ONNX Runtime does not load it: " + line(e), e);
        } catch (ModelException e) {
            close(session);
            throw e;
        }
    }

    private static void close(@Nullable OrtSession session) {
        try {
            if (session != null) {
                session.close();
            }
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first line of a message, without error codes, the file's path, and signatures and paths of ONNX Runtime's sources. */
    static String line(OrtException e) {
        String text = String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                .replaceFirst("^Error code - \\w+ - message: ", "").replaceFirst("^Load model from .*? failed:\\s*", "")
                .replaceAll("/onnxruntime_src\\S*\\s*", "")
                .replaceAll("(void |bool )?onnxruntime::[\\w:]+\\([^)]*\\)[^)]*?\\)? ", "")
                .replaceAll("\\p{Cntrl}", "?").strip();
        return text.length() > 240 ? text.substring(0, 237) + "..." : text;
    }

    Path file() {
        return file;
    }

    /** What the model takes, with its size. */
    InputSpec input() {
        return input.spec();
    }

    /** The most films in a batch. */
    int batch() {
        return input.batch();
    }

    Map<String, NodeInfo> outputs() throws ModelException {
        try {
            return session.getOutputInfo();
        } catch (OrtException e) {
            throw new ModelException(Reason.MODEL, file + ": " + line(e), e);
        }
    }

    Map<String, String> metadata() throws ModelException {
        try {
            return session.getMetadata().getCustomMetadata();
        } catch (OrtException e) {
            throw new ModelException(Reason.MODEL, file + ": " + line(e), e);
        }
    }

    ModelDescription description(Map<String, Object> settings) {
        Map<String, Object> all = new LinkedHashMap<>(settings);
        all.put("threads", options.threads());
        all.put("batch", batch());
        return new ModelDescription(String.valueOf(file.getFileName()), sha256,
                "ONNX Runtime " + environment.getVersion() + ", CPU", all);
    }

    /**
     * Evaluates up to {@link #batch} films.
     *
     * @throws ModelException
     *             if the model fails, takes too long, or returns something else than a tensor of numbers
     */
    OnnxOutput run(List<GreyFilm> films, String output) throws IOException {
        try (OnnxTensor tensor = input.tensor(films); OrtSession.RunOptions run = new OrtSession.RunOptions()) {
            run.setLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            try (TimeLimit limit = new TimeLimit(run, options.timeout(), watch)) {
                return run(tensor, run, limit, films.size(), output);
            }
        } catch (OrtException e) {
            throw new ModelException(Reason.RUN, file + ": the model failed: " + line(e), e);
        }
    }

    private OnnxOutput run(OnnxTensor tensor, OrtSession.RunOptions run, TimeLimit limit, int films, String output)
            throws IOException, OrtException {
        try (OrtSession.Result result = session.run(Map.of(input.name(), tensor), Set.of(output), run)) {
            OnnxValue value = result.get(0);
            if (value instanceof OnnxSequence s && ClassMaps.isMeant(outputs().get(output))) {
                return ClassMaps.of(file, output, s, films, input.padded(films));
            }
            if (!(value instanceof OnnxTensor t)) {
                throw new ModelException(Reason.REQUEST, file + ": output '" + output + "' is a " + value.getType()
                        + "; a tensor of numbers is expected, or maps from classes to numbers as of scikit-learn");
            }
            if (t.getInfo().getNumElements() > LARGEST_OUTPUT) {
                throw new ModelException(Reason.RUN, file + ": output '" + output + "' has "
                        + t.getInfo().getNumElements() + " values");
            }
            return OnnxOutput.of(file, output, t, films, input.padded(films));
        } catch (OrtException e) {
            if (limit.isExceeded()) {
                throw new ModelException(Reason.RUN, file + ": takes longer than "
                        + options.timeout().toMillis() / 1000.0 + " s for a batch of " + films, e);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
        close(session);
    }
}
