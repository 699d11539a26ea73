package radedit.cli;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import radedit.imaging.Film;
import radedit.imaging.Mask;
import radedit.imaging.mask.Extent;
import radedit.imaging.mask.MaskSource;
import radedit.pipeline.EditRequest;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;
import radedit.stress.CaseEditor;
import radedit.stress.Problem;
import radedit.stress.StressCase;
import radedit.stress.TruthMasks;
import radedit.stress.Values;

/** The rows of a manifest as command lines of radedit edit: a column is an option, with _ for -. */
final class ManifestRows implements CaseEditor {
    /** Options that a row cannot have, since they are about the whole run. */
    private static final Set<String> OF_THE_RUN = Set.of("--batch", "--help", "--version");
    /** What a required score does in a run, which goes on where radedit edit ends. */
    private static final String REJECTS = "an edit whose score (the edit score with --original-text) is below X is"
            + " rejected: recorded, and not evaluated; the exit code stays 0";
    private static final String OF_EACH = "; {film} in it stands for the name of each film without its ending";
    private static final Pattern OPTION = Pattern.compile("--([a-z][a-z-]*)");
    private static final Set<String> YES = Set.of("true", "yes", "1");
    private static final Set<String> NO = Set.of("false", "no", "0");

    @Command(name = "row")
    private static final class Row {
        @Mixin
        private EditSettings edit;
    }

    /** Columns of names and texts, which {@link #check} looks at one by one, or which may be anything. */
    private static final Set<String> FREE = Set.of("image", "edit_mask", "keep_mask", "noise", "prompt",
            "original_text", "invert_prompt");

    private final Row checked = new Row();
    private final CommandLine checker = parser(checked);
    /** The film that was read last; null before the first. */
    private @Nullable Shown last;

    private record Shown(EditSettings settings, Film film) {}

    private final RowMasks masks = new RowMasks();
    private final Set<String> columns = columnsOf(checker);
    /** What is wrong with settings that many rows have. */
    private final Map<Map<String, Object>, List<Problem>> known = new HashMap<>();

    private static CommandLine parser(Row row) {
        CommandLine line = new CommandLine(row);
        Main.configure(line);
        return line;
    }

    private static String column(ArgSpec a) {
        return a instanceof OptionSpec o ? column(o.longestName()) : a.paramLabel();
    }

    private static String column(String option) {
        return option.substring(2).replace('-', '_');
    }

    @Override
    public Set<String> columns() {
        return columns;
    }

    private static Set<String> columnsOf(CommandLine line) {
        Set<String> all = new TreeSet<>();
        for (OptionSpec o : line.getCommandSpec().options()) {
            if (!OF_THE_RUN.contains(o.longestName())) {
                all.add(column(o));
            }
        }
        return all;
    }

    /** The options of radedit edit that are not those of rows. */
    @Override
    public Set<String> withoutMeaning() {
        Set<String> all = columnsOf(new CommandLine(new EditCommand()));
        all.removeAll(columns);
        return all;
    }

    @Override
    public List<Problem> check(StressCase c, Path folder) {
        List<Problem> problems = new ArrayList<>();
        for (Problem p : known.computeIfAbsent(settingsOf(c), k -> checkSettings(c))) {
            problems.add(new Problem(c.row(), p.column(), p.text()));
        }
        for (String column : List.of("image", "noise")) {
            c.values().all(column).forEach(name -> exists(c, column, name, folder, problems));
        }
        masks.check(c, folder, () -> settings(c, folder).film(Listener.NONE), problems);
        return problems;
    }

    static boolean isYes(String word) {
        return YES.contains(word.toLowerCase(Locale.ROOT));
    }

    /** What a row says, without what differs from row to row and cannot be wrong by itself. */
    private Map<String, Object> settingsOf(StressCase c) {
        Map<String, Object> all = new HashMap<>();
        for (String column : columns) {
            List<String> values = c.values().all(column);
            boolean free = FREE.contains(column)
                    || column.equals("seed") && values.stream().allMatch(v -> v.matches("\\d{1,18}"));
            all.put(column, free ? values.size() : values);
        }
        return all;
    }

    private List<Problem> checkSettings(StressCase c) {
        List<Problem> problems = new ArrayList<>();
        Values said = c.values();
        boolean more = parse(c.row(), said, checker, problems);
        while (more) {
            try {
                checked.edit.checkSettings();
                return problems;
            } catch (InvalidRequestException e) {
                // the check stops at the first fault: what is wrong with the other columns is said without this one
                Problem fault = fault(c.row(), said, Main.message(e));
                problems.add(fault);
                String column = fault.column();
                more = column != null;
                if (column != null) {
                    said = said.without(column);
                    more = parse(c.row(), said, checker, new ArrayList<>());
                }
            }
        }
        return problems;
    }

    /** What is wrong, with the first column that the message names and the row has. */
    private static Problem fault(int row, Values said, String message) {
        String text = inColumns(message);
        String column = OPTION.matcher(message).results().map(m -> column(m.group()))
                .filter(name -> !said.all(name).isEmpty()).findFirst().orElse(null);
        return new Problem(row, column, column != null && text.startsWith(column + " ")
                ? text.substring(column.length() + 1)
                : text);
    }

    private static void exists(StressCase c, String column, String given, Path folder, List<Problem> problems) {
        Path file;
        try {
            file = folder.resolve(given);
        } catch (InvalidPathException e) {
            problems.add(new Problem(c.row(), column, "'" + given + "' is not the name of a file"));
            return;
        }
        if (!Files.isRegularFile(file)) {
            problems.add(new Problem(c.row(), column, given + (Files.isDirectory(file)
                    ? ": is a folder; a film is expected"
                    : Path.of(given).isAbsolute()
                            ? ": no such file"
                            : ": no such file in "
                                    + Objects.requireNonNullElse(file.toAbsolutePath().getParent(), ""))));
        } else if (!Files.isReadable(file)) {
            problems.add(new Problem(c.row(), column, given + ": cannot be read"));
        }
    }

    /** Parses a row without what is wrong with it, which {@code problems} receives; false if nothing is left to look at. */
    private static boolean parse(int row, Values said, CommandLine line, List<Problem> problems) {
        List<String> arguments = new ArrayList<>();
        for (OptionSpec o : line.getCommandSpec().options()) {
            if (OF_THE_RUN.contains(o.longestName())) {
                continue;
            }
            List<String> values = said.all(column(o));
            if (values.size() > 1 && !o.isMultiValue()) {
                problems.add(new Problem(row, column(o), "takes one value"));
            } else if (o.arity().max() > 0) {
                values.forEach(v -> arguments.add(o.longestName() + "=" + v));
            } else if (!values.isEmpty()) {
                String word = values.getFirst().toLowerCase(Locale.ROOT);
                if (isYes(word)) {
                    arguments.add(o.longestName());
                } else if (!NO.contains(word)) {
                    problems.add(
                            new Problem(row, column(o), "'" + values.getFirst() + "' is neither true nor false"));
                }
            }
        }
        while (true) {
            try {
                line.parseArgs(arguments.toArray(String[]::new));
                return true;
            } catch (MissingParameterException e) {
                for (ArgSpec a : e.getMissing()) {
                    if (!(a instanceof OptionSpec o) || !said.all(column(a)).isEmpty()) {
                        return false; // a cell that is wrong, as was said
                    }
                    problems.add(new Problem(row, column(a), "is missing"));
                    arguments.add(o.longestName() + "=all");
                }
            } catch (ParameterException e) {
                String column = e.getArgSpec() == null ? null : column(e.getArgSpec());
                problems.add(new Problem(row, column, inColumns(Main.usageMessage(e))));
                // the parser stops at the first fault: what is wrong with the others is said without it
                if (!(e.getArgSpec() instanceof OptionSpec o)
                        || !arguments.removeIf(a -> a.equals(o.longestName()) || a.startsWith(o.longestName() + "="))) {
                    return false;
                }
            }
        }
    }

    /** A message with the names of columns instead of options. */
    static String inColumns(String message) {
        return OPTION.matcher(message).replaceAll(m -> m.group(1).replace('-', '_'));
    }

    private static EditSettings settings(StressCase c, Path folder) {
        Row row = new Row();
        List<Problem> problems = new ArrayList<>();
        if (!parse(c.row(), c.values(), parser(row), problems) || !problems.isEmpty()) {
            throw new InvalidRequestException(problems.getFirst().toString());
        }
        return row.edit.from(folder);
    }

    @Override
    public List<Path> files(StressCase c, Path folder) {
        Stream<Path> truth = TruthMasks.columns(c.values()).stream()
                .flatMap(column -> RowMasks.sources(c, column, folder).stream())
                .flatMap(s -> s.file().stream());
        return Stream.concat(Arrays.stream(settings(c, folder).files()).filter(Objects::nonNull), truth).distinct()
                .toList();
    }

    @Override
    public EditRequest request(StressCase c, Path folder, Listener listener) throws IOException {
        EditSettings settings = settings(c, folder);
        settings.check();
        return settings.request(film(settings, listener), true, listener);
    }

    private Film film(EditSettings settings, Listener listener) {
        if (last == null || !settings.hasFilmOf(last.settings)) {
            last = new Shown(settings, settings.film(listener));
        }
        return last.film;
    }

    @Override
    public Map<String, Mask> truth(StressCase c, Path folder, Listener listener) {
        Map<String, Mask> all = new LinkedHashMap<>();
        for (String column : TruthMasks.columns(c.values())) {
            Film film = film(settings(c, folder), listener);
            List<MaskSource> sources = RowMasks.sources(c, column, folder);
            Mask mask = Masks.union("the mask of " + column, sources, new Extent(film.columns(), film.rows()),
                    listener::warning);
            if (mask.isEmpty()) {
                throw new InvalidInputException(Masks.names(sources) + ": the mask of " + column
                        + " is empty; leave the cell empty where nothing is known");
            }
            all.put(column, mask);
        }
        return all;
    }

    @Override
    public String reason(Exception e) {
        return inColumns(Main.message(e)).lines().findFirst().orElse("failed");
    }

    /** The values of options that a command was given, for rows that leave them empty. */
    Values given(CommandLine.ParseResult parsed) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (OptionSpec o : parsed.matchedOptionsSet()) {
            if (columns.contains(column(o))) {
                all.put(column(o), o.arity().max() == 0 ? List.of("true") : o.originalStringValues());
            }
        }
        return new Values(all);
    }

    /** Makes options of rows optional for a command that gives defaults for them, and says what they do there. */
    static void relax(CommandSpec command) {
        for (OptionSpec o : List.copyOf(command.options())) {
            if (!(o.userObject() instanceof Field f) || f.getDeclaringClass() != EditSettings.class) {
                continue;
            }
            String[] said = o.description();
            String[] here = switch (o.longestName()) {
                case "--min-score" -> new String[]{REJECTS};
                case "--edit-mask", "--keep-mask" -> new String[]{said[0] + OF_EACH};
                default -> said;
            };
            if (o.required() || !Arrays.equals(here, said)) {
                command.remove(o);
                command.addOption(OptionSpec.builder(o).required(false).description(here).build());
            }
        }
    }
}
