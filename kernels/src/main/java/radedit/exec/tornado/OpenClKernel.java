package radedit.exec.tornado;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import radedit.exec.BackendException;

/** A compiled kernel and its arguments. */
final class OpenClKernel {
    private static final Pattern SIGNATURE = Pattern
            .compile("__kernel (?:__attribute__\\(\\([^)]*\\)\\)\\) )?void (\\w+)\\(([^)]*)\\)");
    /** Bytes of the local memory argument, which no kernel uses. */
    private static final int LOCAL = 16;

    private final OpenClQueue queue;
    private final long kernel;
    /** Index of the kernel method's first array among the arguments; TornadoVM's own come first. */
    private final int first;
    private final long[] buffers;

    /**
     * @param source
     *            source of the program
     */
    OpenClKernel(OpenClQueue queue, long program, String source) {
        Matcher m = SIGNATURE.matcher(source);
        if (!m.find()) {
            throw new BackendException("TornadoVM has generated no kernel: " + source.lines().findFirst().orElse(""));
        }
        this.queue = queue;
        this.kernel = queue.kernel(program, m.group(1));
        String[] parameters = m.group(2).split(",");
        int own = 0;
        while (own < parameters.length && name(parameters[own]).startsWith("_")) {
            if (parameters[own].contains("__local")) {
                queue.localMemory(kernel, own, LOCAL);
            } else {
                queue.argument(kernel, own, 0L);
            }
            own++;
        }
        this.first = own;
        this.buffers = new long[parameters.length - own];
        // The source does not read these, because scalars are compiled in; but all arguments must be set.
        for (int i = own; i < parameters.length; i++) {
            if (parameters[i].contains("__private int")) {
                queue.argument(kernel, i, 0);
            }
        }
    }

    private static String name(String parameter) {
        return parameter.substring(1 + Math.max(parameter.lastIndexOf(' '), parameter.lastIndexOf('*')));
    }

    /** Sets the first arguments of the kernel's method after the context. */
    OpenClKernel with(long... arrays) {
        for (int i = 0; i < arrays.length; i++) {
            if (buffers[i] != arrays[i]) {
                queue.argument(kernel, first + i, arrays[i]);
                buffers[i] = arrays[i];
            }
        }
        return this;
    }

    void launch(Grid grid) {
        queue.launch(kernel, grid);
    }
}
