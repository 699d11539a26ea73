package radedit.tools.pickle;

/**
 * A tensor of a kind that safetensors cannot hold. It does no harm beside the state dict; in it, it is refused.
 *
 * @param name
 *            of the function or element type that it is made with; null where the kind says enough
 */
record OddTensor(Kind kind, String name) {
    /** Why a tensor cannot be taken. */
    enum Kind {
        META("a meta tensor"), SPARSE("a sparse tensor"), QUANTIZED("a quantized tensor"), NESTED("a nested tensor"),
        LAZY("a lazily conjugated or negated tensor"), TYPE("a tensor of another type"),
        UNKNOWN("a tensor of another kind");

        private final String description;

        Kind(String description) {
            this.description = description;
        }
    }

    static final OddTensor META = new OddTensor(Kind.META, null);
    static final OddTensor LAZY = new OddTensor(Kind.LAZY, null);

    /** What a function makes that is not known here, but makes tensors by its name. */
    static OddTensor of(String function) {
        return switch (function) {
            case "torch._utils._rebuild_meta_tensor_no_storage" -> META;
            case "torch._utils._rebuild_sparse_tensor" -> new OddTensor(Kind.SPARSE, function);
            case "torch._utils._rebuild_qtensor" -> new OddTensor(Kind.QUANTIZED, function);
            case "torch._utils._rebuild_nested_tensor" -> new OddTensor(Kind.NESTED, function);
            default -> new OddTensor(Kind.UNKNOWN, function);
        };
    }

    /** Whether a function makes tensors. */
    static boolean isMadeBy(String function) {
        return function.startsWith("torch._utils._rebuild_") || function.startsWith("torch._tensor._rebuild_");
    }

    /** What it is, for lists of what a file holds. */
    String description() {
        return kind.description;
    }

    /** What to say after its name when it is refused. */
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
