package radedit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import radedit.files.OutputFile;
import radedit.imaging.Explanation;
import radedit.imaging.Film;
import radedit.imaging.ImageFormatException;
import radedit.imaging.Picture;
import radedit.imaging.pixel.PixelArray;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Metadata;
import radedit.safetensors.SafetensorsWriter;
import radedit.about.Version;
import radedit.tensor.DType;
import radedit.tensor.Shape;

/** radedit film. */
@Command(name = "film", mixinStandardHelpOptions = true, description = "Reads films and explains their values.", subcommands = {
        FilmCommand.Read.class, FilmCommand.Explain.class})
final class FilmCommand {
    private FilmCommand() {
    }

    /** radedit film read. */
    @Command(name = "read", mixinStandardHelpOptions = true, description = {
            "Prints what a film's file says about itself, or writes its values as tensors (-o).",
            "Tensors are [rows, columns], frames first if several are read, colour samples last: stored (I32; F64 if the"
                    + " values are not 32-bit integers), modality (F64), display (F64, 0 to 1), himl (U8, as"
                    + " hi-ml's loader), and picture (U8, what --loader shows a model)."})
    static final class Read implements Callable<Integer> {
        @Parameters(paramLabel = "F", description = FilmInput.FORMATS)
        private Path file;

        @Option(names = {"-o",
                "--output"}, paramLabel = "OUT", converter = Outputs.Converter.class, description = "where the tensors go (safetensors)")
        private @Nullable Path output;

        @Option(names = "--json", description = "print one JSON document about the film, nothing else, on stdout")
        private boolean json;

        @Mixin
        private FilmInput input;

        @Mixin
        private ConsoleListener console;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            if (output != null) {
                Outputs.requireDistinct("", output, file);
                OutputOptions.requireTensors("", output);
                OutputFile.check(output);
            }
            Film film = Inputs.film(file, input.options(), console.to(spec.commandLine().getErr())::warning);
            Map<String, Object> about = new LinkedHashMap<>();
            about.put("loader", film.options().loader().toString());
            about.put("film", film.describe());
            about.put("program", "RadEdit " + Version.get());
            if (output != null) {
                SafetensorsWriter writer = tensors(film).metadata(Metadata.KEY, Metadata.json(about));
                OutputFile.write(output, writer::writeTo);
            }
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                Map<String, Object> document = new LinkedHashMap<>();
                document.put("outputs", output == null ? List.of() : List.of(output.toString()));
                document.putAll(about);
                out.println(OutputOptions.JSON.writeValueAsString(document));
            } else if (output == null) {
                SettingsText.print(out, "", OutputOptions.JSON.valueToTree(film.describe()));
            } else if (!console.quiet()) {
                out.println(output);
            }
            return Exit.OK;
        }

        private static SafetensorsWriter tensors(Film film) {
            PixelArray p = film.pixels();
            SafetensorsWriter w = new SafetensorsWriter();
            w.add("stored", p.isInteger() ? DType.I32 : DType.F64, shape(film, p.samples()), sink -> {
                for (int i = 0; i < p.size(); i++) {
                    sink.put(p.at(i));
                }
            });
            w.add("modality", DType.F64, shape(film, p.samples()), sink -> put(sink, film.modality()));
            w.add("display", DType.F64, shape(film, 1), sink -> put(sink, film.display()));
            w.add("himl", DType.U8, shape(film, 1), sink -> put(sink, film.himl()));
            List<Picture> pictures = new ArrayList<>();
            for (int f = 0; f < film.frames(); f++) {
                pictures.add(film.picture(f));
            }
            return w.add("picture", DType.U8, shape(film, pictures.getFirst().channels()), sink -> {
                for (Picture picture : pictures) {
                    put(sink, picture.samples());
                }
            });
        }

        private static Shape shape(Film film, int samples) {
            List<Integer> dims = new ArrayList<>(List.of(film.rows(), film.columns()));
            if (film.frames() > 1) {
                dims.addFirst(film.frames());
            }
            if (samples > 1) {
                dims.addLast(samples);
            }
            return Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
        }

        private static void put(SafetensorsWriter.Sink sink, double[] values) throws IOException {
            for (double v : values) {
                sink.put(v);
            }
        }

        private static void put(SafetensorsWriter.Sink sink, byte[] values) throws IOException {
            for (byte v : values) {
                sink.put(v & 0xFF);
            }
        }
    }

    /** radedit film explain. */
    @Command(name = "explain", mixinStandardHelpOptions = true, description = "Explains step by step how stored values become grey levels.")
    static final class Explain implements Callable<Integer> {
        static final class PixelConverter implements ITypeConverter<Explanation.Pixel> {
            @Override
            public Explanation.Pixel convert(String value) {
                String[] parts = value.split(",", -1);
                try {
                    if (parts.length == 2) {
                        return new Explanation.Pixel(Integer.parseInt(parts[0].strip()),
                                Integer.parseInt(parts[1].strip()));
                    }
                } catch (NumberFormatException e) {
                    // falls through to the message below
                }
                throw new TypeConversionException("'" + value + "' is not x,y");
            }
        }

        @Parameters(paramLabel = "F", description = FilmInput.FORMATS)
        private Path file;

        @Option(names = "--at", paramLabel = "X,Y", converter = PixelConverter.class, description = "one pixel: column and row, counted from 0 (default: the range over the frame)")
        private Explanation.@Nullable Pixel at;

        @Option(names = "--json", description = "print one JSON document")
        private boolean json;

        @Mixin
        private FilmInput input;

        @Mixin
        private ConsoleListener console;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            Film film = Inputs.film(file, input.options(), console.to(spec.commandLine().getErr())::warning);
            if (at != null && film.frames() > 1) {
                throw new ImageFormatException(file, "has " + film.frames() + " frames; choose one with --frame (1 to "
                        + film.framesInFile() + ")");
            }
            if (at != null
                    && (at.x() < 0 || at.x() >= film.columns() || at.y() < 0 || at.y() >= film.rows())) {
                throw new InvalidRequestException("--at " + at.x() + "," + at.y() + " lies outside the film, which has "
                        + film.columns() + " columns and " + film.rows() + " rows");
            }
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(OutputOptions.JSON.writeValueAsString(document(film)));
            } else {
                text(film, out);
            }
            return Exit.OK;
        }

        private Map<String, Object> document(Film film) {
            Map<String, Object> d = new LinkedHashMap<>();
            d.put("file", film.file().toString());
            d.putAll(film.describe());
            d.put("loader", film.options().loader().toString());
            if (at != null) {
                d.put("pixel", Map.of("x", at.x(), "y", at.y()));
            }
            List<Object> frames = new ArrayList<>();
            for (int f = 0; f < film.frames(); f++) {
                List<Object> steps = new ArrayList<>();
                for (Explanation.Step s : Explanation.of(film, f, at).steps()) {
                    Map<String, Object> step = new LinkedHashMap<>();
                    step.put("step", s.name());
                    if (!s.values().isEmpty()) {
                        boolean one = at != null && s.values().size() == 1;
                        step.put(at == null ? "range" : "value", one ? s.values().getFirst() : s.values());
                    }
                    step.put("how", s.how());
                    steps.add(step);
                }
                frames.add(steps);
            }
            // A flat list of steps in the usual case of one frame.
            d.put("steps", frames.size() == 1 ? frames.getFirst() : frames);
            return d;
        }

        private void text(Film film, PrintWriter out) {
            StringBuilder head = new StringBuilder(film.file() + ": " + film.format());
            for (String fact : List.of("transfer_syntax", "photometric_interpretation", "colours", "exif_orientation",
                    "tiff_orientation")) {
                if (film.facts().containsKey(fact)) {
                    head.append(fact.endsWith("_orientation") ? ", orientation " : ", ").append(film.facts().get(fact));
                }
            }
            head.append(", ").append(film.columns()).append(" x ").append(film.rows()).append(" pixels");
            if (film.framesInFile() > 1) {
                head.append(", ").append(film.framesInFile()).append(" frames");
            }
            out.println(head);
            if (film.pixelAspect() != 1) {
                out.println("pixels are " + film.pixelAspect()
                        + " times as high as wide; they are not resampled here, edits make them square");
            }
            for (int f = 0; f < film.frames(); f++) {
                if (film.framesInFile() > 1) {
                    out.println("frame " + (input.options().frame() == 0 ? f + 1 : input.options().frame()));
                }
                if (at != null) {
                    out.println("pixel in column " + at.x() + ", row " + at.y());
                }
                for (Explanation.Step s : Explanation.of(film, f, at).steps()) {
                    out.printf("  %-9s %-20s %s%n", s.name(), s.text(at != null), s.how());
                }
            }
        }
    }
}
