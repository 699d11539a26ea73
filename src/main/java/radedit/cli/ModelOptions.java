package radedit.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import picocli.CommandLine.Option;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.RadEdit;
import radedit.weights.DemoModel;
import radedit.weights.ModelFolder;
import radedit.weights.ModelFolder.Part;
import radedit.weights.NamedModels;

/** Which model, on what. */
final class ModelOptions {
    @Option(names = "--model", paramLabel = "DIR|NAME", description = "model folder in the published layout, or the name of one brought by 'weights fetch' (default: the RADEDIT_MODEL variable, else demo, the small one inside)")
    private Path model;

    @Option(names = "--unet", paramLabel = "DIR", description = "take the UNet from this folder")
    private Path unet;

    @Option(names = "--vae", paramLabel = "DIR", description = "take the VAE from this folder")
    private Path vae;

    @Option(names = "--text-encoder", paramLabel = "DIR", description = "take the text encoder from this folder")
    private Path textEncoder;

    @Option(names = "--tokenizer", paramLabel = "DIR", description = "take the tokenizer from this folder")
    private Path tokenizer;

    @Option(names = "--scheduler", paramLabel = "DIR", description = "take the scheduler from this folder")
    private Path scheduler;

    @Option(names = "--image-encoder", paramLabel = "DIR", description = "take the image encoder from this folder")
    private Path imageEncoder;

    @Option(names = "--backend", paramLabel = "NAME", defaultValue = "auto", description = "auto, cpu, tornado or reference (default: ${DEFAULT-VALUE})")
    private String backend;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "0", description = "processor threads (default: one for each processor)")
    private int threads;

    @Option(names = "--fast-math", description = "tornado only: let the GPU's compiler reorder sums and use approximate functions; faster, not audited, written into the metadata")
    private boolean fastMath;

    @Option(names = "--vae-tile", paramLabel = "ROWS", description = "let the VAE work on so many rows of the picture at a time: less memory on the device, slower, no seams")
    private Integer vaeTile;

    /** The model folder or name that was given; null if none was. */
    private Path given() {
        String variable = System.getenv("RADEDIT_MODEL");
        return model != null || variable == null || variable.isEmpty() ? model : Path.of(variable);
    }

    /** What --model is where it was not given, for {@link CommandRecord}. */
    Map<String, String> effective() {
        boolean none = given() == null && Stream.of(unet, vae, textEncoder, tokenizer, scheduler, imageEncoder)
                .allMatch(Objects::isNull);
        Map<String, String> m = new HashMap<>();
        if (none || given() != null) {
            m.put("--model", none ? DemoModel.NAME : given().toString());
        }
        return m;
    }

    /** Where the parts are. */
    ModelFolder folder() {
        Path root = given();
        if (root != null) {
            root = NamedModels.resolve(root, System.getenv());
        }
        ModelFolder m = ModelFolder.of(root);
        Map<Part, Path> single = new LinkedHashMap<>();
        single.put(Part.UNET, unet);
        single.put(Part.VAE, vae);
        single.put(Part.TEXT_ENCODER, textEncoder);
        single.put(Part.TOKENIZER, tokenizer);
        single.put(Part.SCHEDULER, scheduler);
        single.put(Part.IMAGE_ENCODER, imageEncoder);
        boolean any = root != null;
        for (Map.Entry<Part, Path> e : single.entrySet()) {
            if (e.getValue() != null) {
                m = m.with(e.getKey(), e.getValue());
                any = true;
            }
        }
        return any ? m : ModelFolder.of(DemoModel.folder());
    }

    private int vaeTile() {
        if (vaeTile != null && vaeTile < 1) {
            throw new InvalidRequestException("--vae-tile must be at least 1, not " + vaeTile);
        }
        return vaeTile == null ? 0 : vaeTile;
    }

    RadEdit.Options options(int batch) {
        return new RadEdit.Options(backend, threads, batch, fastMath, vaeTile());
    }
}
