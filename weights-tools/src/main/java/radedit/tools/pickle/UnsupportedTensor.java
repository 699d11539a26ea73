package radedit.tools.pickle;

import org.jspecify.annotations.Nullable;

/**
 * A tensor of a kind that safetensors cannot store. It is harmless outside the state dict, and refused inside.
 *
 * @param name
 *            the function or element type of the tensor; null if the kind says enough
 */
record UnsupportedTensor(Kind kind, @Nullable String name) {
    /** Why a tensor cannot be stored. */
    enum Kind {
        META("a meta tensor"), SPARSE("a sparse tensor"), QUANTIZED("a quantized tensor"), NESTED("a nested tensor"),
        LAZY("a lazily conjugated or negated tensor"), TYPE("a tensor of another type"),
        UNKNOWN("a tensor of another kind");

        private final String description;

        Kind(String description) {
            this.description = description;
        }
    }

    static final UnsupportedTensor META = new UnsupportedTensor(Kind.META, null);
    static final UnsupportedTensor LAZY = new UnsupportedTensor(Kind.LAZY, null);

    /** The result of an unknown function whose name says that it creates tensors. */
    static UnsupportedTensor of(String function) {
        return switch (function) {
            case "torch._utils._rebuild_meta_tensor_no_storage" -> META;
            case "torch._utils._rebuild_sparse_tensor" -> new UnsupportedTensor(Kind.SPARSE, function);
            case "torch._utils._rebuild_qtensor" -> new UnsupportedTensor(Kind.QUANTIZED, function);
            case "torch._utils._rebuild_nested_tensor" -> new UnsupportedTensor(Kind.NESTED, function);
            default -> new UnsupportedTensor(Kind.UNKNOWN, function);
        };
    }

    /** Whether a function creates tensors, by its name. */
    static boolean isMadeBy(String function) {
        return function.startsWith("torch._utils._rebuild_") || function.startsWith("torch._tensor._rebuild_");
    }

    /** A description for lists of a file's contents. */
    String description() {
        return kind.description;
    }

    /** The reason for a refusal: a predicate that follows the tensor's name. */
    String why() {
        return "is " + kind.description + switch (kind) {
            case META ->
                    ": it has a shape but no values; save the model after its weights have been loaded onto a device";
            case LAZY -> "; resolve it with resolve_conj() or resolve_neg() before saving";
            case TYPE -> ", " + name + ", which safetensors does not have";
            case SPARSE -> asksFor() + "to_dense()";
            case QUANTIZED -> asksFor() + "dequantize()";
            case NESTED -> asksFor() + "to_padded_tensor()";
            case UNKNOWN -> asksFor() + "an ordinary tensor of its values";
        };
    }

    private String asksFor() {
        return " (it asks for " + name + "), which safetensors does not have; instead save ";
    }
}
