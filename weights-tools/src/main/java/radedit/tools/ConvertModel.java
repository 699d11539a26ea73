package radedit.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import radedit.files.Messages;
import radedit.files.OutputFolder;
import radedit.synthetic.SyntheticModel;
import radedit.message.Message;
import radedit.message.Setting;
import radedit.message.SettingException;
import radedit.weights.WeightStore;
import radedit.weights.WeightsException;

/**
 * Converts a whole model folder: each part's weights become safetensors, everything else is copied. The result appears
 * completely or not at all. If it goes into the same folder, the new weights appear next to the old ones, each file
 * completely or not at all.
 */
final class ConvertModel {
    private static final int DEEPEST = 6;
    private static final Set<String> PASSED_OVER = Set.of("__pycache__");
    private static final Pattern INDEX = Pattern.compile(".*\\.index(\\.[A-Za-z0-9_-]+)?\\.json");
    private static final int MOST_NAMED = 6;

    private final Path in;
    private final Convert.Options options;
    private final SyntheticModel.Progress progress;
    private final List<Path> files = new ArrayList<>();
    private final List<String> changes = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final List<Path> copied = new ArrayList<>();
    private int tensors;
    private long bytes;

    private ConvertModel(Path in, Convert.Options options, SyntheticModel.Progress progress) {
        this.in = in;
        this.options = options;
        this.progress = progress;
    }

    /** Whether a folder contains the parts of a model. */
    static boolean isModel(Path folder) {
        return !PartCheck.partsIn(folder).isEmpty();
    }

    /**
     * Converts the folder.
     *
     * @param out
     *            a folder that is empty or does not exist, or the same folder
     * @throws WeightsException
     *            if a part's weights are damaged, unsafe or ambiguous
     * @throws IllegalArgumentException
     *            if the result cannot be written there
     */
    static Convert.Report run(Path in, Path out, Convert.Options options, SyntheticModel.Progress progress)
            throws IOException {
        if (options.key() != null) {
            throw new SettingException(Message.of(Setting.KEY, " works on one file, not on a model folder"));
        }
        ConvertModel c = new ConvertModel(in, options, progress);
        if (Files.exists(out) && Files.isSameFile(in, out)) {
            return c.inPlace();
        }
        requireRoom(out);
        List<Path> folders = c.folders();
        try (OutputFolder folder = OutputFolder.begin(out)) {
            for (Path f : folders) {
                c.convert(f, folder.path().resolve(in.relativize(f).toString()));
            }
            folder.commit();
            return c.report(folder.path(), out);
        }
    }

    private static void requireRoom(Path out) throws IOException {
        if (out.toString().endsWith(Shards.SUFFIX) || Files.isRegularFile(out)) {
            throw new IllegalArgumentException(out + ": IN is a model folder, so OUT must be a folder");
        }
        if (Files.isDirectory(out)) {
            try (Stream<Path> there = Files.list(out)) {
                List<String> names = there.map(f -> Messages.printable(f.getFileName().toString())).sorted().toList();
                if (!names.isEmpty()) {
                    throw new IllegalArgumentException(out + ": exists already and holds "
                            + names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                            + (names.size() > MOST_NAMED ? ", ..." : "") + "; remove it or choose another OUT");
                }
            }
        }
    }

    /** All folders of the model, the outermost first; hidden ones belong to other programs. */
    private List<Path> folders() throws IOException {
        List<Path> all = new ArrayList<>(List.of(in));
        for (int i = 0; i < all.size(); i++) {
            try (Stream<Path> inside = Files.list(all.get(i))) {
                all.addAll(inside.filter(f -> Files.isDirectory(f) && !isPassedOver(f)).sorted().toList());
            }
            if (all.get(i).getNameCount() - in.getNameCount() > DEEPEST) {
                throw new WeightsException(all.get(i) + ": is nested too deeply for a model folder");
            }
        }
        return all;
    }

    private boolean isPassedOver(Path f) {
        String name = f.getFileName().toString();
        boolean passed = name.startsWith(".") || PASSED_OVER.contains(name);
        if (passed) {
            leftOut.add(in.relativize(f).toString());
        }
        return passed;
    }

    private void convert(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        List<Path> weights = Checkpoint.weightFiles(from);
        Path main = weights.isEmpty() || from.equals(in) ? null : Checkpoint.locate(from);
        boolean copy = main != null && isConverted(main);
        if (main != null && !copy) {
            add(from, Convert.run(main, to, options, progress));
        }
        List<Path> read = main == null ? List.of() : sources(main);
        try (Stream<Path> all = Files.list(from)) {
            for (Path f : all.sorted().toList()) {
                boolean index = INDEX.matcher(f.getFileName().toString()).matches();
                boolean safetensors = f.toString().endsWith(Shards.SUFFIX);
                if (Files.isDirectory(f) || read.contains(f) && !copy) {
                    continue;
                }
                boolean wanted = copy
                        ? safetensors || f.equals(main) || !index && !weights.contains(f)
                        : !index && !weights.contains(f);
                if (!Files.isRegularFile(f)) {
                    leftOut.add(in.relativize(f) + " (is not a file)");
                } else if (!wanted) {
                    leftOut.add(in.relativize(f) + (main == null
                            ? " (belongs to no part)"
                            : " (" + main.getFileName() + " is what is read)"));
                } else if (!isPassedOver(f)) {
                    Files.copy(f, to.resolve(f.getFileName().toString()));
                    copied.add(to.resolve(f.getFileName().toString()));
                }
            }
        }
    }

    /** Whether the weights already have the requested form. */
    private boolean isConverted(Path main) {
        if (options.dtype() != null || options.shardSize() > 0) {
            return false;
        }
        try (Checkpoint c = Checkpoint.open(main, null)) {
            return c.sources().stream().allMatch(s -> s.format() == Checkpoint.Format.SAFETENSORS)
                    && (!options.rename() || KeyNames.modern(main, c.tensors()).changes().isEmpty());
        }
    }

    private static List<Path> sources(Path main) {
        try (Checkpoint c = Checkpoint.open(main, null)) {
            return c.sources().stream().map(Checkpoint.Source::file).toList();
        }
    }

    private void add(Path part, Convert.Report r) {
        String prefix = in.relativize(part) + ": ";
        files.addAll(r.files());
        r.changes().forEach(c -> changes.add(prefix + c));
        r.leftOut().forEach(l -> leftOut.add(prefix + l));
        tensors += r.tensors();
        bytes += r.bytes();
    }

    private Convert.Report inPlace() throws IOException {
        for (Path f : folders()) {
            if (f.equals(in) || Checkpoint.weightFiles(f).isEmpty()) {
                continue;
            }
            Path main = Checkpoint.locate(f);
            if (isConverted(main)) {
                leftOut.add(in.relativize(main) + " (exists already)");
            } else if (WeightStore.locate(f).isPresent()) {
                throw new IllegalArgumentException(main + ": would be written over itself; choose another OUT");
            } else {
                add(f, Convert.run(main, f, options, progress));
            }
        }
        return report(in, in);
    }

    /** The report, with paths in the final folder. */
    private Convert.Report report(Path made, Path out) {
        return new Convert.Report(moved(files, made, out), tensors, bytes, List.copyOf(changes), List.copyOf(leftOut),
                moved(copied, made, out), null);
    }

    private static List<Path> moved(List<Path> files, Path from, Path to) {
        return files.stream().map(f -> to.resolve(from.relativize(f).toString())).toList();
    }
}
