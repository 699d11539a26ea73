package radedit.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import radedit.benchmark.Benchmark;
import radedit.benchmark.Benchmark.Times;
import radedit.benchmark.Benchmark.Target;
import radedit.pipeline.InvalidRequestException;

/** radedit bench. */
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Times networks and whole requests on this machine.")
final class BenchCommand implements Callable<Integer> {
    @Option(names = "--what", paramLabel = "NAME", split = ",", defaultValue = "unet", description = "unet, vae-decoder, vae-encoder, text-encoder, image-encoder, generate, edit (default: ${DEFAULT-VALUE})")
    private List<Target> what;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "2", description = "latents, texts or films at once (default: ${DEFAULT-VALUE})")
    private int batch;

    @Option(names = "--size", paramLabel = "N", description = "height and width in pixels (default: what the model was trained at)")
    private @Nullable Integer size;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "5", description = "counted runs, after two for the JVM to warm up (default: ${DEFAULT-VALUE})")
    private int runs;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "4", description = "steps of generate and edit (default: ${DEFAULT-VALUE})")
    private int steps;

    @Option(names = "--ops", description = "show the time each kind of operation takes")
    private boolean ops;

    @Option(names = "--json", description = "print one JSON document, nothing else, on stdout")
    private boolean json;

    @Mixin
    private ModelOptions model;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        SamplingOptions.batch(batch);
        if (runs < 1 || steps < 1) {
            throw new InvalidRequestException(
                    (runs < 1 ? "--runs must be at least 1, not " + runs : "--steps must be at least 1, not " + steps));
        }
        int pixels = SamplingOptions.size(size);
        Map<String, Object> document = new LinkedHashMap<>();
        List<Map<String, Object>> results = new ArrayList<>();
        try (Benchmark benchmark = new Benchmark(model.folder(), model.options(0),
                console.to(spec.commandLine().getErr()))) {
            document.put("device", benchmark.device());
            document.put("java", Runtime.version().toString());
            document.put("results", results);
            if (!json) {
                spec.commandLine().getOut().println(benchmark.device());
            }
            for (Target w : what) {
                Times t = benchmark.run(w, new Benchmark.Settings(batch, pixels, runs, steps));
                results.add(row(t));
                if (!json) {
                    spec.commandLine().getOut().printf("%-14s median %.3f s, fastest %.3f s%s%n", w, t.median(),
                            t.min(),
                            t.flops() > 0 ? String.format(", %.0f GFLOP/s", t.flops() / t.median() / 1e9) : "");
                    if (ops) {
                        printShares(t);
                    }
                }
            }
        }
        if (json) {
            spec.commandLine().getOut().println(OutputOptions.JSON.writeValueAsString(document));
        }
        return Exit.OK;
    }

    private void printShares(Times t) {
        double all = t.costs().stream().mapToDouble(Benchmark.OperationCost::seconds).sum();
        for (Benchmark.OperationCost s : t.costs()) {
            spec.commandLine().getOut().printf("    %-26s %4d  %8.1f ms  %5.1f %%%s%n", s.kind(), s.operations(),
                    1000 * s.seconds(), 100 * s.seconds() / all,
                    s.flops() > 0 ? String.format("  %5.0f GFLOP/s", s.flops() / s.seconds() / 1e9) : "");
        }
    }

    private Map<String, Object> row(Times t) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("what", t.target().toString());
        m.put("median_s", t.median());
        m.put("min_s", t.min());
        m.put("runs", t.seconds().length);
        m.put("gflops", t.flops() > 0 ? t.flops() / t.median() / 1e9 : null);
        if (ops) {
            m.put("ops", t.costs().stream().map(s -> Map.of("kind", s.kind(), "operations", s.operations(), "seconds",
                    s.seconds(), "gflops", s.flops() / s.seconds() / 1e9)).toList());
        }
        return m;
    }
}
