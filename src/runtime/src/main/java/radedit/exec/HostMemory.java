package radedit.exec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory this process can still get. */
public final class HostMemory {
    private static final Path MEMINFO = Path.of("/proc/meminfo");

    /** The part of the heap that young objects have to themselves; the launcher sets it. Large arrays do not go there. */
    private static final long YOUNG = 128L << 20;

    private HostMemory() {
    }

    /** Bytes: what arrays on the heap may still take, but no more than the machine has free where that is known. */
    public static long available() {
        Runtime r = Runtime.getRuntime();
        long heap = r.maxMemory() - Math.min(r.maxMemory() / 2, YOUNG) - (r.totalMemory() - r.freeMemory());
        return Math.min(Math.max(0, heap), machine() + r.freeMemory());
    }

    /** Whether so many bytes can be had; garbage is collected before the answer is no. */
    public static boolean has(long bytes) {
        if (bytes <= available()) {
            return true;
        }
        System.gc();
        return bytes <= available();
    }

    /** MemAvailable counts the page cache, and so the mapped weights, as free. */
    private static long machine() {
        try {
            for (String line : Files.readAllLines(MEMINFO)) {
                if (line.startsWith("MemAvailable:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
        } catch (IOException | NumberFormatException e) {
            // no Linux, or none that tells
        }
        return Long.MAX_VALUE >> 1;
    }
}
