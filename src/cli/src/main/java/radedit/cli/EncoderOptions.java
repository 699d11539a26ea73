package radedit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import radedit.checkpoint.DemoModel;
import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.checkpoint.NamedModels;
import radedit.exec.BackendProvider;
import radedit.exec.Backends;
import radedit.pipeline.RunOptions;

/** Model and machine options of commands that only need the text and image encoder. */
class EncoderOptions {
    /** Values of --backend. */
    static final class BackendNames extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        BackendNames() {
            add(Backends.AUTO);
            Backends.providers().stream().map(BackendProvider::name).sorted().forEach(this::add);
        }
    }

    static final class BackendConverter implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            return new Choice<>(new BackendNames().toArray(String[]::new)).convert(value);
        }
    }

    @Option(names = "--model", paramLabel = "DIR|NAME", description = "model folder in the published layout, or the name of one downloaded by 'weights fetch' (default: the RADEDIT_MODEL variable, else the demo model)")
    private @Nullable Path model;

    @Option(names = "--text-encoder", paramLabel = "DIR", description = "take the text encoder from this folder")
    private @Nullable Path textEncoder;

    @Option(names = "--tokenizer", paramLabel = "DIR", description = "take the tokenizer from this folder")
    private @Nullable Path tokenizer;

    @Option(names = "--image-encoder", paramLabel = "DIR", description = "take the image encoder from this folder")
    private @Nullable Path imageEncoder;

    @Option(names = "--backend", paramLabel = "NAME", defaultValue = "auto", converter = BackendConverter.class, completionCandidates = BackendNames.class, description = "auto, cpu, tornado or reference (default: ${DEFAULT-VALUE})")
    private String backend;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "0", description = "threads, at most 1024 (default: 0, one per processor)")
    private int threads;

    String backend() {
        return backend;
    }

    int threads() {
        return threads;
    }

    /** Folders of the single parts that are given. */
    Map<Part, Path> parts() {
        Map<Part, Path> single = new LinkedHashMap<>();
        put(single, Part.TEXT_ENCODER, textEncoder);
        put(single, Part.TOKENIZER, tokenizer);
        put(single, Part.IMAGE_ENCODER, imageEncoder);
        return single;
    }

    /** Adds a part's folder if it is given. */
    static void put(Map<Part, Path> parts, Part part, @Nullable Path folder) {
        if (folder != null) {
            parts.put(part, folder);
        }
    }

    /** Whether an option, rather than the environment, names a model or a part of it. */
    boolean isGiven() {
        return model != null || !parts().isEmpty();
    }

    /** The given model folder or name; null if not given. */
    private @Nullable Path given() {
        String variable = System.getenv("RADEDIT_MODEL");
        return model != null || variable == null || variable.isEmpty() ? model : Path.of(variable);
    }

    /** The default of --model, for {@link CommandRecord}; empty if all parts are given one by one. */
    Map<String, String> effective() {
        Path given = given();
        if (given != null) {
            return Map.of("--model", given.toString());
        }
        return parts().isEmpty() ? Map.of("--model", DemoModel.NAME) : Map.of();
    }

    /** The model's parts. */
    ModelFolder folder() {
        Path root = given();
        if (root != null) {
            root = NamedModels.resolve(root, System.getenv());
        }
        ModelFolder m = ModelFolder.of(root);
        boolean any = root != null;
        for (Map.Entry<Part, Path> e : parts().entrySet()) {
            m = m.with(e.getKey(), e.getValue());
            any = true;
        }
        return any ? m : ModelFolder.of(DemoModel.folder());
    }

    /**
     * The options of a run.
     *
     * @param batch
     *            latents per run of the UNet; 0 chooses by memory
     */
    RunOptions options(int batch) {
        return new RunOptions(backend, threads, batch);
    }
}
