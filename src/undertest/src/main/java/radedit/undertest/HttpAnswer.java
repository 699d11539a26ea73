package radedit.undertest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import radedit.imaging.ImageFormatException;
import radedit.imaging.Mask;
import radedit.imaging.MaskReader;
import radedit.imaging.MaskSelection;
import radedit.undertest.ModelException.Reason;
import radedit.undertest.ModelUnderTest.Kind;

/** The answer of a server to the films of one request. */
final class HttpAnswer {
    private final String source;
    private final OutputSpec spec;
    private final List<JsonNode> entries = new ArrayList<>();

    HttpAnswer(String source, ObjectNode json, OutputSpec spec, int films) throws ModelException {
        this.source = source;
        this.spec = spec;
        String key = spec.kind() == Kind.CLASSIFICATION ? "scores" : "masks";
        JsonNode all = json.get(key);
        if (all == null) {
            throw wrong("has no \"" + key + "\": " + SpecReader.shorten(json.toString()));
        }
        if (films == 1 && (all.isObject() || all.isArray() && !all.isEmpty() && all.get(0).isNumber())) {
            entries.add(all);
        } else if (all.isArray()) {
            all.forEach(entries::add);
        }
        if (entries.size() != films) {
            throw wrong("has " + entries.size() + " entries in \"" + key + "\" for " + films + " films");
        }
        checkClasses(json.get("classes"));
    }

    private ModelException wrong(String fault) {
        return new ModelException(Reason.RUN, source + ": the answer " + fault);
    }

    /** Names in the answer have to be those that were given. */
    private void checkClasses(@Nullable JsonNode classes) throws ModelException {
        if (classes == null || spec.channels().isEmpty() || spec.columns() == 0) {
            return;
        }
        for (OutputSpec.Channel c : spec.channels()) {
            JsonNode name = classes.get(c.index());
            if (name == null || !c.name().equals(name.textValue())) {
                throw wrong("has " + SpecReader.shorten(String.valueOf(name)) + " as class number " + c.index()
                        + " (from 0), but '" + c.name() + "' is expected there");
            }
        }
    }

    JsonNode entry(int film) {
        return entries.get(film);
    }

    Output output(int film, GreyFilm input) throws IOException {
        return spec.kind() == Kind.CLASSIFICATION ? scores(entries.get(film)) : masks(entries.get(film), input);
    }

    private Output.Scores scores(JsonNode entry) throws ModelException {
        if (entry instanceof ObjectNode o) {
            // By name: the columns of the specification do not matter.
            double[] values = new double[spec.names().size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = number(o.get(spec.names().get(i)), spec.names().get(i));
            }
            return new OutputDecoder(source, spec.withNames(spec.names())).scores(values);
        }
        if (!entry.isArray()) {
            throw wrong("has " + SpecReader.shorten(entry.toString()) + " where the scores of a film are expected");
        }
        double[] values = new double[entry.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = number(entry.get(i), "number " + i);
        }
        return new OutputDecoder(source, spec).scores(values);
    }

    private double number(@Nullable JsonNode v, String name) throws ModelException {
        if (v == null || !v.isNumber()) {
            throw wrong("has " + SpecReader.shorten(String.valueOf(v)) + " as the score of " + name
                    + ", a number is expected");
        }
        return v.doubleValue();
    }

    private Output.Masks masks(JsonNode entry, GreyFilm film) throws IOException {
        List<Mask> all = new ArrayList<>();
        for (String name : spec.names()) {
            JsonNode v = entry.get(name);
            if (v == null || v.textValue() == null) {
                throw wrong("has no mask of " + name + " (a PNG in base64)");
            }
            Mask mask = mask(name, v.textValue());
            if (mask.width() != film.width() || mask.height() != film.height()) {
                throw wrong("has a mask of " + name + " with " + mask.width() + " x " + mask.height()
                        + " pixels for a film of " + film.width() + " x " + film.height());
            }
            all.add(mask);
        }
        return new Output.Masks(all, new Output.Region(0, 0, film.width(), film.height()),
                new Output.Range(0, 1, 0, 0, 0));
    }

    private Mask mask(String name, String base64) throws IOException {
        Path file = Files.createTempFile("radedit-mask", ".png");
        try {
            Files.write(file, Base64.getDecoder().decode(base64));
            return MaskReader.read(file, MaskSelection.DEFAULT, n -> {
            });
        } catch (IllegalArgumentException e) {
            throw wrong("has a mask of " + name + " that is not base64");
        } catch (ImageFormatException e) {
            throw wrong("has a mask of " + name + " that "
                    + String.valueOf(e.getMessage()).replace(file + ": ", "cannot be read: "));
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
