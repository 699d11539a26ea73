package radedit.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;

import radedit.undertest.FilmTensor;
import radedit.undertest.GreyFilm;
import radedit.undertest.InputSpec;
import radedit.undertest.InputSpec.Layout;
import radedit.undertest.InputSpec.ElementType;
import radedit.undertest.ModelException;
import radedit.undertest.ModelException.Reason;
import radedit.undertest.ModelOptions;
import radedit.undertest.Size;

/**
 * The input of a model: checks what the file declares against the preprocessing, and makes tensors of films.
 *
 * @param name
 *            of the tensor
 * @param spec
 *            what the model takes, with a size
 * @param type
 *            of the tensor's elements, that of the file
 * @param rank
 *            4; 3 without an axis of channels; 2 where all values of a film are in a row, as scikit-learn has them
 * @param batch
 *            the most films at once
 * @param fixed
 *            whether there are always as many
 */
record OnnxInput(OrtEnvironment environment, String name, InputSpec spec, OnnxJavaType type, int rank, int batch,
        boolean fixed) {
    /** Bytes of the largest tensor. */
    private static final long LARGEST = 1L << 29;

    static OnnxInput of(Path file, OrtEnvironment environment, Map<String, NodeInfo> inputs, InputSpec spec,
            ModelOptions options) throws ModelException {
        String name = spec.name() == null && inputs.size() == 1 ? inputs.keySet().iterator().next() : spec.name();
        if (name == null || !inputs.containsKey(name)) {
            throw wrong(file, (name == null ? "has the inputs " : "has no input '" + name + "', but ")
                    + String.join(", ", inputs.keySet())
                    + (name == null ? "; only models with one can be run" : "; see input.name of the preprocessing"));
        }
        if (inputs.size() > 1) {
            throw wrong(file, "has the inputs " + String.join(", ", inputs.keySet())
                    + "; only models with one can be run");
        }
        if (!(inputs.get(name).getInfo() instanceof TensorInfo info)) {
            throw wrong(file, "its input '" + name + "' is not a tensor");
        }
        checkType(file, info.type, spec);
        InputSpec sized = sized(file, info.getShape(), spec);
        long perFilm = 8L * new FilmTensor(sized).length();
        long declared = info.getShape()[0];
        if (declared > 1024 || declared * perFilm > LARGEST) {
            throw wrong(file, "takes batches of " + declared + " films only; export it with a variable batch axis");
        }
        int batch = declared > 0 ? (int) declared : Math.clamp(LARGEST / perFilm, 1, options.batch());
        return new OnnxInput(environment, name, sized, info.type, info.getShape().length, batch, declared > 0);
    }

    private static ModelException wrong(Path file, String fault) {
        return new ModelException(Reason.REQUEST, file + ": " + fault);
    }

    /** Floating-point types are converted to that of the file; bytes are different values. */
    private static void checkType(Path file, OnnxJavaType type, InputSpec spec) throws ModelException {
        boolean bytes = type == OnnxJavaType.UINT8;
        boolean known = bytes || type == OnnxJavaType.FLOAT || type == OnnxJavaType.FLOAT16
                || type == OnnxJavaType.DOUBLE;
        if (!known) {
            throw wrong(file, "takes elements of type " + type
                    + "; float32, float16, float64 and uint8 can be made of films");
        }
        if (bytes != (spec.type() == ElementType.UINT8)) {
            throw wrong(file, bytes
                    ? "takes uint8; set input.type to \"uint8\" and input.range to [0, 255] in the preprocessing"
                    : "takes floating-point numbers, not uint8; see input.type of the preprocessing");
        }
    }

    private static InputSpec sized(Path file, long[] shape, InputSpec spec) throws ModelException {
        String shown = Arrays.toString(shape).replace("-1", "?");
        if (shape.length == 2) {
            return flat(file, shape[1], shown, spec);
        }
        if (shape.length != 4 && !(shape.length == 3 && spec.channels() == 1)) {
            throw wrong(file, "takes tensors of shape " + shown
                    + "; 4 axes are expected (film, channel, row, column), or 2 (film, all its values)");
        }
        boolean nchw = spec.layout() == Layout.NCHW || shape.length == 3;
        if (shape.length == 4) {
            long channels = shape[nchw ? 1 : 3];
            long others = shape[nchw ? 3 : 1];
            if (channels > 0 && channels != spec.channels()) {
                throw wrong(file, "takes tensors of shape " + shown + ", which does not fit "
                        + spec.channels() + " channel(s) in the layout " + spec.layout() + "; set "
                        + (others == spec.channels()
                                ? "input.layout to \"" + (nchw ? "NHWC" : "NCHW") + "\""
                                : "input.channels" + (channels == 1 || channels == 3 ? " to " + channels : ""))
                        + " in the preprocessing");
            }
        }
        int rows = shape.length == 3 ? 1 : nchw ? 2 : 1;
        long height = shape[rows];
        long width = shape[rows + 1];
        Size size = spec.size();
        if (size == null) {
            if (height < 1 || width < 1 || height > 4096 || width > 4096) {
                throw wrong(file, "takes tensors of shape " + shown + ", so input.size of the preprocessing has to say"
                        + " which size is meant");
            }
            return spec.withSize(new Size((int) width, (int) height));
        }
        if (height > 0 && height != size.height() || width > 0 && width != size.width()) {
            throw wrong(file, "takes tensors of shape " + shown + ", but input.size of the preprocessing is "
                    + size);
        }
        return spec;
    }

    /** Rows of values do not say how wide a film is. */
    private static InputSpec flat(Path file, long values, String shown, InputSpec spec) throws ModelException {
        Size size = spec.size();
        if (size == null) {
            throw wrong(file,
                    "takes tensors of shape " + shown + ", all values of a film in a row, so input.size of the"
                            + " preprocessing has to say which size is meant");
        }
        int made = new FilmTensor(spec).length();
        if (values > 0 && values != made) {
            throw wrong(file, "takes tensors of shape " + shown + ", but a film of input.size " + size + " and "
                    + spec.channels() + " channel(s) has " + made + " values; see the preprocessing");
        }
        return spec;
    }

    /** The number of films in the tensor for so many. */
    int padded(int films) {
        return fixed ? batch : films;
    }

    /** A tensor of up to {@link #batch} films; the last is repeated where their number is fixed. */
    OnnxTensor tensor(List<GreyFilm> films) throws ModelException, OrtException {
        FilmTensor tensor = new FilmTensor(spec);
        int n = padded(films.size());
        float[] values = new float[n * tensor.length()];
        for (int i = 0; i < n; i++) {
            if (i < films.size()) {
                tensor.put(films.get(i), values, i * tensor.length());
            } else {
                System.arraycopy(values, (i - 1) * tensor.length(), values, i * tensor.length(), tensor.length());
            }
        }
        ByteBuffer bytes = ByteBuffer.allocateDirect(values.length * type.size).order(ByteOrder.nativeOrder());
        for (float v : values) {
            switch (type) {
                case FLOAT16 -> bytes.putShort(Float.floatToFloat16(v));
                case DOUBLE -> bytes.putDouble(v);
                case UINT8 -> bytes.put((byte) (int) v);
                default -> bytes.putFloat(v);
            }
        }
        Size size = spec.size();
        if (size == null) {
            throw new IllegalStateException("no size");
        }
        long[] shape = switch (rank) {
            case 2 -> new long[]{n, tensor.length()};
            case 3 -> new long[]{n, size.height(), size.width()};
            default -> spec.layout() == Layout.NCHW
                    ? new long[]{n, spec.channels(), size.height(), size.width()}
                    : new long[]{n, size.height(), size.width(), spec.channels()};
        };
        return OnnxTensor.createTensor(environment, bytes.flip(), shape, type);
    }
}
