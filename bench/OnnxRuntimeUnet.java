import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;

/** ONNX Runtime from Java, for compare-peers: prints the median time of a run in seconds. */
final class OnnxRuntimeUnet {
    private OnnxRuntimeUnet() {
    }

    /** @param args model, threads, counted runs */
    public static void main(String[] args) throws Exception {
        int runs = Integer.parseInt(args[2]);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(Integer.parseInt(args[1]));
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        try (OrtSession session = environment.createSession(args[0], options)) {
            Map<String, OnnxTensor> inputs = new HashMap<>();
            Random random = new Random(1);
            for (NodeInfo each : session.getInputInfo().values()) {
                long[] shape = ((TensorInfo) each.getInfo()).getShape();
                float[] values = new float[(int) Arrays.stream(shape).reduce(1, (x, y) -> x * y)];
                for (int i = 0; i < values.length; i++) {
                    values[i] = each.getName().equals("timestep") ? 401 : (float) random.nextGaussian();
                }
                inputs.put(each.getName(), OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape));
            }
            double[] seconds = new double[runs];
            for (int i = -1; i < runs; i++) {
                long start = System.nanoTime();
                session.run(inputs).close();
                if (i >= 0) {
                    seconds[i] = (System.nanoTime() - start) / 1e9;
                }
            }
            Arrays.sort(seconds);
            System.out.println(seconds[runs / 2]);
        }
    }
}
