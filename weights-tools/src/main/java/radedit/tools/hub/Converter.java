package radedit.tools.hub;

import java.io.IOException;
import java.nio.file.Path;

/** Makes a safetensors file with the tensors' present names from a checkpoint of another kind or with older names. */
@FunctionalInterface
public interface Converter {
    /**
     * @param in
     *            a PyTorch pickle ({@code .bin}, {@code .pt}) or a safetensors file
     * @param out
     *            the file to write, which appears whole or not at all
     * @throws IOException
     *             if {@code in} cannot be read, is refused, or {@code out} cannot be written
     */
    void convert(Path in, Path out) throws IOException;
}
