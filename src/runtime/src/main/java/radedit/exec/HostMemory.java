package radedit.exec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Estimates how much memory this process can still allocate. */
public final class HostMemory {
    private static final Path MEMINFO = Path.of("/proc/meminfo");

    /** Size of the young generation, which the launcher sets; large arrays are not allocated there. */
    private static final long YOUNG_GENERATION = 128L << 20;

    private HostMemory() {
    }

    /** {@return bytes that heap arrays can still take, limited by the machine's free memory where that is known} */
    public static long available() {
        Runtime r = Runtime.getRuntime();
        long heap = r.maxMemory() - Math.min(r.maxMemory() / 2, YOUNG_GENERATION) - (r.totalMemory() - r.freeMemory());
        return Math.min(Math.max(0, heap), machineAvailable() + r.freeMemory());
    }

    /**
     * {@return whether memory is available; collects garbage before the answer is no}
     *
     * @param bytes
     *            the number of bytes
     */
    public static boolean canAllocate(long bytes) {
        if (bytes <= available()) {
            return true;
        }
        System.gc();
        return bytes <= available();
    }

    /**
     * Free memory of the machine in bytes. MemAvailable counts the page cache, and thus the mapped weights, as
     * free.
     */
    private static long machineAvailable() {
        try {
            for (String line : Files.readAllLines(MEMINFO)) {
                if (line.startsWith("MemAvailable:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
        } catch (IOException | NumberFormatException e) {
            // not Linux, or no such line
        }
        return Long.MAX_VALUE >> 1;
    }
}
