package radedit.tools.hub;

import java.io.IOException;
import java.nio.file.Path;

/** Converts a checkpoint of another format, or with older tensor names, to safetensors with current names. */
@FunctionalInterface
public interface Converter {
    /**
     * Converts a file.
     *
     * @param in
     *            a PyTorch pickle ({@code .bin}, {@code .pt}) or a safetensors file
     * @param out
     *            the file to write, which appears completely or not at all
     * @throws IOException
     *            if {@code in} cannot be read or is refused, or {@code out} cannot be written
     */
    void convert(Path in, Path out) throws IOException;
}
