package radedit.imaging;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Films in every transfer syntax, from file to stored values, as {@code bench/films.py} makes them:
 *
 * <pre>
 * python bench/films.py make FILM.png FOLDER
 * ./mvnw -q -Pbench -DskipTests compile exec:exec -Dbenchmark=radedit.imaging.FilmReading -Dshapes="FOLDER [SYNTAX ...]"
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FilmReading {
    @Param({"implicit", "explicit", "big_endian", "deflated", "rle", "jpeg_base8", "jpeg_extended12",
            "jpeg_lossless_57", "jpeg_lossless_sv1", "jpegls", "jpegls_near", "j2k", "j2k_lossy"})
    public String syntax;

    private static Path film(String folder, String syntax) {
        return Path.of(folder, syntax + ".dcm");
    }

    /** The film, so that nothing of the work can be left out. */
    @Benchmark
    public Film read() throws IOException {
        return Films.read(film(System.getProperty("films"), syntax));
    }

    /** Times what is asked for and prints milliseconds beside the sum of the stored values, which films.py prints too. */
    public static void main(String[] args) throws RunnerException, IOException {
        var options = new OptionsBuilder().include(FilmReading.class.getName() + ".read")
                .jvmArgsAppend("-Dfilms=" + args[0]);
        if (args.length > 1) {
            options.param("syntax", Arrays.copyOfRange(args, 1, args.length));
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        System.out.printf("%n%-20s %10s %10s %16s%n", "syntax", "ms", "+-", "sum");
        for (RunResult r : results) {
            String name = r.getParams().getParam("syntax");
            int[] values = Films.read(film(args[0], name)).pixels().integers();
            System.out.printf(Locale.ROOT, "%-20s %10.1f %10.1f %16d%n", name, r.getPrimaryResult().getScore(),
                    r.getPrimaryResult().getScoreError(), Arrays.stream(values).asLongStream().sum());
        }
    }
}
