package radedit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import radedit.files.OutputFile;
import radedit.imaging.Film;
import radedit.imaging.ImageFormatException;
import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.Outline;
import radedit.imaging.Picture;
import radedit.imaging.mask.Extent;
import radedit.imaging.mask.MaskSource;
import radedit.pipeline.InvalidRequestException;
import radedit.safetensors.SafetensorsWriter;
import radedit.about.Version;
import radedit.tensor.DType;
import radedit.tensor.Shape;

/** radedit mask. */
@Command(name = "mask", mixinStandardHelpOptions = true, description = "Makes a mask from files, shapes and other masks.", footerHeading = "%nSources:%n", footer = {
        "  FILE                      PNG, DICOM segmentation, NIfTI, safetensors (tensor",
        "                            mask), any film",
        "  FILE#frame=2              one frame or slice (from 1); frame=all joins them",
        "  FILE#segment=Heart        a segment of a segmentation by label or number;",
        "                            NAME+NAME for several",
        "  FILE#label=1+3            values that are the mask; FILE#above=0: all above",
        "  FILE#alpha=set            what is opaque; alpha=clear: transparent (ComfyUI,",
        "                            OpenAI); alpha=ignore: brightness",
        "  box:X,Y,W,H               W x H pixels from column X, row Y, from 0",
        "  polygon:'X,Y X,Y X,Y'     what the line encloses",
        "  rle:'START LENGTH ...'    run lengths row by row, counted from 1, as CheXmask",
        "                            has them",
        "  rle:T.csv#id=F.png,column=Left Lung+Right Lung     the same from a table;",
        "                            row=K instead of id",
        "  landmarks:T.csv#id=F.png,part=heart                CheXmask's landmarks: right",
        "                            lung, left lung, heart", "  all                       the whole film", "",
        "The mask in a picture is what is brighter than 127 of 255, whatever its",
        "transparency (alpha); where all its colours are equal, what is opaque",
        "(alpha above 127); in a PNG with a palette, all but index 0. #alpha=set,",
        "clear or ignore after the name overrides this.", "",
        "Several sources are joined; then --intersect, --subtract, --invert, --erode,",
        "--dilate and --apart-from follow in this order. Shapes, runs and 'all' need",
        "--film or --size. Coordinates are pixels of the film as stored and turned",
        "upright (by its orientation tag).", "", "Examples:",
        "  radedit mask box:120,80,200,160 --film f.dcm -o edit.png --preview look.png",
        "  radedit mask 'rle:chexmask.csv#id=f.png,column=Left Lung' --dilate 8 \\", "      -o lung.png",
        "  radedit mask all --apart-from edit.png --free-band 16 --film f.dcm -o keep.png"})
final class MaskCommand implements Callable<Integer> {
    private static final int FARTHEST = 0xFFFF;

    @Parameters(paramLabel = "SOURCE", arity = "1..*", description = "mask sources, see below; several are joined")
    private List<String> sources;

    @Option(names = {"--intersect",
            "--intersection"}, paramLabel = "SOURCE", description = "keep only what is in this too; may be repeated")
    private List<String> intersect = new ArrayList<>();

    @Option(names = {"--subtract",
            "--difference"}, paramLabel = "SOURCE", description = "remove this; may be repeated")
    private List<String> subtract = new ArrayList<>();

    @Option(names = "--invert", description = "select all other pixels")
    private boolean invert;

    @Option(names = "--erode", paramLabel = "N", defaultValue = "0", description = "remove what is within N pixels of the outside")
    private int erode;

    @Option(names = "--dilate", paramLabel = "N", defaultValue = "0", description = "add what is within N pixels (a disc)")
    private int dilate;

    @Option(names = "--apart-from", paramLabel = "SOURCE", description = "remove this and --free-band pixels around it")
    private @Nullable String apartFrom;

    @Option(names = "--free-band", paramLabel = "N", defaultValue = "0", description = "see --apart-from")
    private int freeBand;

    @Option(names = "--film", paramLabel = "F", description = "the film the mask is for: gives the size, and is what --preview shows")
    private @Nullable Path film;

    @Option(names = "--size", paramLabel = "WxH", description = "the film's size instead, such as 2048x2500")
    private @Nullable String size;

    @Option(names = {"-o",
            "--output"}, paramLabel = "OUT", required = true, converter = Outputs.Converter.class, description = "x.png (0 and 255) or x.safetensors (mask, U8: 0 and 1)")
    private Path output;

    @Option(names = "--preview", paramLabel = "F", description = "draw the mask's outline on the film (PNG)")
    private @Nullable Path preview;

    @Option(names = "--json", description = "print one JSON document about the mask, nothing else, on stdout")
    private boolean json;

    @Mixin
    private FilmInput input;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    /** The film's size; null until it is known. */
    private @Nullable Extent extent;

    @Override
    public Integer call() throws IOException {
        console.to(spec.commandLine().getErr());
        check();
        Film shown = film == null ? null : Inputs.film(film, input.options(), console::warning);
        extent = shown != null ? new Extent(shown.columns(), shown.rows()) : given();
        Mask m = combined();
        Picture drawn = preview == null ? null : drawn(shown, m);
        write(m);
        if (preview != null && drawn != null) {
            OutputFile.write(preview,
                    out -> Images.writePng(out, drawn, Map.of("Software", "RadEdit " + Version.get())));
        }
        report(m);
        return Exit.OK;
    }

    private void check() throws IOException {
        for (var e : Map.of("--erode", erode, "--dilate", dilate, "--free-band", freeBand).entrySet()) {
            if (e.getValue() < 0 || e.getValue() > FARTHEST) {
                throw new InvalidRequestException(
                        e.getKey() + " counts pixels from 0 to " + FARTHEST + ", not " + e.getValue());
            }
        }
        if (freeBand > 0 && apartFrom == null) {
            throw new InvalidRequestException("--free-band needs --apart-from");
        }
        if (film != null && size != null) {
            throw new InvalidRequestException("--film and --size both say how large the film is; give one");
        }
        if (film == null && input.isChosen()) {
            throw new InvalidRequestException("--frame and --window need a --film");
        }
        if (preview != null) {
            Outputs.requirePng("--preview", preview);
        }
        String name = output.toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".png") && !name.endsWith(".safetensors")) {
            throw new InvalidRequestException(output + ": the output must end in .png or .safetensors");
        }
        List<@Nullable Path> inputs = new ArrayList<>();
        for (List<String> some : List.of(sources, intersect, subtract,
                apartFrom == null ? List.<String>of() : List.of(apartFrom))) {
            some.forEach(s -> MaskSource.of(s).file().ifPresent(inputs::add));
        }
        inputs.add(film);
        Outputs.requireDistinct("", output, inputs.toArray(Path[]::new));
        Outputs.requireDistinct("", preview, inputs.toArray(Path[]::new));
        Outputs.requireDistinct("", output, preview);
        OutputFile.check(output);
        if (preview != null) {
            OutputFile.check(preview);
        }
    }

    private @Nullable Extent given() {
        if (size == null) {
            return null;
        }
        if (!size.matches("\\d{1,9}[x,]\\d{1,9}")) {
            throw new InvalidRequestException("--size must be WIDTHxHEIGHT, such as 512x512, not '" + size + "'");
        }
        String[] sides = size.split("[x,]");
        try {
            return Extent.checked("--size", Long.parseLong(sides[0]), Long.parseLong(sides[1]));
        } catch (ImageFormatException e) {
            throw new InvalidRequestException(OptionNames.in(e));
        }
    }

    private Mask combined() {
        Mask m = sources.stream().map(this::read).reduce(Mask::union).orElseThrow();
        for (String s : intersect) {
            m = m.intersection(read(s));
        }
        for (String s : subtract) {
            m = m.difference(read(s));
        }
        m = (invert ? m.inverse() : m).erode(erode).dilate(dilate);
        return apartFrom == null ? m : m.difference(read(apartFrom).dilate(freeBand));
    }

    /** A mask of the film's size; if that is unknown, the first mask defines it. */
    private Mask read(String source) {
        Mask m = Masks.read(source, MaskSource.of(source), extent, console::warning);
        if (extent == null) {
            extent = new Extent(m.width(), m.height());
        }
        return m;
    }

    private static Picture drawn(@Nullable Film shown, Mask m) throws IOException {
        Picture p = Outline.canvas(shown == null
                ? new Picture(m.width(), m.height(), 1, new byte[m.width() * m.height()])
                : Inputs.read(shown.file().toString(), shown::picture));
        Outline.draw(p, m, Outline.EDIT);
        return p;
    }

    private void write(Mask m) throws IOException {
        if (output.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            Picture p = m.toPicture();
            OutputFile.write(output, out -> Images.writePng(out, p, Map.of("Software", "RadEdit " + Version.get())));
            return;
        }
        SafetensorsWriter w = new SafetensorsWriter();
        w.add("mask", DType.U8, Shape.of(m.height(), m.width()), sink -> {
            for (boolean in : m.pixels()) {
                sink.put(in ? 1 : 0);
            }
        });
        OutputFile.write(output, w::writeTo);
    }

    private void report(Mask m) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> d = new LinkedHashMap<>();
            d.put("output", output.toString());
            if (preview != null) {
                d.put("preview", preview.toString());
            }
            d.put("width", m.width());
            d.put("height", m.height());
            d.put("pixels", m.count());
            out.println(OutputOptions.JSON.writeValueAsString(d));
        } else if (!console.quiet()) {
            out.println(output);
            if (preview != null) {
                out.println(preview);
            }
        }
        if (m.isEmpty()) {
            console.warning("the mask is empty");
        }
    }
}
