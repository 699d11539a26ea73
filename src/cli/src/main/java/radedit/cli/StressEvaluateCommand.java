package radedit.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import radedit.files.OutputFile;
import radedit.metrics.Bootstrap;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;
import radedit.pipeline.RunOptions;
import radedit.pipeline.Scorer;
import radedit.stress.FinishedCase;
import radedit.stress.FinishedRun;
import radedit.stress.Values;
import radedit.stress.evaluate.Evaluation;
import radedit.stress.evaluate.EvaluationFiles;
import radedit.stress.evaluate.FilmScores;
import radedit.stress.evaluate.ModelRunner;
import radedit.stress.evaluate.RunFilms;
import radedit.stress.evaluate.Scores;
import radedit.stress.evaluate.Validation;
import radedit.stress.report.Report;
import radedit.stress.template.PublishedResults;
import radedit.undertest.Finding;
import radedit.undertest.GreyFilm;
import radedit.undertest.HttpModel;
import radedit.undertest.HttpOptions;
import radedit.undertest.ImageFeatures;
import radedit.undertest.MaskFolder;
import radedit.undertest.ModelException;
import radedit.undertest.ModelOptions;
import radedit.undertest.ModelProbes;
import radedit.undertest.ModelUnderTest;
import radedit.undertest.ModelsUnderTest;
import radedit.undertest.OutputSpec;
import radedit.undertest.Preprocessing;
import radedit.undertest.ProbeReport;
import radedit.undertest.ScoreFile;

/** radedit stress evaluate. */
@Command(name = "evaluate", mixinStandardHelpOptions = true, description = {
        "Says what the edits of a run do to models.",
        "Compares decisions before and after, with 95 %% intervals over patients.",
        "Writes report.html, results.json and results.csv."}, footer = {"", "Examples:",
                "  radedit stress evaluate run --model-under-test weak.onnx \\",
                "      --model-under-test strong.onnx --preprocess torchxrayvision \\",
                "      --threshold youden --validation validation.csv",
                "  radedit stress evaluate run --scores scores.csv --by hospital"})
final class StressEvaluateCommand implements Callable<Integer> {
    private static final int PROBE_FILMS = 16;

    @Parameters(paramLabel = "DIR", description = "folder of 'radedit stress run'")
    private Path run;

    @Option(names = "--model-under-test", paramLabel = "F", description = "a classifier or segmenter: an ONNX file or the http address of a server; may be repeated")
    private List<String> models = new ArrayList<>();

    @Option(names = "--preprocess", paramLabel = "NAME", description = "what the models expect and return: a JSON file, or a preset; one for all models, or one for each")
    private List<String> preprocess = new ArrayList<>();

    @Option(names = "--scores", paramLabel = "F", description = "instead of a model: its scores, a table of case_id and a column for each class (CSV or JSON lines); may be repeated")
    private List<Path> scoreFiles = new ArrayList<>();

    @Option(names = "--logits", description = "the scores of --scores are logits, not probabilities")
    private boolean logits;

    @Option(names = "--masks", paramLabel = "DIR", description = "instead of a segmenter: its masks, DIR/CASE_ID/STRUCTURE.png; may be repeated")
    private List<Path> maskFolders = new ArrayList<>();

    @Option(names = "--threshold", paramLabel = "X", description = "score from which on a class is decided yes: a number, or youden, which needs --validation (default: as --preprocess says, else 0.5)")
    private @Nullable String threshold;

    @Option(names = "--validation", paramLabel = "F", description = "films that are not edited, to fix thresholds before any edit is looked at: a table of image (or case_id, for --scores) and a column of 0 and 1 for each class")
    private @Nullable Path validation;

    @Option(names = "--by", paramLabel = "COLUMN", description = "also for each value of a column of the manifest; may be repeated")
    private List<String> subgroups = new ArrayList<>();

    @Option(names = "--features", paramLabel = "F", description = "what compares the edited films with the real ones (Frechet distance, precision, recall): biovil-t, which also says where prompts are seen, or an ONNX file")
    private @Nullable String features;

    @Option(names = "--features-preprocess", paramLabel = "NAME", defaultValue = "rad-dino", description = "what it expects: a JSON file, or a preset (default: ${DEFAULT-VALUE})")
    private String featuresPreprocess;

    @Option(names = "--resamples", paramLabel = "N", defaultValue = "2000", description = "resamples of the bootstrap over patients (default: ${DEFAULT-VALUE})")
    private int resamples;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "seed of the bootstrap (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--ignore-probes", description = "go on although a model's outputs look wrong; the report says so")
    private boolean ignoreProbes;

    @Option(names = {"-o",
            "--output"}, paramLabel = "DIR", description = "where the results go (default: evaluation in the run's folder)")
    private @Nullable Path output;

    @Mixin
    private EncoderOptions encoders;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    private final Set<String> names = new LinkedHashSet<>();

    @Override
    public Integer call() throws IOException {
        Listener listener = console.to(spec.commandLine().getErr());
        check();
        List<String> warnings = new ArrayList<>();
        Consumer<String> warning = w -> {
            warnings.add(w);
            listener.warning(w);
        };
        FinishedRun finished = FinishedRun.read(run, warning);
        long pending = finished.cases().stream().filter(c -> c.status() == FinishedCase.Status.PENDING).count();
        if (pending > 0) {
            warning.accept(run + ": " + pending + " of " + finished.cases().size()
                    + " cases are not finished; the same 'stress run' continues it");
        }
        finished.patientHint().ifPresent(warning);
        Path folder = output == null ? run.resolve("evaluation") : output;
        Files.createDirectories(folder);
        OutputFile.check(folder.resolve("results.json"));
        Validation films = validation == null ? null : Inputs.read(validation, Validation::read);
        if (films != null) {
            films.requireOthers(finished, !scoreFiles.isEmpty(), warning);
        }
        Evaluation evaluation = new Evaluation(finished, new Evaluation.Options(subgroups,
                new Bootstrap(resamples, 0.95, seed, Bootstrap.Method.BCA)));
        warnings.forEach(evaluation::warn);
        RunFilms all = RunFilms.of(finished);
        ModelRunner runner = new ModelRunner(all, listener);
        for (int i = 0; i < models.size(); i++) {
            try (ModelUnderTest model = open(models.get(i), preprocess.isEmpty()
                    ? null
                    : preprocess.get(
                            preprocess.size() == 1 ? 0 : i))) {
                add(evaluation, model, name(models.get(i)), runner, all, films);
            }
        }
        for (Path file : scoreFiles) {
            add(evaluation, file, all, films);
        }
        for (Path masks : maskFolders) {
            addMasks(evaluation, masks, all, listener);
        }
        if (features != null && features.equalsIgnoreCase("biovil-t")) {
            try (Scorer scorer = Scorer.open(encoders.folder(), encoders.options(0), console)) {
                evaluation.add(new FilmScores(finished.cases(), all, scorer, listener));
            }
        } else if (features != null) {
            addFeatures(evaluation, Path.of(features), runner, all);
        }
        published(evaluation, finished);
        EvaluationFiles.json(evaluation, folder.resolve("results.json"));
        EvaluationFiles.csv(evaluation, folder.resolve("results.csv"));
        Report.write(evaluation, folder.resolve("report.html"), Report.Options.DEFAULT);
        if (!console.quiet()) {
            StressTable.print(evaluation, spec.commandLine().getErr());
        }
        spec.commandLine().getOut().println(folder.resolve("report.html"));
        spec.commandLine().getOut().println(folder.resolve("results.json"));
        return Exit.OK;
    }

    private void check() {
        if (models.isEmpty() && scoreFiles.isEmpty() && maskFolders.isEmpty() && features == null) {
            throw new InvalidRequestException("a model is needed: --model-under-test, --scores or --masks"
                    + " ('radedit stress export' writes the films for models that run elsewhere)");
        }
        models.forEach(m -> Inputs.requireWord("--model-under-test", m));
        preprocess.forEach(p -> Inputs.requireWord("--preprocess", p));
        subgroups.forEach(s -> Inputs.requireWord("--by", s));
        Inputs.requireWord("--threshold", threshold);
        Inputs.requireWord("--features", features);
        Inputs.requireWord("--features-preprocess", featuresPreprocess);
        if (preprocess.size() > 1 && preprocess.size() != models.size()) {
            throw new InvalidRequestException("--preprocess is given " + preprocess.size()
                    + " times, --model-under-test " + models.size() + " times; give one for all, or one for each");
        }
        if ("youden".equals(threshold) != (validation != null)) {
            throw new InvalidRequestException("--threshold youden and --validation belong together");
        }
        if (threshold != null && !threshold.equals("youden")) {
            number(threshold);
        }
        if (resamples < 100 || resamples > 1_000_000) {
            throw new InvalidRequestException("--resamples must be from 100 to 1000000, not " + resamples);
        }
        if (encoders.threads() < 0 || encoders.threads() > RunOptions.MAX_THREADS) {
            throw new InvalidRequestException(
                    "--threads must be from 0 to " + RunOptions.MAX_THREADS + ", not " + encoders.threads());
        }
    }

    private static double number(String threshold) {
        try {
            double t = Double.parseDouble(threshold);
            if (t > 0 && t < 1) {
                return t;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new InvalidRequestException("--threshold must be a number between 0 and 1, or youden, not " + threshold);
    }

    /** A model's name in the results: its file's, with a number if there is one of that name already. */
    private String name(String source) {
        String plain = source.replaceFirst("[/\\\\]+$", "").replaceFirst(".*[/\\\\]", "").replaceFirst("\\.[^.]*$", "");
        String name = plain;
        for (int n = 2; !names.add(name); n++) {
            name = plain + "-" + n;
        }
        return name;
    }

    private ModelUnderTest open(String source, @Nullable String how) throws IOException {
        if (source.matches("(?i)https?://.*")) {
            OutputSpec output = how == null
                    ? OutputSpec.scores(OutputSpec.Values.PROBABILITIES, List.of())
                    : Preprocessing.of(how).output();
            return HttpModel.open(URI.create(source), output, HttpOptions.DEFAULT);
        }
        if (how == null) {
            throw new InvalidRequestException("--preprocess is needed, which says what " + source
                    + " expects and returns: a JSON file, or one of " + String.join(", ", Preprocessing.presets()));
        }
        return ModelsUnderTest.open(Path.of(source), Preprocessing.of(how), options());
    }

    private ModelOptions options() {
        ModelOptions usual = ModelOptions.DEFAULT;
        return new ModelOptions(
                encoders.threads() == 0 ? Runtime.getRuntime().availableProcessors() : encoders.threads(),
                usual.batch(),
                usual.timeout());
    }

    private void add(Evaluation evaluation, ModelUnderTest model, String name, ModelRunner runner, RunFilms all,
            @Nullable Validation films) throws IOException {
        evaluation.addProbes(name, probe(model, name, all));
        if (model.kind() == ModelUnderTest.Kind.SEGMENTATION) {
            evaluation.add(runner.masks(name, model));
            return;
        }
        Scores scores = runner.scores(name, model);
        evaluation.add(decided(films == null ? scores : films.youden(scores, evaluation.targets(), model)));
    }

    /** Looks at a model's outputs before they are relied on. */
    private ProbeReport probe(ModelUnderTest model, String name, RunFilms all) throws IOException {
        List<GreyFilm> some = new ArrayList<>();
        List<String> films = all.names();
        for (int i = 0; i < Math.min(PROBE_FILMS, films.size()); i++) {
            some.add(all.film(films.get((int) ((long) i * films.size() / Math.min(PROBE_FILMS, films.size())))));
        }
        ProbeReport report = ModelProbes.run(model, some);
        for (Finding f : report.findings()) {
            console.warning(name + ": " + f.text());
        }
        if (!report.passed() && !ignoreProbes) {
            throw new CheckFailedException(name
                    + ": its outputs cannot be right, as said above; mend --preprocess, or --ignore-probes goes on");
        }
        return report;
    }

    private Scores decided(Scores scores) {
        return threshold == null || threshold.equals("youden") ? scores : scores.at(number(threshold));
    }

    private void add(Evaluation evaluation, Path file, RunFilms all, @Nullable Validation films) throws IOException {
        List<String> wanted = new ArrayList<>(all.names());
        if (films != null) {
            for (Values row : films.manifest().rows()) {
                wanted.addAll(row.all("case_id"));
            }
        }
        ScoreFile read = Inputs.read(file, f -> scores(f, wanted));
        Scores scores = Scores.of(name(file.toString()), read);
        evaluation.add(decided(films == null ? scores : films.youden(scores, evaluation.targets(), null)));
    }

    private ScoreFile scores(Path file, List<String> wanted) throws IOException {
        try {
            return ScoreFile.read(file, wanted, OutputSpec.scores(
                    logits ? OutputSpec.Values.LOGITS : OutputSpec.Values.PROBABILITIES, List.of()));
        } catch (ModelException e) {
            if (e.problems().stream().noneMatch(p -> p.endsWith(ScoreFile.NO_PROBABILITY))) {
                throw e;
            }
            throw new InvalidInputException(e.getMessage() + "\nIf the scores are logits, give --logits", e);
        }
    }

    private void addMasks(Evaluation evaluation, Path folder, RunFilms all, Listener listener) throws IOException {
        MaskFolder masks = Inputs.read(folder, f -> MaskFolder.open(f, all.names(), List.of()));
        evaluation.add(ModelRunner.masks(name(folder.toString()), masks, all, listener));
    }

    /** Adds what was published of the paper's experiments that the manifest names. */
    static void published(Evaluation evaluation, FinishedRun finished) {
        List<Map<String, Object>> all = finished.cases().stream()
                .flatMap(c -> c.plan().values().all(PublishedResults.COLUMN).stream()).distinct()
                .flatMap(e -> PublishedResults.of(e).stream()).map(PublishedResults::toMap).toList();
        if (!all.isEmpty()) {
            evaluation.note("published", all);
        }
    }

    private void addFeatures(Evaluation evaluation, Path file, ModelRunner runner, RunFilms all) throws IOException {
        try (ImageFeatures model = ModelsUnderTest.openFeatures(file, Preprocessing.inputOf(featuresPreprocess), "",
                options())) {
            List<String> films = all.names();
            double[][] vectors = runner.features(model, films);
            Map<String, double[]> byFilm = new HashMap<>();
            for (int i = 0; i < vectors.length; i++) {
                byFilm.put(films.get(i), vectors[i]);
            }
            evaluation.addDistances(file.getFileName().toString(), byFilm::get);
        }
    }
}
