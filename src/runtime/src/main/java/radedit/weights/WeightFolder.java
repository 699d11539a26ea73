package radedit.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import radedit.files.Messages;
import radedit.safetensors.Placeholder;

/**
 * Finds the weights in a component's folder, by the file names under which diffusers and transformers publish them.
 */
final class WeightFolder {
    /** In order of preference. */
    private static final List<String> FILES = List.of("diffusion_pytorch_model.safetensors", "model.safetensors",
            "diffusion_pytorch_model.fp16.safetensors", "model.fp16.safetensors");
    private static final List<String> INDEXES = List.of("diffusion_pytorch_model.safetensors.index.json",
            "model.safetensors.index.json", "diffusion_pytorch_model.safetensors.index.fp16.json",
            "model.safetensors.index.fp16.json", "diffusion_pytorch_model.fp16.safetensors.index.json",
            "model.fp16.safetensors.index.json");
    private static final List<String> PICKLES = List.of("diffusion_pytorch_model.bin", "pytorch_model.bin",
            "diffusion_pytorch_model.fp16.bin");
    private static final Pattern VARIANT = Pattern
            .compile("(?:diffusion_pytorch_model|model)\\.[A-Za-z0-9_-]+\\.safetensors(?:\\.index\\.json)?");
    private static final Pattern OTHERS = Pattern.compile(".*\\.(?:safetensors|bin|pt|pth|ckpt)");
    private static final int MAX_NAMED = 6;

    private WeightFolder() {
    }

    /**
     * Finds the weights file or the index of shards: a usual name, else the only file of another variant (such as
     * diffusion_pytorch_model.non_ema.safetensors); empty if there is none.
     *
     * @throws WeightsException
     *             if there are several variants and none has a usual name
     */
    static Optional<Path> locate(Path folder) {
        Optional<Path> usual = Stream.concat(FILES.stream(), INDEXES.stream()).map(folder::resolve)
                .filter(Files::exists)
                .findFirst();
        if (usual.isPresent() || !Files.isDirectory(folder)) {
            return usual;
        }
        List<Path> variants = list(folder, VARIANT);
        if (variants.size() > 1) {
            throw new WeightsException(folder + ": holds several variants (" + names(variants) + ") and none called "
                    + FILES.get(0) + " or " + FILES.get(1) + "; rename one of them to that");
        }
        return variants.stream().findFirst();
    }

    /** An exception for a folder without weights, with the way out for what it holds instead. */
    static WeightsException noWeights(Path folder) {
        for (String name : PICKLES) {
            if (Files.exists(folder.resolve(name))) {
                try {
                    Placeholder.refuse(folder.resolve(name));
                } catch (IOException e) {
                    return new WeightsException(Messages.of(e), e);
                }
                return new WeightsException(
                        folder.resolve(name) + ": a pickle, which cannot be used directly; convert it with "
                                + "'radedit weights convert " + folder + " " + folder + "'");
            }
        }
        List<Path> others = Files.isDirectory(folder) ? list(folder, OTHERS) : List.of();
        return new WeightsException(folder + ": no weights found (looked for " + String.join(", ", FILES.subList(0, 2))
                + " and their sharded and fp16 forms)" + (others.isEmpty()
                        ? ""
                        : "\nit has " + names(others) + "; 'radedit weights convert FILE " + folder
                                + "' writes one under that name"));
    }

    private static List<Path> list(Path folder, Pattern names) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(f -> names.matcher(f.getFileName().toString()).matches()).sorted().toList();
        } catch (IOException e) {
            throw new WeightsException(Messages.of(e), e);
        }
    }

    private static String names(List<Path> files) {
        return files.stream().limit(MAX_NAMED).map(f -> Messages.printable(f.getFileName().toString()))
                .collect(Collectors.joining(", ")) + (files.size() > MAX_NAMED ? ", ..." : "");
    }
}
