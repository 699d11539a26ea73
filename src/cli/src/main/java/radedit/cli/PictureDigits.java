package radedit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import radedit.audit.MonteCarlo;
import radedit.audit.SignificantDigits;
import radedit.checkpoint.ModelFolder;
import radedit.files.OutputFile;
import radedit.imaging.Images;
import radedit.imaging.Picture;
import radedit.pipeline.Listener;
import radedit.pipeline.Metadata;
import radedit.pipeline.RadEdit;
import radedit.pipeline.Result;
import radedit.pipeline.RunOptions;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** Significant digits of a request's picture, as a map over the film. */
final class PictureDigits {
    private static final int LEVELS = 255;

    @Mixin
    private DigitsOptions digits;

    @Option(names = "--map", paramLabel = "F", description = "write a picture of the digits of each pixel (PNG): black has none, white all that the precision holds")
    private @Nullable Path map;

    @Mixin
    private ModelOptions model;

    /**
     * Serves a request in all samples and reports the digits.
     *
     * @param batch
     *            latents per run of the UNet
     * @param inputs
     *            files that are read, some of which may be null
     * @param request
     *            serves the request
     */
    void run(int batch, Listener listener, boolean quiet, PrintWriter out, @Nullable Path[] inputs,
            BiFunction<RadEdit, Listener, Result> request) throws IOException {
        MonteCarlo monteCarlo = check(inputs);
        RunOptions options = model.options(Math.max(1, batch));
        // Scores say nothing about pixels, and the image encoder takes long in plain loops.
        ModelFolder folder = model.folder().without(ModelFolder.Part.IMAGE_ENCODER);
        List<Map<String, Object>> settings = new ArrayList<>();
        long start = System.nanoTime();
        SignificantDigits found = monteCarlo.run((backend, k) -> {
            Listener heard = k == 0 ? listener : progressOf(listener);
            try (RadEdit radEdit = RadEdit.open(folder, options, backend, heard)) {
                Result result = request.apply(radEdit, heard);
                settings.add(result.settings().getFirst());
                listener.progress("samples", k + 1, monteCarlo.samples());
                return Map.of("", grey(result.images()));
            }
        }).values().iterator().next();
        double secondsEach = (System.nanoTime() - start) / 1e9 / monteCarlo.samples();
        Grey grey = Grey.of(found);
        Map<String, Object> document = digits.document();
        document.put("pixels", DigitsOptions.document(found.summary()));
        document.put("grey_levels", grey.document());
        if (map != null) {
            document.put("map", Map.of("black", 0, "white", digits.mostDigits(), "unit", "significant decimal digits"));
        }
        Map<String, Object> recorded = new LinkedHashMap<>(settings.getFirst());
        recorded.put("digits", document);
        digits.write(Map.of("", found), recorded);
        if (map != null) {
            Picture drawn = draw(found);
            OutputFile.write(map, o -> Images.writePng(o, drawn, Metadata.text(recorded)));
        }
        if (digits.json()) {
            out.println(OutputOptions.JSON.writeValueAsString(document));
        } else if (!quiet) {
            print(out, found, grey, secondsEach);
        }
    }

    private MonteCarlo check(@Nullable Path[] inputs) throws IOException {
        MonteCarlo monteCarlo = digits.check(model);
        @Nullable
        Path[] others = new Path[inputs.length + 1];
        System.arraycopy(inputs, 0, others, 0, inputs.length);
        others[inputs.length] = digits.outputs();
        Outputs.requireDistinct("--outputs ", digits.outputs(), inputs);
        if (map != null) {
            Outputs.requirePng("--map", map);
            Outputs.requireDistinct("--map ", map, others);
            OutputFile.check(map);
        }
        return monteCarlo;
    }

    /** Warnings are the same in every sample, and given once. */
    private static Listener progressOf(Listener listener) {
        return new Listener() {
            @Override
            public void progress(String phase, int done, int total) {
                listener.progress(phase, done, total);
            }
        };
    }

    /** The first picture in grey (ITU-R BT.601), [1, 1, h, w], unrounded. */
    private static Tensor grey(Tensor images) {
        int h = images.shape().dim(2);
        int w = images.shape().dim(3);
        int plane = h * w;
        double[] v = images.data();
        double[] grey = new double[plane];
        for (int i = 0; i < plane; i++) {
            grey[i] = 0.299 * v[i] + 0.587 * v[plane + i] + 0.114 * v[2 * plane + i];
        }
        return Tensor.of(Shape.of(1, 1, h, w), grey);
    }

    /**
     * What the digits mean for grey values of 8 bits.
     *
     * @param median
     *            median of the pixels' standard deviations, in grey levels
     * @param high
     *            their quantile at 95 %
     * @param max
     *            the largest
     * @param undetermined
     *            share of pixels of which the arithmetic does not determine the level
     * @param differing
     *            share of pixels of which the samples had several levels
     */
    private record Grey(double median, double high, double max, double undetermined, double differing) {
        static Grey of(SignificantDigits d) {
            Tensor deviation = d.deviation();
            return new Grey(LEVELS * SignificantDigits.quantile(deviation, 0.5),
                    LEVELS * SignificantDigits.quantile(deviation, 0.95),
                    LEVELS * SignificantDigits.quantile(deviation, 1), d.undetermined(LEVELS), d.differing(LEVELS));
        }

        Map<String, Object> document() {
            Map<String, Object> m = new LinkedHashMap<>();
            m.put("deviation_median", median);
            m.put("deviation_95_percent", high);
            m.put("deviation_max", max);
            m.put("undetermined_share", undetermined);
            m.put("differing_share", differing);
            return m;
        }
    }

    private void print(PrintWriter out, SignificantDigits found, Grey grey, double secondsEach) {
        digits.print(out, "pixels", found.summary());
        out.println(String.format(Locale.ROOT,
                "deviation in grey levels of %d: median %.2g, 95 %% quantile %.2g, max %.2g", LEVELS, grey.median(),
                grey.high(), grey.max()));
        out.println(String.format(Locale.ROOT,
                "8-bit grey value not determined by the arithmetic: %.2f %% of pixels (it differed in %.2f %%);"
                        + " %.1f s a sample",
                100 * grey.undetermined(), 100 * grey.differing(), secondsEach));
        if (map != null) {
            out.println(String.format(Locale.ROOT, "%s: black is 0 digits, white %.2f", map, digits.mostDigits()));
        }
    }

    private Picture draw(SignificantDigits found) {
        Tensor d = found.digits();
        byte[] samples = new byte[d.data().length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) Math.rint(255 * d.data()[i] / digits.mostDigits());
        }
        return new Picture(d.shape().dim(3), d.shape().dim(2), 1, samples);
    }
}
