package radedit.stress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.digest.Digests;
import radedit.files.OutputFile;

/** Joins the folders of a run's parts, made on machines that share nothing, into one that equals an undivided run's. */
public final class StressMerge {
    private final RunFolder to;
    private final Consumer<String> warning;

    private StressMerge(RunFolder to, Consumer<String> warning) {
        this.to = to;
        this.warning = warning;
    }

    /**
     * Copies finished cases into one folder and writes its results.csv. Parts are left as they are.
     *
     * @param parts
     *            folders of runs begun with the same cases, model and program
     * @param output
     *            a new folder, or one that parts were merged into before
     * @param warning
     *            receives what is damaged in a part
     * @return the number of cases, and what became of them
     * @throws RunException
     *             if a part is no run, or of another run
     * @throws IOException
     *             if a file cannot be read or written
     */
    public static Summary merge(List<Path> parts, Path output, Consumer<String> warning) throws IOException {
        byte[] settings = null;
        for (Path part : parts) {
            RunFolder f = new RunFolder(part);
            if (!f.isRun()) {
                throw new RunException(part + ": holds no run");
            }
            byte[] own = Files.readAllBytes(f.file(RunFolder.SETTINGS));
            if (settings != null && !Arrays.equals(settings, own)) {
                throw new RunException(part + ": is of another run than " + parts.getFirst()
                        + ", or was made with another model, backend or program; their settings.json differ");
            }
            settings = own;
        }
        StressMerge merge = new StressMerge(new RunFolder(output), warning);
        return merge.run(parts, new RunFolder(parts.getFirst()));
    }

    private Summary run(List<Path> parts, RunFolder first) throws IOException {
        to.make();
        if (to.isRun() && Files.mismatch(to.file(RunFolder.SETTINGS), first.file(RunFolder.SETTINGS)) >= 0) {
            throw new RunException(to.root() + ": holds another run; choose a new folder");
        }
        copy(first, RunFolder.CASES, null);
        copy(first, RunFolder.SETTINGS, null);
        List<StressCase> cases = Plan.read(to.file(RunFolder.CASES));
        List<String> own = RunSettings.ownColumns(to);
        try (CaseLocks locks = new CaseLocks(to.lock());
                Journal journal = new Journal(to.file(RunFolder.JOURNAL), warning)) {
            journal.refresh();
            for (Path part : parts) {
                try (Journal theirs = Journal.readOnly(new RunFolder(part).file(RunFolder.JOURNAL), warning)) {
                    theirs.refresh();
                    for (StressCase c : cases) {
                        JsonNode e = theirs.entry(c.id());
                        if (e != null && journal.entry(c.id()) == null && copyCase(new RunFolder(part), c, e)) {
                            Map<String, Object> entry = new LinkedHashMap<>();
                            e.properties().forEach(p -> entry.put(p.getKey(), p.getValue()));
                            locks.alone(() -> journal.append(entry));
                        }
                    }
                }
            }
            Set<Integer> all = new TreeSet<>();
            for (int i = 0; i < cases.size(); i++) {
                all.add(i);
            }
            Plan plan = new Plan(cases, to.root(), own);
            ResultsTable.write(to, plan, all, journal, own);
            to.sweep();
            return StressRun.count(plan, all, journal, 0, 0);
        }
    }

    /** {@return whether a case's files are whole and copied} */
    private boolean copyCase(RunFolder from, StressCase c, JsonNode e) throws IOException {
        if (!e.hasNonNull("image_sha256")) {
            return true;
        }
        if (!copy(from, RunFolder.image(c.id()), e.path("image_sha256").asText())
                || !copy(from, e.path("original").asText(), null)
                || !copy(from, RunFolder.editMask(c.id()), null)) {
            warning.accept(from.root() + ": the files of case " + c.id() + " are damaged; it is left out");
            return false;
        }
        if (Files.exists(from.file(RunFolder.keepMask(c.id())))) {
            copy(from, RunFolder.keepMask(c.id()), null);
        }
        for (JsonNode truth : e.path("truth_masks")) {
            if (!copy(from, truth.path("file").asText(), truth.path("sha256").asText())) {
                warning.accept(
                        from.root() + ": the reference masks of case " + c.id() + " are damaged; it is left out");
                return false;
            }
        }
        return true;
    }

    private boolean copy(RunFolder from, String name, @org.jspecify.annotations.Nullable String sha256)
            throws IOException {
        Path file = from.file(name).normalize();
        if (!file.startsWith(from.root().normalize()) || !Files.isRegularFile(file)
                || sha256 != null && !sha256.equals(Digests.hex("SHA-256", file))) {
            return false;
        }
        if (!Files.exists(to.file(name))) {
            OutputFile.write(to.file(name), out -> Files.copy(file, out));
        }
        return true;
    }
}
