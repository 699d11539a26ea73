package radedit.tools.pickle;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import radedit.tensor.DType;

/**
 * A class or function that a pickle names. It is a plain value: nothing is looked up in the running program; {@link
 * KnownCalls} implements the effect of a {@link Function}.
 *
 * <p>
 * Known names are those that torch.save writes for dictionaries of tensors and parameters of every type in safetensors,
 * in PyTorch 0.4 to 2.x, and the dictionaries of Python's collections. Before adding one, consider what an attacker
 * could do with it. All others are {@link Named}.
 */
sealed interface Global {
    /** A function, or a class that is called to create an object. */
    enum Function implements Global {
        ORDERED_DICT, DEFAULT_DICT, COUNTER, SIZE, TENSOR_V1, TENSOR_V2, TENSOR_V3, PARAMETER, PARAMETER_WITH_STATE,
        FROM_TYPE_V2, GET_ATTRIBUTE, RECONSTRUCT;

        /** Whether plain state dicts use it. */
        boolean isOfStateDicts() {
            return this != DEFAULT_DICT && this != COUNTER && this != GET_ATTRIBUTE && this != RECONSTRUCT;
        }
    }

    /** An unknown class or function. */
    record Named(String name) implements Global {}

    /** torch.Tensor, an argument of {@link Function#FROM_TYPE_V2}. */
    enum TensorClass implements Global {
        TENSOR
    }

    /**
     * The type of a storage.
     *
     * @param dtype
     *            element type; null for plain bytes, and for types that safetensors lacks
     * @param width
     *            bytes per element
     * @param missing
     *            the type's name if safetensors lacks it; otherwise null
     */
    record Storage(@Nullable DType dtype, int width, @Nullable String missing) implements Global {
        Storage(@Nullable DType dtype) {
            this(dtype, dtype == null ? 1 : dtype.bytes(), null);
        }
    }

    /** An element type as a value. */
    record Type(DType dtype) implements Global {}

    Map<String, Global> KNOWN = Map.ofEntries(Map.entry("collections.OrderedDict", Function.ORDERED_DICT),
            Map.entry("torch.Size", Function.SIZE),
            Map.entry("torch._utils._rebuild_tensor_v2", Function.TENSOR_V2),
            Map.entry("torch._utils._rebuild_tensor_v3", Function.TENSOR_V3),
            Map.entry("torch._utils._rebuild_parameter", Function.PARAMETER),
            Map.entry("torch._utils._rebuild_parameter_with_state", Function.PARAMETER_WITH_STATE),
            Map.entry("torch._tensor._rebuild_from_type_v2", Function.FROM_TYPE_V2),
            Map.entry("torch.Tensor", TensorClass.TENSOR),
            Map.entry("torch._utils._rebuild_tensor", Function.TENSOR_V1),
            Map.entry("collections.defaultdict", Function.DEFAULT_DICT),
            Map.entry("collections.Counter", Function.COUNTER),
            // Members of a class, and objects created by a base of their class.
            Map.entry("builtins.getattr", Function.GET_ATTRIBUTE),
            Map.entry("__builtin__.getattr", Function.GET_ATTRIBUTE),
            Map.entry("copyreg._reconstructor", Function.RECONSTRUCT),
            Map.entry("copy_reg._reconstructor", Function.RECONSTRUCT),
            // Typed storages.
            Map.entry("torch.FloatStorage", new Storage(DType.F32)),
            Map.entry("torch.DoubleStorage", new Storage(DType.F64)),
            Map.entry("torch.HalfStorage", new Storage(DType.F16)),
            Map.entry("torch.BFloat16Storage", new Storage(DType.BF16)),
            Map.entry("torch.LongStorage", new Storage(DType.I64)),
            Map.entry("torch.IntStorage", new Storage(DType.I32)),
            Map.entry("torch.ShortStorage", new Storage(DType.I16)),
            Map.entry("torch.CharStorage", new Storage(DType.I8)),
            Map.entry("torch.ByteStorage", new Storage(DType.U8)),
            Map.entry("torch.BoolStorage", new Storage(DType.BOOL)),
            Map.entry("torch.ComplexFloatStorage", new Storage(DType.C64)),
            Map.entry("torch.storage.UntypedStorage", new Storage(null)),
            missing("ComplexDouble", 16), missing("QInt8", 1), missing("QUInt8", 1), missing("QInt32", 4),
            missing("QUInt4x2", 1), missing("QUInt2x4", 1),
            // Types without a storage class are named next to an untyped storage.
            Map.entry("torch.float32", new Type(DType.F32)), Map.entry("torch.float64", new Type(DType.F64)),
            Map.entry("torch.float16", new Type(DType.F16)), Map.entry("torch.bfloat16", new Type(DType.BF16)),
            Map.entry("torch.int64", new Type(DType.I64)), Map.entry("torch.int32", new Type(DType.I32)),
            Map.entry("torch.int16", new Type(DType.I16)), Map.entry("torch.int8", new Type(DType.I8)),
            Map.entry("torch.uint8", new Type(DType.U8)), Map.entry("torch.bool", new Type(DType.BOOL)),
            Map.entry("torch.complex64", new Type(DType.C64)), Map.entry("torch.uint16", new Type(DType.U16)),
            Map.entry("torch.uint32", new Type(DType.U32)), Map.entry("torch.uint64", new Type(DType.U64)),
            Map.entry("torch.float8_e4m3fn", new Type(DType.F8_E4M3)),
            Map.entry("torch.float8_e5m2", new Type(DType.F8_E5M2)),
            Map.entry("torch.float8_e8m0fnu", new Type(DType.F8_E8M0)),
            Map.entry("torch.float8_e4m3fnuz", new Type(DType.F8_E4M3FNUZ)),
            Map.entry("torch.float8_e5m2fnuz", new Type(DType.F8_E5M2FNUZ)));

    private static Map.Entry<String, Global> missing(String type, int width) {
        return Map.entry("torch." + type + "Storage", new Storage(null, width, type));
    }
}
