package radedit.stress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import org.jspecify.annotations.Nullable;

/**
 * The results of a run, finished or not.
 *
 * @param folder
 *            its folder
 * @param settings
 *            its settings.json: JSON values by name
 * @param ownColumns
 *            columns of the manifest that were carried through
 * @param cases
 *            the cases, in the order of the plan
 */
public record FinishedRun(Path folder, Map<String, Object> settings, List<String> ownColumns,
        List<FinishedCase> cases) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * Reads a run's folder.
     *
     * @param folder
     *            the folder
     * @param warning
     *            receives what is damaged
     * @return the run
     * @throws RunException
     *             if it holds no run
     * @throws IOException
     *             if a file cannot be read
     */
    public static FinishedRun read(Path folder, Consumer<String> warning) throws IOException {
        RunFolder files = new RunFolder(folder);
        if (!files.isRun()) {
            throw new RunException(folder + ": holds no run of 'stress run'");
        }
        List<FinishedCase> all = new ArrayList<>();
        if (!Files.exists(files.file(RunFolder.JOURNAL))) {
            throw new RunException(folder + ": no case is finished");
        }
        try (Journal journal = Journal.readOnly(files.file(RunFolder.JOURNAL), warning)) {
            journal.refresh();
            for (StressCase c : Plan.read(files.file(RunFolder.CASES))) {
                all.add(finished(files, c, journal.entry(c.id()), warning));
            }
        }
        Map<String, Object> settings = JSON.readValue(files.file(RunFolder.SETTINGS).toFile(),
                new TypeReference<LinkedHashMap<String, Object>>() {});
        return new FinishedRun(folder, settings, RunSettings.ownColumns(files), List.copyOf(all));
    }

    /**
     * {@return what a user should know about patients that statistics do not know of; empty if there is nothing}
     */
    public Optional<String> patientHint() {
        boolean known = cases.stream().map(FinishedCase::plan)
                .anyMatch(c -> c.base() == null && c.values().first(StressCase.PATIENT_ID) != null);
        return known ? Optional.empty() : PatientColumn.hint(ownColumns);
    }

    /**
     * {@return the SHA-256 of all files that finished cases were made of, films and masks}
     *
     * @throws IOException
     *             if the journal cannot be read
     */
    public Set<String> inputHashes() throws IOException {
        Set<String> all = new HashSet<>();
        try (Journal journal = Journal.readOnly(new RunFolder(folder).file(RunFolder.JOURNAL), w -> {
        })) {
            journal.refresh();
            for (FinishedCase c : cases) {
                JsonNode e = journal.entry(c.plan().id());
                if (e != null) {
                    e.path("inputs").forEach(i -> all.add(i.path("sha256").asText()));
                }
            }
        }
        return all;
    }

    private static FinishedCase finished(RunFolder folder, StressCase c, @Nullable JsonNode e,
            Consumer<String> warning) {
        if (e == null) {
            return pending(c);
        }
        FinishedCase.Status status = FinishedCase.Status
                .valueOf(e.path("status").asText().toUpperCase(Locale.ROOT));
        FinishedCase.Files files = null;
        if (e.hasNonNull("image_sha256")) {
            Path keep = folder.file(RunFolder.keepMask(c.id()));
            files = new FinishedCase.Files(folder.file(RunFolder.image(c.id())),
                    folder.file(RunFolder.original(e.path("film_sha256").asText())),
                    folder.file(RunFolder.editMask(c.id())), Files.exists(keep) ? keep : null, truth(folder, e));
            if (!Files.exists(files.image()) || !Files.exists(files.original())) {
                warning.accept(folder.file(RunFolder.image(c.id()))
                        + ": is gone; 'stress run' with the same manifest makes it again");
                return pending(c);
            }
        }
        return new FinishedCase(c, status, e.path("reason").asText(""), e.path("seed").asText(""),
                number(e.path("image_text_score")), number(e.path("edit_score")),
                Math.max(1, e.path("tries").size()), files);
    }

    private static Map<String, Path> truth(RunFolder folder, JsonNode e) {
        Map<String, Path> all = new LinkedHashMap<>();
        e.path("truth_masks").forEach(m -> all.put(TruthMasks.structure(m.path("column").asText()),
                folder.file(m.path("file").asText())));
        return all;
    }

    private static FinishedCase pending(StressCase c) {
        return new FinishedCase(c, FinishedCase.Status.PENDING, "", "", OptionalDouble.empty(),
                OptionalDouble.empty(), 0, null);
    }

    private static OptionalDouble number(JsonNode n) {
        return n.isNumber() ? OptionalDouble.of(n.asDouble()) : OptionalDouble.empty();
    }
}
