import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

import radedit.imaging.Film;
import radedit.imaging.Films;

/**
 * Times the reading of films, file to stored values, in one warm process: the least wall time and processor time of the
 * calling thread over some rounds. Processor time counts all of the work only with
 * -Djava.util.concurrent.ForkJoinPool.common.parallelism=0; it is what to go by on a machine that others use too. The sum of
 * the values is printed so that results can be held against those of films.py.
 *
 * <pre>
 * java -Djava.util.concurrent.ForkJoinPool.common.parallelism=0 -cp 'target/radedit.jar:target/lib/*' \
 *     bench/FilmReading.java ROUNDS F...
 * </pre>
 */
public final class FilmReading {
    private FilmReading() {
    }

    public static void main(String[] args) throws IOException {
        var threads = ManagementFactory.getThreadMXBean();
        for (int k = 1; k < args.length; k++) {
            double wall = Double.POSITIVE_INFINITY;
            double processor = Double.POSITIVE_INFINITY;
            long sum = 0;
            for (int r = 0; r < Integer.parseInt(args[0]); r++) {
                long start = System.nanoTime();
                long used = threads.getCurrentThreadCpuTime();
                Film film = Films.read(Path.of(args[k]));
                processor = Math.min(processor, (threads.getCurrentThreadCpuTime() - used) / 1e9);
                wall = Math.min(wall, (System.nanoTime() - start) / 1e9);
                sum = Arrays.stream(film.pixels().integers()).asLongStream().sum();
            }
            System.out.printf(Locale.ROOT, "%-24s processor %.3f s, wall %.3f s, sum %d%n",
                    Path.of(args[k]).getFileName(), processor, wall, sum);
        }
    }
}
