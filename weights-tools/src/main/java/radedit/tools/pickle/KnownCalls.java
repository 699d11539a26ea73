package radedit.tools.pickle;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import radedit.files.Messages;
import radedit.tensor.DType;

/**
 * Results of known functions. No code of the file runs: a "call" takes a tuple of values apart and keeps what describes
 * a tensor or a dictionary (torch/_utils.py defines the functions); unknown calls become a {@link StandIn}.
 */
final class KnownCalls {
    /** Arguments that the function does not accept. */
    static final class OddArguments extends Exception {
        private static final long serialVersionUID = 1;

        private final String fault;

        OddArguments(String fault) {
            super(fault);
            this.fault = fault;
        }

        /** What is wrong with them. */
        String fault() {
            return fault;
        }
    }

    private static final Set<String> PLAIN = Set.of("torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer");

    /** Limit of names, so that a chain of attributes takes memory proportional to its length. */
    private static final int LONGEST_NAME = 200;

    private KnownCalls() {
    }

    /** The result of a call of a function or class. */
    static Object call(Object function, Object arguments) throws OddArguments {
        if (!(arguments instanceof Tuple args)) {
            throw new OddArguments("a call without a tuple of arguments");
        }
        return switch (function) {
            case Global.Function f -> known(f, args);
            case Global.Named n when UnsupportedTensor.isMadeBy(n.name()) -> UnsupportedTensor.of(n.name());
            case Global.Named n -> new StandIn(n.name(), args);
            case StandIn s -> new StandIn(s.type(), args);
            default -> throw new OddArguments("a call of something that is not a function");
        };
    }

    /** An object of a class, created without calling its constructor. */
    static Object object(Object type, Object arguments) throws OddArguments {
        if (type instanceof Global.TensorClass) {
            return new UnsupportedTensor(UnsupportedTensor.Kind.UNKNOWN, "torch.Tensor without a storage");
        }
        return call(type, arguments);
    }

    private static Object known(Global.Function f, Tuple args) throws OddArguments {
        return switch (f) {
            case ORDERED_DICT -> pairs(args);
            case DEFAULT_DICT -> new LinkedHashMap<Object, Object>(); // (the factory of missing values)
            case COUNTER -> args.size() == 1 && args.get(0) instanceof Map<?, ?> m
                    ? new LinkedHashMap<Object, Object>(m)
                    : new LinkedHashMap<Object, Object>();
            case SIZE -> {
                check(args.size() == 1 && args.get(0) instanceof Tuple, "torch.Size of something other than a tuple");
                yield args.get(0);
            }
            case TENSOR_V1 -> tensor(args, 4, false);
            case TENSOR_V2 -> tensor(args, 6, false);
            case TENSOR_V3 -> tensor(args, 7, true);
            case PARAMETER -> parameter(args, 3);
            case PARAMETER_WITH_STATE -> parameter(args, 4);
            case FROM_TYPE_V2 -> subclass(args);
            case GET_ATTRIBUTE -> attribute(args);
            case RECONSTRUCT -> {
                check(args.size() == 3, "_reconstructor with " + args.size() + " arguments");
                yield object(args.get(0), Tuple.EMPTY);
            }
        };
    }

    /** The content of an OrderedDict, which Python 2 wrote as a list of pairs; Python 3 sets it item by item. */
    private static Object pairs(Tuple args) throws OddArguments {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (args.size() == 0) {
            return map;
        }
        check(args.size() == 1 && args.get(0) instanceof List, "OrderedDict with unexpected arguments");
        for (Object pair : (List<?>) args.get(0)) {
            List<?> p = pair instanceof Tuple t ? t.items() : pair instanceof List<?> l ? l : List.of();
            check(p.size() == 2 && Values.isKey(p.get(0)), "OrderedDict of something other than pairs");
            map.put(p.get(0), p.get(1));
        }
        return map;
    }

    /** (storage, offset, sizes, strides, requires_grad, hooks [, dtype] [, metadata]). */
    private static Object tensor(Tuple args, int usual, boolean typed) throws OddArguments {
        check(args.size() == usual || args.size() == usual + 1, "a tensor with " + args.size() + " arguments");
        if (args.get(0) instanceof UnsupportedTensor odd) {
            return odd;
        }
        check(args.get(0) instanceof StorageRef, "a tensor without a storage");
        StorageRef storage = (StorageRef) args.get(0);
        DType dtype = storage.type().dtype();
        String missing = storage.type().missing();
        if (typed) {
            check(args.get(6) instanceof Global.Type || args.get(6) instanceof Global.Named,
                    "a tensor without an element type");
            dtype = args.get(6) instanceof Global.Type t ? t.dtype() : null;
            missing = args.get(6) instanceof Global.Named n ? n.name() : null;
        }
        if (missing != null) {
            return new UnsupportedTensor(UnsupportedTensor.Kind.TYPE, missing);
        }
        if (dtype == null) {
            throw new OddArguments("a tensor without an element type");
        }
        if (storage.meta()) {
            return UnsupportedTensor.META;
        }
        if (args.size() > usual) {
            // Lazily conjugated or negated views, which state dicts do not contain.
            check(args.get(usual) instanceof Map, "a tensor whose flags are not a dictionary");
            if (((Map<?, ?>) args.get(usual)).containsValue(true)) {
                return UnsupportedTensor.LAZY;
            }
        }
        long[] sizes = longs(args.get(2), "sizes");
        long[] strides = longs(args.get(3), "strides");
        check(sizes.length == strides.length, sizes.length + " sizes with " + strides.length + " strides");
        return new TensorRef(storage, dtype, number(args.get(1), "offset"), sizes, strides, null);
    }

    /** (tensor, requires_grad, hooks [, attributes]). */
    private static Object parameter(Tuple args, int count) throws OddArguments {
        check(args.size() == count && Values.isTensor(args.get(0)), "a parameter without a tensor");
        return args.get(0);
    }

    /** (function, type, arguments, attributes), for tensors of other classes or with attributes. */
    private static Object subclass(Tuple args) throws OddArguments {
        check(args.size() == 4 && isTensorFunction(args.get(0)),
                "_rebuild_from_type_v2 of something other than a tensor");
        Object tensor = call(args.get(0), args.get(2));
        boolean plain = args.get(1) == Global.TensorClass.TENSOR
                || args.get(1) instanceof Global.Named n && PLAIN.contains(n.name());
        return tensor instanceof TensorRef t && !plain
                ? t.of(args.get(1) instanceof Global.Named n ? n.name() : "another class")
                : tensor;
    }

    private static boolean isTensorFunction(Object function) {
        return function instanceof Global.Named || function instanceof Global.Function f && switch (f) {
            case TENSOR_V1, TENSOR_V2, TENSOR_V3, PARAMETER, PARAMETER_WITH_STATE -> true;
            default -> false;
        };
    }

    /** (object, name): a member of a class, or a method of an object. */
    private static Object attribute(Tuple args) throws OddArguments {
        check(args.size() == 2 && args.get(1) instanceof String, "getattr without the name of an attribute");
        String name = (String) args.get(1);
        if (Forbidden.isAttribute(name)) {
            throw new OddArguments("refused: it asks for the attribute " + Messages.printable(name)
                    + ", which no checkpoint needs; nothing of it was executed");
        }
        String of = switch (args.get(0)) {
            case Global.Named n -> n.name();
            case StandIn s -> s.type();
            default -> "getattr";
        };
        return new Global.Named(of.length() + name.length() > LONGEST_NAME ? of : of + "." + name);
    }

    private static long[] longs(Object tuple, String what) throws OddArguments {
        check(tuple instanceof Tuple, "tensor " + what + " that are not a tuple");
        Tuple t = (Tuple) tuple;
        long[] out = new long[t.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = number(t.get(i), what);
        }
        return out;
    }

    private static long number(Object value, String what) throws OddArguments {
        check(value instanceof Long n && n >= 0, "tensor " + what + " that are not whole numbers from 0 on");
        return (Long) value;
    }

    private static void check(boolean holds, String otherwise) throws OddArguments {
        if (!holds) {
            throw new OddArguments(otherwise);
        }
    }
}
