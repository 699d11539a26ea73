package radedit.stress.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import radedit.metrics.Bootstrap;
import radedit.pipeline.Metadata;
import radedit.stress.FinishedCase;
import radedit.stress.FinishedRun;
import radedit.stress.StressCase;
import radedit.undertest.Finding;
import radedit.undertest.ModelException;
import radedit.undertest.ModelException.Reason;
import radedit.undertest.ProbeReport;

/** Everything that is said about a run: numbers of each model by group, of the pictures, and of each case. */
public final class Evaluation {
    /**
     * How to evaluate.
     *
     * @param subgroups
     *            columns of the manifest by which groups are divided further
     * @param bootstrap
     *            makes intervals
     */
    public record Options(List<String> subgroups, Bootstrap bootstrap) {}

    /**
     * Numbers of one model.
     *
     * @param about
     *            the model: JSON values by name
     * @param tables
     *            numbers by group; a group's target is a class or structure
     * @param more
     *            further results: JSON values by name
     */
    public record ModelResult(Map<String, Object> about, List<Group.Table> tables, Map<String, Object> more) {
        /** {@return the model's name} */
        public String name() {
            return String.valueOf(about.get("name"));
        }
    }

    private final FinishedRun run;
    private final Options options;
    private final Grouping grouping;
    private final ImageChanges changes;
    private final List<ModelResult> models = new ArrayList<>();
    private final List<Map<String, Object>> distances = new ArrayList<>();
    private final Map<String, Map<String, Object>> cases = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> probes = new LinkedHashMap<>();
    private List<Group.Table> pictures;
    private final Map<String, Object> notes = new LinkedHashMap<>();
    private final Set<String> warnings = new LinkedHashSet<>();

    /**
     * Begins an evaluation, with the numbers of the pictures.
     *
     * @param run
     *            the run
     * @param options
     *            how to evaluate
     * @throws radedit.stress.RunException
     *             if no case has an accepted picture, or there is no such column
     * @throws IOException
     *             if a picture cannot be read
     */
    public Evaluation(FinishedRun run, Options options) throws IOException {
        this.run = run;
        this.options = options;
        for (String column : options.subgroups) {
            if (run.cases().stream().allMatch(c -> c.plan().values().all(column).isEmpty())) {
                throw new radedit.stress.RunException(run.folder() + ": no case has a value in the column " + column);
            }
        }
        this.grouping = new Grouping(run.cases(), options.subgroups);
        if (grouping.cases().isEmpty()) {
            throw new radedit.stress.RunException(run.folder() + ": no case has an accepted picture");
        }
        this.changes = ImageChanges.of(grouping.cases());
        this.pictures = changes.tables(grouping, options.bootstrap, null);
        for (EvaluatedCase c : grouping.cases()) {
            Map<String, Object> m = new LinkedHashMap<>();
            m.put("case_id", c.id());
            m.put("patient_id", c.patient());
            m.put("role", c.finished().plan().role());
            m.put("dose", c.dose());
            m.put("target", c.target());
            m.put("base", c.finished().plan().base());
            m.put("truth_before", c.truthBefore().orElse(null));
            m.put("truth_after", c.truthAfter().orElse(null));
            m.put("image", changes.of(c.id()));
            cases.put(c.id(), m);
        }
    }

    /**
     * Adds a classifier.
     *
     * @param scores
     *            what it says about all films
     * @throws ModelException
     *             if films are missing, or a target is none of its classes
     */
    public void add(Scores scores) throws ModelException {
        List<String> needed = new ArrayList<>();
        for (EvaluatedCase c : grouping.cases()) {
            needed.add(c.id());
            needed.add(c.finished().originalName());
            if (!c.target().isEmpty() && scores.index(c.target()) < 0) {
                throw new ModelException(Reason.REQUEST, scores.name() + ": the target '" + c.target() + "' of case "
                        + c.id() + " is none of its classes: " + String.join(", ", scores.classes()));
            }
        }
        scores.requireAll(needed.stream().distinct().toList());
        Classification k = new Classification(scores, grouping, options.bootstrap);
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("dose_response", k.doseResponses());
        more.put("reverse_recovery", k.recoveries());
        more.put("calibration", k.calibration());
        models.add(new ModelResult(scores.toMap(), k.tables(), more));
        for (EvaluatedCase c : grouping.cases()) {
            Map<String, Object> m = new LinkedHashMap<>();
            for (int i = 0; i < scores.classes().size(); i++) {
                double before = scores.of(c.finished().originalName(), i);
                double after = scores.of(c.id(), i);
                Map<String, Object> each = new LinkedHashMap<>();
                each.put("before", before);
                each.put("after", after);
                each.put("flipped", before >= scores.thresholds()[i] != after >= scores.thresholds()[i]);
                m.put(scores.classes().get(i), each);
            }
            modelsOf(c).put(scores.name(), m);
        }
    }

    @SuppressWarnings("unchecked") // only this class writes into the maps
    private Map<String, Object> modelsOf(EvaluatedCase c) {
        return (Map<String, Object>) cases.computeIfAbsent(c.id(), i -> new LinkedHashMap<>())
                .computeIfAbsent("models", k -> new LinkedHashMap<String, Object>());
    }

    /**
     * Adds a segmenter.
     *
     * @param book
     *            its masks
     * @throws IOException
     *             if they cannot be read or computed
     */
    public void add(MaskBook book) throws IOException {
        Segmentation s = new Segmentation(book, grouping, options.bootstrap);
        models.add(new ModelResult(book.toMap(), s.tables(), Map.of("references", s.references())));
        grouping.cases().forEach(c -> modelsOf(c).put(book.name(), s.of(c)));
    }

    /**
     * Adds what was noticed about a model's outputs before the run.
     *
     * @param model
     *            the model's name
     * @param report
     *            what was noticed
     */
    public void addProbes(String model, ProbeReport report) {
        List<Map<String, Object>> findings = new ArrayList<>();
        for (Finding f : report.findings()) {
            Map<String, Object> m = new LinkedHashMap<>();
            m.put("severity", f.severity().name().toLowerCase(Locale.ROOT));
            m.put("code", f.code());
            m.put("text", f.text());
            findings.add(m);
            if (f.severity() == Finding.Severity.WARNING) {
                warn(model + ": " + f.text());
            }
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("passed", report.passed());
        all.put("findings", findings);
        probes.put(model, all);
    }

    /**
     * Adds distances between the films before the edits and the edited films of each role.
     *
     * @param features
     *            what makes feature vectors, in words
     * @param vectors
     *            finds the vector of a film by its name
     */
    public void addDistances(String features, java.util.function.Function<String, double[]> vectors) {
        Map<String, List<EvaluatedCase>> byRole = new TreeMap<>();
        grouping.groups().forEach((g, members) -> {
            if (g.isWhole() && g.dose() == 1 && !g.role().equals(Grouping.BOTH)) {
                byRole.computeIfAbsent(g.role(), r -> new ArrayList<>()).addAll(members);
            }
        });
        byRole.forEach((role, members) -> {
            double[][] real = members.stream().map(c -> c.finished().originalName()).distinct().map(vectors)
                    .toArray(double[][]::new);
            double[][] edited = members.stream().map(EvaluatedCase::id).map(vectors).toArray(double[][]::new);
            Map<String, Object> m = new LinkedHashMap<>();
            m.put("role", role);
            m.putAll(Distances.of(features, real, edited));
            distances.add(m);
        });
    }

    /**
     * Adds what BioViL-T says: where prompts are seen in the edited films, and distances by its embeddings.
     *
     * @param scores
     *            the scores of all films
     */
    public void add(FilmScores scores) {
        pictures = changes.tables(grouping, options.bootstrap, scores);
        boolean all = grouping.cases().stream()
                .allMatch(c -> scores.has(c.id()) && scores.has(c.finished().originalName()));
        if (all) {
            addDistances("BioViL-T", scores::embedding);
        }
    }

    /**
     * Adds what a reader of the results should know, beyond what stops an evaluation.
     *
     * @param warning
     *            a sentence
     */
    public void warn(String warning) {
        warnings.add(warning);
    }

    /**
     * Adds something else to the results.
     *
     * @param name
     *            its name in results.json
     * @param value
     *            a number, word, list or map, as JSON has them
     */
    public void note(String name, Object value) {
        notes.put(name, value);
    }

    /** {@return the classes that edits are about} */
    public Set<String> targets() {
        Set<String> all = new TreeSet<>();
        grouping.cases().stream().map(EvaluatedCase::target).filter(t -> !t.isEmpty()).forEach(all::add);
        return all;
    }

    /** {@return the models that were added} */
    public List<ModelResult> models() {
        return List.copyOf(models);
    }

    /** {@return numbers of the pictures by group, whatever a model says} */
    public List<Group.Table> pictures() {
        return pictures;
    }

    /** {@return the run} */
    public FinishedRun run() {
        return run;
    }

    /** {@return how many cases came how far} */
    Map<String, Object> funnel() {
        Map<String, Object> m = new LinkedHashMap<>();
        int edits = 0;
        int failed = 0;
        int rejected = 0;
        int pending = 0;
        int tries = 0;
        for (FinishedCase c : run.cases()) {
            if (c.plan().base() == null) {
                edits++;
                failed += c.status() == FinishedCase.Status.FAILED ? 1 : 0;
                rejected += c.status() == FinishedCase.Status.REJECTED ? 1 : 0;
                pending += c.status() == FinishedCase.Status.PENDING ? 1 : 0;
                tries += c.tries();
            }
        }
        m.put("edits", edits);
        m.put("tries", tries);
        m.put("pending", pending);
        m.put("failed", failed);
        m.put("below_score", rejected);
        m.put("accepted", edits - pending - failed - rejected);
        m.put("controls", run.cases().size() - edits);
        m.put("evaluated", grouping.cases().size());
        Map<String, Integer> reasons = new TreeMap<>();
        run.cases().stream().filter(c -> c.status() == FinishedCase.Status.FAILED)
                .forEach(c -> reasons.merge(c.reason(), 1, Integer::sum));
        m.put("reasons", reasons);
        return m;
    }

    /** {@return all results as JSON values by name} */
    public Map<String, Object> toMap() {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("notice", Metadata.NOTICE);
        m.put("run", run.settings());
        m.put("warnings", List.copyOf(warnings));
        m.put("funnel", funnel());
        Map<String, Object> resampling = new LinkedHashMap<>();
        resampling.put("resamples", options.bootstrap.resamples());
        resampling.put("level", options.bootstrap.level());
        resampling.put("seed", options.bootstrap.seed());
        resampling.put("over", StressCase.PATIENT_ID);
        m.put("bootstrap", resampling);
        List<Map<String, Object>> all = new ArrayList<>();
        for (ModelResult r : models) {
            Map<String, Object> each = new LinkedHashMap<>(r.about());
            each.put("groups", r.tables().stream().map(Group.Table::toMap).toList());
            each.putAll(r.more());
            if (probes.containsKey(r.name())) {
                each.put("probes", probes.get(r.name()));
            }
            all.add(each);
        }
        m.put("models", all);
        m.put("pictures", pictures.stream().map(Group.Table::toMap).toList());
        m.put("distances", distances);
        m.putAll(notes);
        m.put("cases", List.copyOf(cases.values()));
        return m;
    }
}
