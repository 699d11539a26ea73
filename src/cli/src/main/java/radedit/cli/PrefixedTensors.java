package radedit.cli;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

import radedit.safetensors.Safetensors;
import radedit.tensor.Tensor;

/** The tensors of a file whose names begin with a prefix; all of them if none does. Tensors are read one at a time. */
final class PrefixedTensors implements AutoCloseable {
    private final Safetensors file;
    private final String prefix;

    private PrefixedTensors(Safetensors file, String prefix) {
        this.file = file;
        this.prefix = file.tensors().keySet().stream().anyMatch(n -> n.startsWith(prefix)) ? prefix : "";
    }

    static PrefixedTensors open(Path path, String prefix) {
        return Inputs.read(path, p -> new PrefixedTensors(Safetensors.open(p), prefix));
    }

    /** The names without the prefix. */
    Set<String> names() {
        return file.tensors().keySet().stream().filter(n -> n.startsWith(prefix)).map(n -> n.substring(prefix.length()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    Tensor read(String name) {
        return Inputs.read(file.path(), p -> file.read(prefix + name));
    }

    @Override
    public void close() {
        file.close();
    }
}
