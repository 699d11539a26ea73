package radedit.stress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;

import radedit.message.JsonFault;

/**
 * A table of edits: CSV (RFC 4180; separated by commas, semicolons or tabs) or JSON lines, in UTF-8 with or without a byte
 * order mark. In CSV, {@code prompt.2} is the second value of {@code prompt}, and lines before the header that begin with
 * {@code # } are comments; in JSON, a value may be a list.
 *
 * @param name
 *            the file, for messages
 * @param folder
 *            folder that relative names of files start from
 * @param columns
 *            the columns, in order, without numbered ones
 * @param rows
 *            the rows; at least one
 * @param problems
 *            what is wrong with single rows, which a plan reports together with what their values lack
 */
public record Manifest(String name, Path folder, List<String> columns, List<Values> rows, List<Problem> problems) {
    private static final Pattern NUMBERED = Pattern.compile("(.+)\\.(\\d{1,3})");
    private static final JsonMapper JSON = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES).build();

    /**
     * Reads a manifest.
     *
     * @param file
     *            a file that ends in .csv, .tsv, .jsonl or .ndjson
     * @return the manifest
     * @throws ManifestException
     *             if it cannot be understood as a whole
     * @throws IOException
     *             if it cannot be read
     */
    public static Manifest read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new ManifestException(file.toString(),
                    List.of(new Problem(0, null, "is a folder; a table is expected")));
        }
        String text = text(file);
        String ending = file.toString().toLowerCase(Locale.ROOT);
        Path folder = file.toAbsolutePath().getParent();
        Parser p = new Parser(file.toString());
        if (ending.endsWith(".jsonl") || ending.endsWith(".ndjson")) {
            p.json(text);
        } else if (ending.endsWith(".csv") || ending.endsWith(".tsv") || ending.endsWith(".txt")) {
            p.csv(text);
        } else {
            throw new ManifestException(file.toString(), List.of(
                    new Problem(0, null, "a manifest ends in .csv, .tsv or .jsonl")));
        }
        return p.manifest(folder == null ? Path.of("") : folder);
    }

    /**
     * {@return the columns that are written otherwise than the known ones that they seem to be, such as Edit-Mask}
     *
     * @param known
     *            names of columns that have a meaning
     */
    public List<Problem> misnamed(Set<String> known) {
        List<Problem> found = new ArrayList<>();
        for (String column : columns) {
            if (!known.contains(column) && known.contains(usual(column))) {
                found.add(new Problem(0, column, "is called " + usual(column)));
            }
        }
        return found;
    }

    /** {@return a column as known ones are written} */
    static String usual(String column) {
        return column.toLowerCase(Locale.ROOT).replace('-', '_').replace(' ', '_');
    }

    /**
     * {@return this, if all its rows can be understood}
     *
     * @throws ManifestException
     *             if not
     */
    public Manifest whole() {
        if (!problems.isEmpty()) {
            throw new ManifestException(name, problems);
        }
        return this;
    }

    /**
     * Reads a manifest from a text.
     *
     * @param name
     *            its name, for messages
     * @param csv
     *            CSV
     * @param folder
     *            folder that relative names of files start from
     * @return the manifest
     * @throws ManifestException
     *             if it cannot be understood
     */
    public static Manifest ofCsv(String name, String csv, Path folder) {
        Parser p = new Parser(name);
        p.csv(csv);
        return p.manifest(folder);
    }

    /**
     * {@return the text of a file}
     *
     * @param file
     *            the file, in UTF-8 with or without a byte order mark
     * @throws ManifestException
     *             if it is not text in UTF-8
     * @throws IOException
     *             if it cannot be read
     */
    public static String text(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
            if (text.indexOf('\0') >= 0) {
                throw new CharacterCodingException();
            }
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new ManifestException(file.toString(),
                    List.of(new Problem(0, null, "is not text in UTF-8; save it as 'CSV UTF-8'")));
        }
    }

    /** A last row; if it is not found, a quote before it is still open. */
    private static final String END = "\u0001end";

    /** Collects rows, and what is wrong with them. */
    private static final class Parser {
        private final String name;
        private final Set<String> columns = new LinkedHashSet<>();
        private final List<Values> rows = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();

        Parser(String name) {
            this.name = name;
        }

        Manifest manifest(Path folder) {
            if (rows.isEmpty() && problems.isEmpty()) {
                problems.add(new Problem(0, null, "has no rows"));
            }
            if (problems.stream().anyMatch(x -> x.row() == 0)) {
                throw new ManifestException(name, problems);
            }
            return new Manifest(name, folder, List.copyOf(columns), rows, List.copyOf(problems));
        }

        void csv(String commented) {
            String text = withoutComments(commented);
            String header = text.lines().findFirst().orElse("");
            char separator = header.indexOf('\t') >= 0
                    ? '\t'
                    : header.indexOf(',') < 0 && header.indexOf(';') >= 0 ? ';' : ',';
            List<String> names = null;
            boolean ended = false;
            boolean broken = false;
            try (CsvReader<CsvRecord> reader = CsvReader.builder().fieldSeparator(separator)
                    .commentStrategy(CommentStrategy.NONE).skipEmptyLines(true)
                    .ignoreDifferentFieldCount(true).ofCsvRecord(text + "\n" + END)) {
                for (CsvRecord r : reader) {
                    ended = r.getFieldCount() == 1 && r.getField(0).equals(END);
                    if (ended) {
                        break;
                    }
                    if (names == null) {
                        names = header(r);
                    } else {
                        row(names, r);
                    }
                }
            } catch (CsvParseException e) {
                broken = true;
                String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
                problems.add(new Problem(rows.size() + 1, null, "is not CSV: " + why));
            } catch (IOException e) {
                throw new UncheckedIOException(e); // never: the text is in memory
            }
            if (!ended && !broken) {
                problems.clear(); // the open quote took in all that follows it
                problems.add(new Problem(0, null, "a quote is opened in " + (rows.isEmpty()
                        ? "the header"
                        : "row " + rows.size()) + " and never closed"));
            }
        }

        /** Comments are looked for before the header only: later, a line may be part of a quoted cell. */
        private static String withoutComments(String text) {
            int from = 0;
            while (text.startsWith("# ", from)) {
                int end = text.indexOf('\n', from);
                from = end < 0 ? text.length() : end + 1;
            }
            return text.substring(from);
        }

        private List<String> header(CsvRecord r) {
            List<String> names = new ArrayList<>();
            for (String cell : r.getFields()) {
                String column = column(cell);
                if (column.isEmpty()) {
                    problems.add(new Problem(0, null, "column " + (names.size() + 1) + " has no name"));
                } else if (names.contains(column)) {
                    problems.add(new Problem(0, column, "is there twice; further values of one column are called "
                            + column + ".2, " + column + ".3"));
                }
                names.add(column);
            }
            names.replaceAll(c -> plain(c, names));
            columns.addAll(names);
            return names;
        }

        private void row(List<String> names, CsvRecord r) {
            int number = rows.size() + 1;
            if (r.getFieldCount() != names.size()) {
                problems.add(new Problem(number, null, "has " + r.getFieldCount() + " cells, the header "
                        + names.size() + "; text with a separator in it needs quotes"));
            }
            Map<String, List<String>> values = new LinkedHashMap<>();
            for (int i = 0; i < Math.min(names.size(), r.getFieldCount()); i++) {
                String value = r.getField(i);
                if (!value.isBlank()) {
                    values.computeIfAbsent(names.get(i), c -> new ArrayList<>()).add(value.strip());
                }
            }
            rows.add(new Values(values));
        }

        void json(String text) {
            for (String each : text.lines().toList()) {
                if (each.isBlank()) {
                    continue;
                }
                try {
                    object(JSON.readTree(each));
                } catch (JsonProcessingException e) {
                    problems.add(new Problem(rows.size() + 1, null,
                            "is not JSON: " + JsonFault.of(e.getOriginalMessage())));
                    rows.add(new Values(Map.of()));
                }
            }
        }

        private void object(JsonNode node) {
            int number = rows.size() + 1;
            if (!node.isObject()) {
                problems.add(new Problem(number, null, "is not an object in braces"));
            }
            Map<String, List<String>> values = new LinkedHashMap<>();
            node.properties().forEach(e -> {
                String column = column(e.getKey());
                columns.add(column);
                List<String> all = new ArrayList<>();
                Iterable<JsonNode> each = e.getValue().isArray() ? e.getValue() : List.of(e.getValue());
                for (JsonNode v : each) {
                    if (v.isContainerNode()) {
                        problems.add(new Problem(number, column, "a word, number or list of them is expected"));
                    } else if (!v.isNull() && !v.asText().isBlank()) {
                        all.add(v.isNumber() ? number(v) : v.asText().strip());
                    }
                }
                values.put(column, all);
            });
            rows.add(new Values(values));
        }

        private static String number(JsonNode v) {
            return v.isIntegralNumber() ? v.bigIntegerValue().toString() : v.decimalValue().toPlainString();
        }

        private static String column(String name) {
            return name.strip();
        }

        /** {@return the column of which this is a further value; itself if there is no such column} */
        private static String plain(String column, List<String> names) {
            Matcher m = NUMBERED.matcher(column);
            return m.matches() && names.contains(m.group(1)) ? m.group(1) : column;
        }
    }
}
