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
import radedit.synthetic.SyntheticModel;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** Synthetic models, expected results and random tensors for tests. */
public final class Fixtures {
    private static final Path MODELS = Path.of("target", "test-models");

    private Fixtures() {
    }

    /** Fills a folder. */
    private interface Maker {
        void make(Path folder) throws IOException;
    }

    /** A folder that is created once, by the first of several test processes that needs it. */
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
                if (!Files.exists(folder)) { // otherwise another process was faster
                    throw e;
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * {@return a model folder with the synthetic weights of seed 1, with which the expected results were computed}
     *
     * @param size
     *            of the networks
     */
    public static Path model(SyntheticModel.Size size) {
        return once(size.name().toLowerCase(Locale.ROOT), folder -> SyntheticModel.write(folder, size, 1, DType.F32,
                (d, t) -> {}));
    }

    /** {@return a text encoder like the tiny model's whose embeddings have the fixed size of the image encoder's} */
    public static Path jointTextEncoder() {
        Path tiny = model(SyntheticModel.Size.TINY);
        return once("joint_text_encoder", folder -> {
            String config = Files.readString(tiny.resolve("text_encoder/config.json"));
            Files.writeString(folder.resolve("config.json"),
                    config.replace("\"projection_size\" : 16", "\"projection_size\" : 128"));
            SyntheticPart.write(folder.resolve("model.safetensors"), CxrBert.weights(CxrBertConfig.read(folder)), 1);
        });
    }

    /**
     * {@return all tensors of a file}
     *
     * @param file
     *            safetensors
     */
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

    /**
     * {@return the tensors whose name begins with a prefix, by their name without it}
     *
     * @param all
     *            tensors by name
     * @param prefix
     *            the prefix
     */
    public static Map<String, Tensor> withPrefix(Map<String, Tensor> all, String prefix) {
        Map<String, Tensor> some = new LinkedHashMap<>();
        all.forEach((name, t) -> {
            if (name.startsWith(prefix)) {
                some.put(name.substring(prefix.length()), t);
            }
        });
        return some;
    }

    /**
     * {@return standard normal values, exact in float32}
     *
     * @param shape
     *            the tensor's shape
     * @param seed
     *            the same seed gives the same values
     */
    public static Tensor random(Shape shape, long seed) {
        Random r = new Random(seed);
        Tensor t = Tensor.zeros(shape);
        for (int i = 0; i < t.data().length; i++) {
            t.data()[i] = (float) r.nextGaussian();
        }
        return t;
    }
}
