package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;
import radedit.stress.Controls;
import radedit.stress.Manifest;
import radedit.stress.Plan;
import radedit.stress.StressCase;
import radedit.stress.Values;
import radedit.stress.template.Template;

/** What a run is made of: a manifest, or films that are all edited alike, and defaults of their edits. */
final class StressInput {
    @Parameters(paramLabel = "MANIFEST", arity = "0..1", description = "a table of edits (.csv, .tsv, .jsonl)")
    private Path manifest;

    @Option(names = "--images", paramLabel = "F", description = "instead of a manifest: films, a folder or a pattern such as 'dir/*.png', all edited alike; may be repeated")
    private List<String> images = new ArrayList<>();

    @SuppressWarnings("UnusedVariable") // the parser is asked which were given
    @Mixin
    private EditSettings defaults;

    /** The rows that edits are made for. */
    final ManifestRows rows = new ManifestRows();

    int batch() {
        return defaults.sampling().batch();
    }

    /** Reads and checks everything. */
    Plan plan(CommandSpec spec, Controls controls, Listener listener) throws IOException {
        if (manifest == null == images.isEmpty()) {
            throw new InvalidRequestException("either a MANIFEST or --images is needed"
                    + (manifest == null ? "" : ", not both"));
        }
        Values given = rows.given(spec.commandLine().getParseResult());
        if (!images.isEmpty() && given.first("image") != null) {
            throw new InvalidRequestException("--image is one film; --images names them all");
        }
        Manifest table = manifest == null
                ? ofImages(listener)
                : Inputs.read(manifest, Manifest::read);
        return Plan.of(withMasks(table, given), given, controls, rows, listener::warning);
    }

    /** Films, masks and noise of all cases, except what is a result of another case. */
    Path[] files(Plan plan) {
        return plan.cases().stream().filter(c -> !c.isReverse())
                .flatMap(c -> rows.files(c, plan.folder()).stream()).distinct().toArray(Path[]::new);
    }

    /** Gives rows without a mask that of the command line in which {film} stands for the row's film. */
    private static Manifest withMasks(Manifest table, Values given) {
        List<Values> all = new ArrayList<>();
        for (Values row : table.rows()) {
            Values v = row;
            String film = row.first("image", given.first("image", ""));
            for (String column : List.of("edit_mask", "keep_mask")) {
                List<String> masks = given.all(column);
                if (!film.isEmpty() && row.all(column).isEmpty()
                        && masks.stream().anyMatch(m -> m.contains(Template.FILM))) {
                    v = v.with(column, masks.stream().map(m -> m.replace(Template.FILM, FilmList.name(film))).toList());
                }
            }
            all.add(v);
        }
        return new Manifest(table.name(), table.folder(), table.columns(), all, table.problems());
    }

    private Manifest ofImages(Listener listener) {
        List<Values> all = new ArrayList<>();
        for (FilmList.Entry film : FilmList.of(images, listener::note)) {
            String name = FilmList.name(film.file());
            all.add(new Values(Map.of(StressCase.CASE_ID, List.of(name), "image", List.of(film.file().toString()))));
        }
        return new Manifest("--images", Path.of(""), List.of(StressCase.CASE_ID, "image"), all,
                List.of());
    }
}
