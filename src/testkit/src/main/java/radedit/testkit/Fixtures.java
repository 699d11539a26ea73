package radedit.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

import radedit.files.OutputFolder;
import radedit.model.CxrBert;
import radedit.model.CxrBertConfig;
import radedit.safetensors.Safetensors;
import radedit.synthetic.Synthesize;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** What many tests need: synthetic models, expected results, random tensors. */
public final class Fixtures {
    private static final Path MODELS = Path.of("target", "test-models");

    private Fixtures() {
    }

    /** Fills a folder. */
    private interface Maker {
        void make(Path folder) throws IOException;
    }

    /** A folder that is made once, by whichever of several test processes needs it first. */
    private static synchronized Path once(String name, Maker maker) {
        Path folder = MODELS.resolve(name);
        try {
            if (Files.exists(folder)) {
                return folder;
            }
            Files.createDirectories(MODELS);
            try (OutputFolder making = OutputFolder.begin(folder)) {
                maker.make(making.path());
                making.commit();
            } catch (FileSystemException e) {
                if (!Files.exists(folder)) { // else another process was faster
                    throw e;
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A model folder with the synthetic weights of seed 1, as the expected results were made with. */
    public static Path model(Synthesize.Size size) {
        return once(size.name().toLowerCase(Locale.ROOT), folder -> Synthesize.write(folder, size, 1, DType.F32,
                (d, t) -> {}));
    }

    /** A text encoder like the tiny model's that embeds into the space of the image encoder, whose size is fixed. */
    public static Path jointTextEncoder() {
        Path tiny = model(Synthesize.Size.TINY);
        return once("joint_text_encoder", folder -> {
            String config = Files.readString(tiny.resolve("text_encoder/config.json"));
            Files.writeString(folder.resolve("config.json"),
                    config.replace("\"projection_size\" : 16", "\"projection_size\" : 128"));
            SyntheticPart.write(folder.resolve("model.safetensors"), CxrBert.weights(CxrBertConfig.read(folder)), 1);
        });
    }

    /** All tensors of a file. */
    public static Map<String, Tensor> tensors(Path file) {
        try (Safetensors s = Safetensors.open(file)) {
            Map<String, Tensor> all = new LinkedHashMap<>();
            for (String name : s.tensors().keySet()) {
                all.put(name, s.read(name));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tensors whose name begins with a prefix, without it. */
    public static Map<String, Tensor> withPrefix(Map<String, Tensor> all, String prefix) {
        Map<String, Tensor> some = new LinkedHashMap<>();
        all.forEach((name, t) -> {
            if (name.startsWith(prefix)) {
                some.put(name.substring(prefix.length()), t);
            }
        });
        return some;
    }

    /** Standard normal values, exact in float32. */
    public static Tensor random(Shape shape, long seed) {
        Random r = new Random(seed);
        Tensor t = Tensor.zeros(shape);
        for (int i = 0; i < t.data().length; i++) {
            t.data()[i] = (float) r.nextGaussian();
        }
        return t;
    }
}
