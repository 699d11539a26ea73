package radedit.tools.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The weight files of one network in a repository. Repositories often have the same weights several times, for several
 * programs.
 *
 * @param files
 *            one file, or an index and its shards
 * @param pickle
 *            whether they are pickles of PyTorch, not safetensors
 */
record WeightFiles(List<String> files, boolean pickle) {
    /**
     * Chooses the weights in a folder.
     *
     * @param names
     *            all files of the repository
     * @param folder
     *            the folder with a trailing slash; empty for the root
     * @param stem
     *            name of safetensors files of this kind of network, without their ending
     */
    static Optional<WeightFiles> among(List<String> names, String folder, String stem) {
        List<String> here = names.stream().filter(n -> n.startsWith(folder) && n.indexOf('/', folder.length()) < 0)
                .filter(n -> !imageEncoder(n)).toList();
        String whole = folder + stem + ".safetensors";
        String half = folder + stem + ".fp16.safetensors";
        String index = whole + ".index.json";
        if (here.contains(whole)) {
            return one(whole, false);
        }
        List<String> shards = here.stream()
                .filter(n -> n.startsWith(folder + stem + "-") && n.matches(".*-[0-9]+-of-[0-9]+\\.safetensors"))
                .toList();
        if (here.contains(index) && !shards.isEmpty()) {
            List<String> all = new ArrayList<>(List.of(index));
            all.addAll(shards);
            return Optional.of(new WeightFiles(all, false));
        }
        if (here.contains(half)) {
            return one(half, false);
        }
        return only(here, n -> n.endsWith(".safetensors")).map(n -> new WeightFiles(List.of(n), false))
                .or(() -> here.stream()
                        .filter(n -> n.equals(folder + "pytorch_model.bin") || n.equals(folder + stem + ".bin"))
                        .findFirst().or(() -> only(here, WeightFiles::pickle))
                        .map(n -> new WeightFiles(List.of(n), true)));
    }

    /** The weights of BioViL-T's image encoder, which are in the same folder as those of the text encoder. */
    static Optional<WeightFiles> imageEncoder(List<String> names) {
        List<String> all = names.stream().filter(WeightFiles::imageEncoder).toList();
        return all.stream().filter(n -> n.endsWith(".safetensors")).findFirst()
                .map(n -> new WeightFiles(List.of(n), false))
                .or(() -> all.stream().findFirst().map(n -> new WeightFiles(List.of(n), true)));
    }

    private static boolean imageEncoder(String name) {
        return name.toLowerCase(Locale.ROOT).contains("image") && (name.endsWith(".safetensors") || pickle(name));
    }

    private static boolean pickle(String name) {
        return name.endsWith(".bin") || name.endsWith(".pt") || name.endsWith(".pth") || name.endsWith(".ckpt");
    }

    private static Optional<WeightFiles> one(String file, boolean pickle) {
        return Optional.of(new WeightFiles(List.of(file), pickle));
    }

    /** The only name of a kind; empty if there are several, since none is preferred. */
    private static Optional<String> only(List<String> names, Predicate<String> kind) {
        List<String> some = names.stream().filter(kind).toList();
        return some.size() == 1 ? Optional.of(some.getFirst()) : Optional.empty();
    }
}
