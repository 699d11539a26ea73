package radedit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import radedit.pipeline.InvalidRequestException;
import radedit.tensor.DType;
import radedit.tools.Convert;

/** radedit weights convert. */
@Command(name = "convert", mixinStandardHelpOptions = true, description = {
        "Writes a checkpoint as safetensors.",
        "Reads files of torch.save (.bin, .pt, .pth, .ckpt) without executing anything in them, and safetensors.",
        "In a model folder, every part is converted and everything else copied to OUT."})
final class WeightsConvertCommand implements Callable<Integer> {
    /** Parses sizes like transformers: 500MB, 2GB are powers of ten; KiB, MiB, GiB, TiB powers of two. */
    static final class SizeConverter implements ITypeConverter<Long> {
        private static final Pattern SIZE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)\\s*([KMGT])(I?)B",
                Pattern.CASE_INSENSITIVE);

        @Override
        public Long convert(String value) {
            Matcher m = SIZE.matcher(value.strip());
            if (!m.matches()) {
                throw new TypeConversionException("'" + value + "' is not a size such as 500MB, 2GB or 1GiB");
            }
            double unit = Math.pow(m.group(3).isEmpty() ? 1000 : 1024,
                    1 + "KMGT".indexOf(m.group(2).toUpperCase(Locale.ROOT)));
            long bytes = (long) (Double.parseDouble(m.group(1)) * unit);
            if (bytes < 1) {
                throw new TypeConversionException("'" + value + "' is not a size");
            }
            return bytes;
        }
    }

    /** Whether older names of tensors are translated. */
    enum Rename {
        AUTO, NONE
    }

    @Parameters(index = "0", paramLabel = "IN", description = "a file of weights, an index of shards, a part's folder, or a model folder")
    private Path in;

    @Parameters(index = "1", paramLabel = "OUT", description = "x.safetensors, or a folder; a part's json and txt files are copied there too")
    private Path out;

    @Option(names = "--dtype", paramLabel = "NAME", converter = WeightsCommand.SynthesizeFolder.DTypeConverter.class, completionCandidates = WeightsCommand.SynthesizeFolder.DTypeNames.class, description = "float32, float16 or bfloat16 for all floating tensors, rounded to nearest even (default: as they are)")
    private @Nullable DType dtype;

    @Option(names = "--shard-size", paramLabel = "SIZE", converter = SizeConverter.class, description = "split into files of at most 500MB, 2GB, ... with an index (default: one file)")
    private @Nullable Long shardSize;

    @Option(names = "--rename", paramLabel = "NAME", defaultValue = "auto", description = "auto: rename older tensors as transformers and diffusers do; none (default: ${DEFAULT-VALUE})")
    private Rename rename;

    @Option(names = "--key", paramLabel = "K", description = "which state dict to read, if a training checkpoint holds several: its key, or its path of keys such as model.ema; '.' is the outermost")
    private @Nullable String key;

    @Option(names = "--json", description = "print one JSON document about the result, nothing else, on stdout")
    private boolean json;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        console.to(spec.commandLine().getErr());
        Convert.Report report;
        try {
            report = Convert.run(in, out,
                    new Convert.Options(dtype, shardSize == null ? 0 : shardSize, rename == Rename.AUTO, key),
                    (done, total) -> console.progress("writing MB", (int) (done >> 20), (int) (total >> 20)));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(OptionNames.in(e));
        }
        if (report.warning() != null) {
            console.warning(report.warning());
        }
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            stdout.println(OutputOptions.JSON.writeValueAsString(document(report)));
        } else if (!console.quiet()) {
            report.changes().forEach(stdout::println);
            report.leftOut().forEach(l -> stdout.println("left out " + l));
            report.copied().forEach(f -> stdout.println("copied " + f));
            report.files().forEach(stdout::println);
        }
        return Exit.OK;
    }

    private static Map<String, Object> document(Convert.Report r) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("outputs", r.files().stream().map(Path::toString).toList());
        m.put("tensors", r.tensors());
        m.put("bytes", r.bytes());
        m.put("changes", r.changes());
        m.put("left_out", r.leftOut());
        m.put("copied", r.copied().stream().map(Path::toString).toList());
        return m;
    }
}
