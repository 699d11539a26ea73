package radedit.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;
import radedit.pipeline.Scorer;

/** The texts that films are compared with, one by one or averaged. */
final class ScoreTexts {
    private static final long MOST_BYTES = 16 << 20;

    /**
     * A text.
     *
     * @param source
     *            its line of the file, for messages; null if it was given on the command line
     */
    private record Text(String text, @Nullable String source) {}

    private final List<Text> all;
    private final boolean average;

    private ScoreTexts(List<Text> all, boolean average) {
        this.all = all;
        this.average = average;
    }

    /**
     * Collects the texts.
     *
     * @param given
     *            texts on the command line
     * @param file
     *            a file with one text per line; null for none
     * @param average
     *            whether to average them
     * @throws InvalidRequestException
     *            if there are none
     * @throws InvalidInputException
     *            if the file cannot be read or has none
     */
    static ScoreTexts of(List<String> given, @Nullable Path file, boolean average) {
        List<Text> all = new ArrayList<>();
        given.forEach(t -> all.add(new Text(t, null)));
        if (file != null) {
            all.addAll(read(file));
        }
        if (all.isEmpty()) {
            throw new InvalidRequestException("a text is missing: --text T, or --texts FILE with one per line");
        }
        return new ScoreTexts(List.copyOf(all), average);
    }

    private static List<Text> read(Path file) {
        List<String> lines = Inputs.read(file, p -> {
            if (!Files.isRegularFile(p) && Files.exists(p)) {
                throw new IOException(p + ": is not a regular file");
            }
            if (Files.size(p) > MOST_BYTES) {
                throw new IOException(p + ": is larger than " + (MOST_BYTES >> 20) + " MB; expected one text per line");
            }
            try {
                return Files.readString(p, StandardCharsets.UTF_8).lines().toList();
            } catch (CharacterCodingException e) {
                throw new IOException(p + ": is not UTF-8 text", e);
            }
        });
        List<Text> texts = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replace("\uFEFF", "").strip(); // a byte order mark
            if (!line.isEmpty()) {
                texts.add(new Text(line, file + ": line " + (i + 1)));
            }
        }
        if (texts.isEmpty()) {
            throw new InvalidInputException(file + ": holds no text");
        }
        return texts;
    }

    List<String> texts() {
        return all.stream().map(Text::text).toList();
    }

    /** Whether films get one score for each of several texts. */
    boolean isRanked() {
        return all.size() > 1 && !average;
    }

    /**
     * The embedding of each text by itself, or the mean of all.
     *
     * @throws InvalidRequestException
     *            if a text of the command line is empty, too long, or contains a special token
     * @throws InvalidInputException
     *            if a text of the file is
     */
    List<double[]> embed(Scorer scorer, Listener listener) {
        if (!isRanked()) {
            return List.of(embed(scorer, all));
        }
        List<double[]> each = new ArrayList<>();
        for (Text t : all) {
            each.add(embed(scorer, List.of(t)));
            listener.progress("texts", each.size(), all.size());
        }
        return each;
    }

    private static double[] embed(Scorer scorer, List<Text> texts) {
        try {
            return scorer.text(texts.stream().map(Text::text).toList());
        } catch (InvalidRequestException e) {
            if (texts.size() > 1) {
                texts.forEach(t -> embed(scorer, List.of(t))); // throws for the text at fault
            }
            if (texts.getFirst().source() == null) {
                throw e;
            }
            throw new InvalidInputException(texts.getFirst().source() + ": " + OptionNames.in(e), e);
        }
    }
}
