/** Runs models under test from ONNX files on the CPU, with ONNX Runtime. */
module radedit.onnx {
    requires transitive radedit.undertest;
    requires com.microsoft.onnxruntime;

    exports radedit.onnx;

    provides radedit.undertest.ModelUnderTestProvider with radedit.onnx.OnnxProvider;
}
