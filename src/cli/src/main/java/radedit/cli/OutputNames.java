package radedit.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import radedit.files.OutputFile;
import radedit.pipeline.InvalidRequestException;

/**
 * The output files of a command's pictures. A name with {n}, {seed}, {prompt}, {film} or {case} is a pattern; a plain name
 * gets the picture's number if there are several; in a folder pictures have the names of their cases, or are named
 * radedit-1.png and so on, after existing ones.
 */
final class OutputNames {
    /**
     * Values of a name's fields.
     *
     * @param number
     *            number of the picture in its batch, from 1
     * @param film
     *            name of the edited film without its ending; null for none
     * @param name
     *            name of the picture's case; null for none
     */
    record Labels(int number, long seed, String prompt, @Nullable String film, @Nullable String name) {
        Labels(int number, long seed, String prompt, @Nullable String film) {
            this(number, seed, prompt, film, null);
        }
    }

    /** An escaped brace, a field, or an unmatched brace. */
    private static final Pattern PART = Pattern.compile("\\{\\{|\\}\\}|\\{([^{}]*)\\}|[{}]");
    /** A number field with its minimum number of digits. */
    private static final Pattern NUMBER = Pattern.compile("(n|seed)(?::0?([1-9]\\d?))?");
    private static final String FIELDS = "{n}, {seed}, {prompt}, {film} or {case}, and {n:03} for three digits; {{ and }} are braces";
    private static final int LONGEST_WORD = 60;
    private static final String STEM = "radedit";

    private final Path output;
    private final boolean folder;
    private final boolean replace;
    private final boolean numbered;
    private int shift;

    /**
     * Chooses the names of all pictures.
     *
     * @param overwrite
     *            null for the default: yes for a name, no in a folder
     * @throws InvalidRequestException
     *            if the pattern is malformed, or a file exists that must not be overwritten
     */
    OutputNames(Path output, @Nullable Overwrite overwrite, List<Labels> pictures) {
        this.output = output;
        this.folder = Files.isDirectory(output);
        this.replace = overwrite == null ? !folder : overwrite == Overwrite.YES;
        this.numbered = pictures.size() > 1 && !isSpecial(output)
                && (folder || named(pictures).size() < pictures.size());
        if (folder && !replace) {
            shift = pictures.stream().noneMatch(p -> p.name == null && Files.exists(place(p))) ? 0 : highest();
        }
        for (Labels p : pictures) {
            Path file = place(p);
            if (!replace && isFixed(p) && Files.exists(file) && !isSpecial(file)) {
                throw new InvalidRequestException(
                        file + ": exists already; choose another name, or --overwrite yes to replace it");
            }
        }
    }

    /** Whether the output is a device or pipe, which receives all pictures in sequence. */
    private static boolean isSpecial(Path output) {
        return OutputFile.isDevice(output);
    }

    /** Whether a picture has the same name whatever else there is. */
    private boolean isFixed(Labels p) {
        return !folder || p.name != null;
    }

    /** The names by the pattern alone. */
    private Set<String> named(List<Labels> pictures) {
        Set<String> all = new HashSet<>();
        pictures.forEach(p -> all.add(filled(output.toString(), p)));
        return all;
    }

    /** The highest number of a picture in the folder. */
    private int highest() {
        Pattern name = Pattern.compile(STEM + "(?:-(\\d{1,8}))?\\.png");
        int highest = 0;
        try (var files = Files.newDirectoryStream(output, STEM + "*.png")) {
            for (Path f : files) {
                Matcher m = name.matcher(f.getFileName().toString());
                if (m.matches()) {
                    highest = Math.max(highest, m.group(1) == null ? 1 : Integer.parseInt(m.group(1)));
                }
            }
        } catch (IOException e) {
            throw new InvalidRequestException(output + ": cannot be listed");
        }
        return highest;
    }

    /** The file of a picture. */
    Path place(Labels picture) {
        if (folder && picture.name != null) {
            return output.resolve(picture.name + ".png");
        }
        if (folder) {
            boolean bare = !numbered && shift == 0;
            int number = (numbered ? picture.number : 1) + shift;
            return output.resolve(STEM + (bare ? "" : "-" + number) + ".png");
        }
        String name = filled(output.toString(), picture);
        if (numbered) {
            int dot = name.toLowerCase(Locale.ROOT).endsWith(".nii.gz") ? name.length() - 7 : name.lastIndexOf('.');
            name = name.substring(0, dot) + "-" + picture.number + name.substring(dot);
        }
        return Path.of(name);
    }

    /** Writes a picture and returns its file. */
    Path write(Labels picture, OutputFile.Content content) throws IOException {
        Path file = place(picture);
        if (replace || isSpecial(file)) {
            OutputFile.write(file, content);
            return file;
        }
        while (true) {
            try {
                OutputFile.create(file, content);
                return file;
            } catch (FileAlreadyExistsException e) {
                if (isFixed(picture)) {
                    throw new IOException(file + ": was created meanwhile; --overwrite yes would replace it", e);
                }
                shift += 1; // another program is writing to this folder too
                file = place(picture);
            }
        }
    }

    /** Whether a name is a pattern with a number field. */
    static boolean isNumbered(Path output) {
        return PART.matcher(output.toString()).results().map(m -> m.group(1))
                .anyMatch(field -> field != null && field.matches("n(:.*)?"));
    }

    /**
     * Fills in a pattern.
     *
     * @throws InvalidRequestException
     *            if it has an unknown field or an unmatched brace
     */
    private static String filled(String pattern, Labels p) {
        return PART.matcher(pattern).replaceAll(m -> Matcher.quoteReplacement(
                m.group(1) == null ? brace(pattern, m.group()) : field(pattern, m.group(1), p)));
    }

    private static String brace(String pattern, String braces) {
        if (braces.length() == 1) {
            throw new InvalidRequestException("-o " + pattern + ": a " + braces + " has no "
                    + (braces.equals("{") ? "}" : "{") + "; a pattern may contain " + FIELDS);
        }
        return braces.substring(1);
    }

    private static String field(String pattern, String field, Labels p) {
        Matcher number = NUMBER.matcher(field);
        if (number.matches()) {
            return padded(number.group(1).equals("n") ? p.number : p.seed, number.group(2));
        }
        return switch (field) {
            case "prompt" -> word(p.prompt);
            case "film" -> word(required(p.film, "{film} is for edits; these pictures do not come from a film"));
            case "case" -> required(p.name, "{case} is for lists of prompts, in which each has a case_id");
            default -> throw new InvalidRequestException(
                    "-o " + pattern + ": {" + field + "} is unknown; a pattern may contain " + FIELDS);
        };
    }

    private static String required(@Nullable String value, String otherwise) {
        if (value == null) {
            throw new InvalidRequestException("-o: " + otherwise);
        }
        return value;
    }

    private static String padded(long value, @Nullable String width) {
        return width == null ? Long.toString(value) : String.format(Locale.ROOT, "%0" + width + "d", value);
    }

    /** A text reduced to letters, digits and hyphens, for file names. */
    private static String word(String text) {
        String word = text.strip().replaceAll("[^\\p{L}\\p{N}._]+", "-").replaceAll("^[-.]+|[-.]+$", "");
        return word.isEmpty()
                ? "empty"
                : word.substring(0,
                        word.offsetByCodePoints(0, Math.min(LONGEST_WORD, word.codePointCount(0, word.length()))));
    }
}
