package radedit.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import radedit.files.OutputFolder;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;
import radedit.stress.CaseName;
import radedit.stress.ManifestException;
import radedit.stress.Problem;
import radedit.stress.exchange.ManifestImport;
import radedit.stress.exchange.ManifestTable;
import radedit.stress.template.Template;

/** radedit stress template. */
@Command(name = "template", mixinStandardHelpOptions = true, description = {
        "Writes a manifest to begin with.",
        "It is one of the experiments of the RadEdit paper, or of films with their reports."}, footer = {
                "", "Examples:", "  radedit stress template manifestation -o drains",
                "  radedit stress template manifestation --images 'films/*.png' \\",
                "      --edit-mask 'masks/{film}-lung.png' \\",
                "      --keep-mask 'masks/{film}-drain.png' -o drains"})
final class StressTemplateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "acquisition (disease removed, marks of the hospital kept), manifestation (disease removed, device kept), population (findings added, lungs segmented) or report (films with their reports)")
    private Template template;

    @Option(names = "--images", paramLabel = "F", description = "films that the manifest is for: files, a folder or a pattern such as 'dir/*.png' (default: placeholders); may be repeated")
    private List<String> images = new ArrayList<>();

    @Option(names = "--edit-mask", paramLabel = "MASK", description = "with --images: the edit mask of each film; {film} is the film's name without its ending")
    private @Nullable String editMask;

    @Option(names = "--keep-mask", paramLabel = "MASK", description = "with --images: the keep mask of each film, likewise")
    private @Nullable String keepMask;

    @Option(names = {"-o",
            "--output"}, paramLabel = "OUT", required = true, description = "a new folder for manifest.csv and README.txt, or x.csv for the manifest alone")
    private Path output;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Listener listener = console.to(spec.commandLine().getErr());
        if (images.isEmpty() && (editMask != null || keepMask != null)) {
            throw new InvalidRequestException("--edit-mask and --keep-mask are for films: --images is needed");
        }
        boolean alone = ManifestFile.isMeant(output);
        if (alone) {
            ManifestFile.check(output);
        } else {
            checkFolder();
        }
        Path start = alone ? Objects.requireNonNull(output.toAbsolutePath().getParent()) : output.toAbsolutePath();
        ManifestTable table = images.isEmpty() ? template.placeholders() : template.of(films(start, listener));
        if (alone) {
            ManifestFile.write(output, table);
        } else {
            try (OutputFolder folder = OutputFolder.begin(output)) {
                ManifestFile.write(folder.path().resolve("manifest.csv"), table);
                Files.writeString(folder.path().resolve("README.txt"), template.readMe());
                folder.commit();
            }
        }
        spec.commandLine().getOut().println(alone ? output : output.resolve("manifest.csv"));
        return Exit.OK;
    }

    private void checkFolder() throws IOException {
        OutputFolder.check(output);
        if (Files.isDirectory(output)) {
            try (DirectoryStream<Path> inside = Files.newDirectoryStream(output)) {
                if (inside.iterator().hasNext()) {
                    throw new InvalidRequestException(output + ": is not empty; choose a new folder");
                }
            }
        }
    }

    private List<Template.Film> films(Path start, Listener listener) {
        List<Problem> problems = new ArrayList<>();
        List<Template.Film> all = new ArrayList<>();
        Map<String, Path> names = new HashMap<>();
        for (FilmList.Entry film : FilmList.of(images, listener::note)) {
            String name = FilmList.name(film.file());
            int row = all.size() + 1;
            if (!CaseName.isUsable(name)) {
                problems.add(new Problem(row, null, CaseName.problem(name)));
            }
            Path other = names.putIfAbsent(CaseName.key(name), film.file());
            if (other != null) {
                problems.add(new Problem(row, null, film.file() + " and " + other + " have the same name"));
            }
            if (!Files.isRegularFile(film.file())) {
                problems.add(new Problem(row, "image", film.file() + ": no such file"));
            }
            all.add(new Template.Film(name, ManifestImport.relative(film.file(), start),
                    mask("edit_mask", editMask, name, row, start, problems),
                    mask("keep_mask", keepMask, name, row, start, problems)));
        }
        if (!problems.isEmpty()) {
            throw new ManifestException("--images", problems);
        }
        return all;
    }

    /** A film's mask: a file as seen from the manifest, or another source as it is. */
    private static String mask(String column, @Nullable String given, String film, int row, Path start,
            List<Problem> problems) {
        if (given == null) {
            return "";
        }
        String source = given.replace(Template.FILM, film);
        try {
            Path file = Path.of(source);
            if (Files.exists(file)) {
                return ManifestImport.relative(file, start);
            }
        } catch (InvalidPathException e) {
            return source; // not the name of a file
        }
        if (!source.contains(":") && !source.equals("all")) {
            problems.add(new Problem(row, column, source + ": no such file"));
        }
        return source;
    }
}
