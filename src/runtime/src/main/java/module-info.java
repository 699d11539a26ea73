/** Tensors, weights in safetensors, graphs of operations and the backends that run them on a CPU. */
module radedit.runtime {
    requires transitive radedit.base;
    requires transitive com.fasterxml.jackson.databind;
    requires commons.math3;
    // Optional: it is an incubator module, which a JVM resolves only if asked to; the other backends work without it.
    requires static jdk.incubator.vector;

    exports radedit.exec;
    exports radedit.files;
    exports radedit.graph;
    exports radedit.safetensors;
    exports radedit.tensor;
    exports radedit.weights;

    uses radedit.exec.BackendProvider;
    provides radedit.exec.BackendProvider with
            radedit.exec.cpu.CpuProvider,
            radedit.exec.reference.ReferenceProvider,
            radedit.exec.TornadoPlaceholder;
}
