package radedit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import radedit.audit.MonteCarlo;
import radedit.audit.SignificantDigits;
import radedit.files.OutputFile;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Metadata;
import radedit.pipeline.RunOptions;
import radedit.safetensors.SafetensorsWriter;
import radedit.tensor.DType;
import radedit.tensor.Precision;

/** How significant digits are estimated, and where they go. */
final class DigitsOptions {
    @Option(names = "--samples", paramLabel = "N", defaultValue = "8", description = "how often to compute, with other roundings each time, at least 2 (default: ${DEFAULT-VALUE})")
    private int samples;

    @Option(names = "--precision-bits", paramLabel = "N", defaultValue = "24", description = "significant bits of every result of the networks, sums included, 8 to 24: 24 as float32, 11 as float16, 8 as bfloat16 (default: ${DEFAULT-VALUE})")
    private int bits;

    @Option(names = "--rounding-seed", paramLabel = "N", defaultValue = "0", converter = SeedConverter.class, description = "seed of the random roundings (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--outputs", paramLabel = "F", description = "write digits, mean and deviation of every value (safetensors)")
    private @Nullable Path outputs;

    @Option(names = "--json", description = "print one JSON document, nothing else, on stdout")
    private boolean json;

    boolean json() {
        return json;
    }

    @Nullable
    Path outputs() {
        return outputs;
    }

    /** Checks the options before the work. */
    MonteCarlo check(EncoderOptions machine) throws IOException {
        if (!machine.backend().equals("auto") && !machine.backend().equals("reference")) {
            throw new InvalidRequestException("--backend " + machine.backend()
                    + " cannot round at random; leave it out, for the loops of the reference backend");
        }
        RunOptions options = machine.options(0);
        if (options.emulated() != Precision.NONE) {
            throw new InvalidRequestException(
                    "--emulate-precision cannot be used where every result is rounded at random;"
                            + " leave it out, or choose --precision-bits");
        }
        if (outputs != null) {
            OutputFile.check(outputs);
        }
        try {
            return new MonteCarlo(samples, bits, seed, options.threads());
        } catch (IllegalArgumentException e) {
            boolean ofSamples = samples < 2 || samples > MonteCarlo.MAX_SAMPLES;
            throw new InvalidRequestException(
                    (ofSamples ? "--samples: " : "--precision-bits: ") + OptionNames.in(e));
        }
    }

    /** What was estimated, for metadata and the JSON document. */
    Map<String, Object> document() {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("samples", samples);
        m.put("precision_bits", bits);
        m.put("rounding_seed", seed);
        m.put("probability", SignificantDigits.PROBABILITY);
        m.put("confidence", SignificantDigits.CONFIDENCE);
        m.put("correction_bits",
                SignificantDigits.correction(samples, SignificantDigits.PROBABILITY, SignificantDigits.CONFIDENCE));
        return m;
    }

    /** The most decimal digits that the precision holds. */
    double mostDigits() {
        return bits * SignificantDigits.digitsPerBit();
    }

    /** A summary as part of the JSON document. */
    static Map<String, Object> document(SignificantDigits.Summary s) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("elements", s.elements());
        m.put("digits_min", s.min());
        m.put("digits_5_percent", s.low());
        m.put("digits_median", s.median());
        m.put("digits_max", s.max());
        m.put("bits_min", s.min() / SignificantDigits.digitsPerBit());
        m.put("bits_median", s.median() / SignificantDigits.digitsPerBit());
        return m;
    }

    /** Prints a summary for people. */
    void print(PrintWriter out, String name, SignificantDigits.Summary s) {
        out.println(String.format(Locale.ROOT,
                "%s: %d values, significant digits of %.2f: min %.2f, 5 %% quantile %.2f, median %.2f, max %.2f"
                        + " (bits of %d: min %.1f, median %.1f)",
                name, s.elements(), mostDigits(), s.min(), s.low(), s.median(), s.max(), bits,
                s.min() / SignificantDigits.digitsPerBit(), s.median() / SignificantDigits.digitsPerBit()));
    }

    /** Writes what was asked for; names of tensors get the prefix, if there are several. */
    void write(Map<String, SignificantDigits> all, Map<String, Object> settings) throws IOException {
        if (outputs == null) {
            return;
        }
        SafetensorsWriter w = new SafetensorsWriter().metadata(Metadata.KEY, Metadata.json(settings));
        all.forEach((name, d) -> {
            String prefix = name.isEmpty() ? "" : name + ".";
            w.add(prefix + "digits", DType.F32, d.digits());
            w.add(prefix + "mean", DType.F64, d.mean());
            w.add(prefix + "deviation", DType.F64, d.deviation());
        });
        OutputFile.write(outputs, w::writeTo);
    }
}
