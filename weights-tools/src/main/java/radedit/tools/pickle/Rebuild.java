package radedit.tools.pickle;

import java.util.LinkedHashMap;
import java.util.Map;

import radedit.tensor.DType;

/**
 * What the allowed functions make of their arguments. None of it runs code of the file: a "call" takes a tuple of
 * values apart and keeps what describes a tensor (torch/_utils.py has the functions that these stand for).
 */
final class Rebuild {
    /** Arguments that the function does not take; the message says what is odd about them. */
    static final class OddArguments extends Exception {
        private static final long serialVersionUID = 1;

        OddArguments(String message) {
            super(message);
        }
    }

    private Rebuild() {
    }

    static Object call(Object function, Object arguments) throws OddArguments {
        if (!(function instanceof Global.Function f) || !(arguments instanceof Tuple args)) {
            throw new OddArguments("a call of something that is no function, or without a tuple of arguments");
        }
        return switch (f) {
            case ORDERED_DICT -> {
                check(args.size() == 0, "OrderedDict with arguments");
                yield new LinkedHashMap<Object, Object>();
            }
            case SIZE -> {
                check(args.size() == 1 && args.get(0) instanceof Tuple, "torch.Size of something else than a tuple");
                yield args.get(0);
            }
            case TENSOR_V2 -> tensor(args, false);
            case TENSOR_V3 -> tensor(args, true);
            case PARAMETER -> parameter(args, 3);
            case PARAMETER_WITH_STATE -> parameter(args, 4);
            case FROM_TYPE_V2 -> { // (function, type, arguments, attributes), for tensors with attributes
                check(args.size() == 4 && args.get(1) == Global.TensorClass.TENSOR
                        && (args.get(0) == Global.Function.TENSOR_V2 || args.get(0) == Global.Function.TENSOR_V3),
                        "_rebuild_from_type_v2 of something else than a tensor");
                yield call(args.get(0), args.get(2));
            }
        };
    }

    /** (storage, offset, sizes, strides, requires_grad, hooks [, dtype] [, metadata]). */
    private static TensorRef tensor(Tuple args, boolean typed) throws OddArguments {
        int usual = typed ? 7 : 6;
        check(args.size() == usual || args.size() == usual + 1, "a tensor with " + args.size() + " arguments");
        check(args.get(0) instanceof StorageRef, "a tensor without a storage");
        StorageRef storage = (StorageRef) args.get(0);
        DType dtype = storage.dtype();
        if (typed) {
            check(args.get(6) instanceof Global.Type, "a tensor without an element type");
            dtype = ((Global.Type) args.get(6)).dtype();
        }
        check(dtype != null, "a tensor without an element type");
        if (args.size() > usual) {
            // Views that are conjugated or negated when read; nothing of the kind is in a state dict.
            check(args.get(usual) instanceof Map<?, ?> m && !m.containsValue(true), "a lazily conjugated or negated"
                    + " tensor; resolve it with resolve_conj() or resolve_neg() before saving");
        }
        long[] sizes = longs(args.get(2), "sizes");
        long[] strides = longs(args.get(3), "strides");
        check(sizes.length == strides.length, sizes.length + " sizes with " + strides.length + " strides");
        return new TensorRef(storage, dtype, number(args.get(1), "offset"), sizes, strides);
    }

    /** (tensor, requires_grad, hooks [, attributes]). */
    private static TensorRef parameter(Tuple args, int count) throws OddArguments {
        check(args.size() == count && args.get(0) instanceof TensorRef, "a parameter without a tensor");
        return (TensorRef) args.get(0);
    }

    private static long[] longs(Object tuple, String what) throws OddArguments {
        check(tuple instanceof Tuple, "tensor " + what + " that are no tuple");
        Tuple t = (Tuple) tuple;
        long[] out = new long[t.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = number(t.get(i), what);
        }
        return out;
    }

    private static long number(Object value, String what) throws OddArguments {
        check(value instanceof Long n && n >= 0, "tensor " + what + " that are no whole numbers from 0 on");
        return (Long) value;
    }

    private static void check(boolean holds, String otherwise) throws OddArguments {
        if (!holds) {
            throw new OddArguments(otherwise);
        }
    }
}
