package radedit.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;
import radedit.checkpoint.ModelFolder.Part;
import radedit.files.Messages;
import radedit.safetensors.TensorData;
import radedit.tensor.DType;
import radedit.weights.WeightStore;
import radedit.weights.WeightsException;

/** Checks that a model's weights are complete, fit their configurations, and are finite. */
public final class Verify {
    /**
     * The result for one part.
     *
     * @param part
     *            its name in the published layout; null if unknown
     * @param folder
     *            its folder
     * @param files
     *            its weights, and pickles next to them
     * @param tensors
     *            number of tensors
     * @param parameters
     *            number of floating-point values
     * @param againstConfig
     *            whether names and shapes were compared with a configuration
     * @param faults
     *            what is wrong, in sentences; empty if nothing is
     * @param warnings
     *            harmless deviations from the published weights, in sentences
     */
    public record Report(@Nullable String part, Path folder, List<WeightFile> files, int tensors, long parameters,
            boolean againstConfig, List<String> faults, List<String> warnings) {}

    /** Parts that generation needs. */
    private static final Set<Part> NEEDED = Set.of(Part.UNET, Part.VAE, Part.TEXT_ENCODER);
    private static final int BLOCK = 1 << 14;

    private final Path folder;
    private final Set<String> faults = new LinkedHashSet<>();
    private final Set<String> unused = new HashSet<>();
    private final List<String> warnings = new ArrayList<>();

    private Verify(Path folder) {
        this.folder = folder;
    }

    /**
     * Checks a part's folder or a whole model folder.
     *
     * @param folder
     *            the folder
     * @return one report per part
     * @throws WeightsException
     *            if the folder does not exist
     */
    public static List<Report> folder(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new WeightsException(folder + (Files.exists(folder)
                    ? ": is a file; a part's folder or a model folder is expected"
                    : ": no such folder"));
        }
        List<Part> parts = PartCheck.partsIn(folder);
        if (parts.isEmpty()) {
            return List.of(new Verify(folder).lone());
        }
        Set<Part> all = new TreeSet<>(NEEDED);
        all.addAll(parts);
        List<Report> reports = new ArrayList<>();
        for (Part p : all) {
            reports.add(new Verify(folder.resolve(p.folder())).part(Optional.of(p)));
        }
        return reports;
    }

    private Report lone() {
        Optional<Part> part = Optional.empty();
        try {
            part = PartCheck.partOf(folder);
            if (part.isEmpty()) {
                faults.add(folder + ": has no config.json that names a known network");
            }
        } catch (IOException e) {
            faults.add(Messages.of(e).toString());
        }
        return part(part);
    }

    private Report part(Optional<Part> part) {
        Optional<PartCheck> check = part.flatMap(PartCheck::of);
        String name = part.map(Part::folder).orElse(null);
        if (!Files.isDirectory(folder)) {
            faults.add(folder + ": missing");
            return new Report(name, folder, List.of(), 0, 0, false, List.copyOf(faults), List.of());
        }
        List<WeightFile> files = List.of();
        int tensors = 0;
        long parameters = 0;
        try (WeightStore store = WeightStore.open(folder)) {
            files = hashes(store.files());
            tensors = store.names().size();
            check.ifPresent(c -> compare(store, c));
            parameters = content(store);
        } catch (WeightsException e) {
            faults.add(e.getMessage());
            files = files.isEmpty() ? hashes(List.of()) : files;
        }
        return new Report(name, folder, files, tensors, parameters, check.isPresent(), List.copyOf(faults),
                List.copyOf(warnings));
    }

    private List<WeightFile> hashes(List<Path> weights) {
        try {
            Set<Path> all = new LinkedHashSet<>(weights);
            Checkpoint.weightFiles(folder).stream().filter(f -> f.toString().endsWith(".pt")).forEach(all::add);
            List<WeightFile> files = new ArrayList<>();
            for (Path f : all) {
                files.add(WeightFile.of(f));
            }
            return files;
        } catch (IOException e) {
            throw new WeightsException(Messages.of(e), e);
        }
    }

    /** Compares names and shapes with the configuration. */
    private void compare(WeightStore store, PartCheck check) {
        PartCheck.Demand demand = check.demand().apply(folder);
        demand.shapes().forEach((name, shape) -> {
            if (store.names().contains(name) || demand.required().test(name)) {
                try {
                    store.get(name, shape);
                } catch (WeightsException e) {
                    faults.add(e.getMessage());
                }
            }
        });
        warnings.addAll(store.legacyWarnings(demand.shapes()));
        for (String name : new TreeSet<>(store.names())) {
            if (!demand.shapes().containsKey(name) && !demand.known().test(name)) {
                String tensor = folder + ": tensor '" + Messages.printable(name) + "' ";
                if (demand.unused().test(name)) {
                    unused.add(name);
                    warnings.add(tensor + "is not used, because the network does not have it");
                } else {
                    faults.add(tensor + "is unknown to the configuration");
                }
            }
        }
    }

    /** Checks every value that is used; returns the number of floating-point values. */
    private long content(WeightStore store) {
        long parameters = 0;
        for (String name : new TreeSet<>(store.names())) {
            if (unused.contains(name)) {
                continue;
            }
            try {
                TensorData t = store.get(name);
                if (t.dtype().isFloat()) {
                    parameters += t.shape().elements();
                    long wrong = notFinite(t);
                    if (wrong > 0) {
                        faults.add(folder + ": tensor '" + Messages.printable(name) + "' holds " + wrong + " of "
                                + t.shape().elements() + " values that are NaN or infinite");
                    }
                }
            } catch (WeightsException e) {
                faults.add(e.getMessage());
            }
        }
        return parameters;
    }

    private static long notFinite(TensorData t) {
        long wrong = 0;
        long n = t.shape().elements();
        if (t.dtype() == DType.F64) { // large values would overflow in float32
            for (long i = 0; i < n; i++) {
                wrong += Double.isFinite(t.get(i)) ? 0 : 1;
            }
            return wrong;
        }
        float[] block = new float[BLOCK];
        for (long at = 0; at < n; at += BLOCK) {
            int count = (int) Math.min(BLOCK, n - at);
            t.copyTo(at, count, block, 0);
            for (int i = 0; i < count; i++) {
                wrong += Float.isFinite(block[i]) ? 0 : 1;
            }
        }
        return wrong;
    }
}
