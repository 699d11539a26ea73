package radedit.cli;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;
import radedit.imaging.Film;
import radedit.imaging.FilmOptions;
import radedit.imaging.Films;
import radedit.imaging.ImageRequestException;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.safetensors.Safetensors;
import radedit.tensor.Tensor;

/** Reads input files; every error is attributed to the input and names it. */
final class Inputs {
    /** Reads something from a file. */
    @FunctionalInterface
    interface Reader<T> {
        T read(Path file) throws IOException;
    }

    /** Reads something that is not a single file. */
    @FunctionalInterface
    interface Source<T> {
        T read() throws IOException;
    }

    private Inputs() {
    }

    /** Parses the name of a file or folder. An empty one would mean the working folder. */
    static Path path(String value) {
        if (value.isEmpty()) {
            throw new TypeConversionException("an empty name");
        }
        try {
            return Path.of(value);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + value.replaceAll("\\p{Cntrl}", "?")
                    + "' is not the name of a file");
        }
    }

    /** Refuses the name of a file or folder, or another word, that is given but empty. */
    static void requireWord(String option, @Nullable String value) {
        if (value != null && value.isBlank()) {
            throw new InvalidRequestException(option + " is given an empty name; leave it out, or say what is meant");
        }
    }

    static <T> T read(Path file, Reader<T> reader) {
        return read(file.toString(), () -> reader.read(file));
    }

    static <T> T read(String name, Source<T> source) {
        try {
            return source.read();
        } catch (ImageRequestException e) {
            throw new InvalidRequestException(OptionNames.in(e));
        } catch (IOException e) {
            String message = OptionNames.in(e);
            throw new InvalidInputException(message.contains(name) ? message : name + ": " + message, e);
        }
    }

    /** Reads a film; warnings about its file are passed on. */
    static Film film(Path file, FilmOptions options, Consumer<String> warning) {
        Film film = read(file, f -> Films.read(f, options));
        film.warnings().forEach(w -> warning.accept(file + ": " + OptionNames.in(w)));
        return film;
    }

    /** The tensor NAME or in.NAME; empty if there is none. */
    static Optional<Tensor> tensor(Safetensors file, String name) throws IOException {
        String prefixed = "in." + name;
        if (file.tensors().containsKey(prefixed)) {
            return Optional.of(file.read(prefixed));
        }
        return file.tensors().containsKey(name) ? Optional.of(file.read(name)) : Optional.empty();
    }

    /** The tensor NAME or in.NAME. */
    static Tensor tensor(Path path, String name) {
        return read(path, p -> {
            try (Safetensors file = Safetensors.open(p)) {
                return tensor(file, name)
                        .orElseThrow(() -> new InvalidInputException(p + ": has no tensor '" + name + "'"));
            }
        });
    }
}
