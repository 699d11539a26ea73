"""Writes small ONNX files, and expected.json with what onnxruntime gives for the films of OnnxModelTest.film.

    pip install onnx==1.23.2 onnxruntime==1.23.2 numpy==2.4.6
    python make.py

Inputs are films of 4 x 3 pixels (8 x 8 for the segmenters) as they are, divided by 255 unless the model takes uint8.
"""
import json

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto as T
from onnx import helper, numpy_helper

rng = np.random.default_rng(0)
W = rng.normal(0, 1, (12, 3)).astype(np.float32)
B = np.array([0.1, -0.2, 0.3], np.float32)
models = {}


def tensor(name, a):
    return numpy_helper.from_array(np.asarray(a), name)


def save(name, nodes, inputs, outputs, constants, opset=17, metadata=None):
    graph = helper.make_graph(nodes, name, inputs, outputs, [tensor(k, v) for k, v in constants.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    for k, v in (metadata or {}).items():
        model.metadata_props.add(key=k, value=v)
    onnx.checker.check_model(model)
    onnx.save(model, name + ".onnx")
    models[name] = [i.name for i in inputs][0], inputs[0].type.tensor_type.elem_type


def value(name, type, shape):
    return helper.make_tensor_value_info(name, type, shape)


def node(op, ins, outs, **attributes):
    return helper.make_node(op, ins, outs, **attributes)


def linear(name, type=T.FLOAT, batch="n", opset=17, last=None, layout="NCHW", metadata=None):
    dtype = helper.tensor_dtype_to_np_dtype(type)
    shape = [batch, 1, 3, 4] if layout == "NCHW" else [batch, 3, 4, 1]
    nodes = [node("Flatten", ["x"], ["f"], axis=1), node("Gemm", ["f", "w", "b"], ["g"])]
    out = "g"
    for i, op in enumerate(last or []):
        nodes.append(node(op, [out], [f"o{i}"]))
        out = f"o{i}"
    nodes.append(node("Identity", [out], ["scores"]))
    save(name, nodes, [value("x", type, shape)], [value("scores", type, [batch, 3])],
         {"w": W.astype(dtype), "b": B.astype(dtype)}, opset, metadata)


linear("linear", metadata={"class_names": '["Effusion", "Edema", "Mass"]'})
linear("linear-opset9", opset=9)
linear("linear-opset21", opset=21)
linear("double", T.DOUBLE)
linear("half", T.FLOAT16)
linear("fixed1", batch=1)
linear("fixed4", batch=4)
linear("nhwc", layout="NHWC", metadata={"names": "{0: 'Effusion', 1: 'Edema', 2: 'Mass'}"})
linear("sigmoid", last=["Sigmoid"])
linear("sigmoid-twice", last=["Sigmoid", "Sigmoid"])
linear("softmax", last=["Softmax"], opset=13)
save("uint8", [node("Cast", ["x"], ["c"], to=T.FLOAT), node("Flatten", ["c"], ["f"], axis=1), node("MatMul", ["f", "w"], ["scores"])],
     [value("x", T.UINT8, ["n", 1, 3, 4])], [value("scores", T.FLOAT, ["n", 3])], {"w": W})
save("rank3", [node("Flatten", ["x"], ["f"], axis=1), node("MatMul", ["f", "w"], ["scores"])],
     [value("x", T.FLOAT, ["n", 3, 4])], [value("scores", T.FLOAT, ["n", 3])], {"w": W})
# as skl2onnx exports scikit-learn: rows of values in; a label and probabilities, or maps from classes to these, out
save("flat", [node("Gemm", ["x", "w", "b"], ["g"]), node("Softmax", ["g"], ["scores"]), node("ArgMax", ["g"], ["label"], axis=1, keepdims=0)],
     [value("x", T.FLOAT, ["n", 12])], [value("label", T.INT64, ["n"]), value("scores", T.FLOAT, ["n", 3])], {"w": W, "b": B})
for name, labels in [("maps-of-numbers", {"classlabels_int64s": [10, 2, 30]}), ("maps-of-names", {"classlabels_strings": ["c", "a", "b"]})]:
    graph = helper.make_graph(
        [node("Gemm", ["x", "w", "b"], ["g"]), node("Softmax", ["g"], ["p"]), node("ArgMax", ["g"], ["label"], axis=1, keepdims=0),
         node("ZipMap", ["p"], ["scores"], domain="ai.onnx.ml", **labels)], name, [value("x", T.FLOAT, ["n", 12])],
        [value("label", T.INT64, ["n"]), helper.make_value_info("scores", helper.make_sequence_type_proto(helper.make_map_type_proto(
            T.STRING if "strings" in str(labels) else T.INT64, helper.make_tensor_type_proto(T.FLOAT, []))))],
        [tensor("w", W), tensor("b", B)])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)], ir_version=8), name + ".onnx")
save("constant", [node("Flatten", ["x"], ["f"], axis=1), node("MatMul", ["f", "w"], ["z"]), node("Add", ["z", "b"], ["scores"])],
     [value("x", T.FLOAT, ["n", 1, 3, 4])], [value("scores", T.FLOAT, ["n", 3])], {"w": 0 * W, "b": B})
save("dynamic", [node("GlobalAveragePool", ["x"], ["p"]), node("Flatten", ["p"], ["f"], axis=1), node("MatMul", ["f", "w"], ["scores"])],
     [value("x", T.FLOAT, ["n", 3, "h", "w"])], [value("scores", T.FLOAT, ["n", 2])], {"w": W[:3, :2]})
# scores, features and a map; and a text of the kind that classifiers of scikit-learn return
save("several", [node("Flatten", ["x"], ["features"], axis=1), node("MatMul", ["features", "w"], ["scores"]),
                 node("Identity", ["x"], ["map"]), node("ArgMax", ["scores"], ["label"], axis=1, keepdims=0)],
     [value("x", T.FLOAT, ["n", 1, 3, 4])],
     [value("label", T.INT64, ["n"]), value("scores", T.FLOAT, ["n", 3]), value("features", T.FLOAT, ["n", 12]),
      value("map", T.FLOAT, ["n", 1, 3, 4])], {"w": W})
save("one-score", [node("Flatten", ["x"], ["f"], axis=1), node("MatMul", ["f", "w"], ["m"]), node("Squeeze", ["m", "axis"], ["scores"])],
     [value("x", T.FLOAT, ["n", 1, 3, 4])], [value("scores", T.FLOAT, ["n"])], {"w": W[:, :1], "axis": np.array([1])})
save("sequence", [node("Flatten", ["x"], ["f"], axis=1), node("SequenceConstruct", ["f"], ["scores"])],
     [value("x", T.FLOAT, ["n", 1, 3, 4])], [helper.make_tensor_sequence_value_info("scores", T.FLOAT, ["n", 12])], {})
save("two-inputs", [node("Add", ["x", "y"], ["scores"])], [value("x", T.FLOAT, ["n", 1, 3, 4]), value("y", T.FLOAT, ["n", 1, 3, 4])],
     [value("scores", T.FLOAT, ["n", 1, 3, 4])], {})
# two structures: brighter than 0.5, and darker than 0.25, as logits at half of the input's size
segment = [node("AveragePool", ["x"], ["p"], kernel_shape=[2, 2], strides=[2, 2]), node("Conv", ["p", "k", "b"], ["s"])]
save("segment", segment + [node("Identity", ["s"], ["logits"])], [value("x", T.FLOAT, ["n", 1, 8, 8])], [value("logits", T.FLOAT, ["n", 2, 4, 4])],
     {"k": np.array([20, -20], np.float32).reshape(2, 1, 1, 1), "b": np.array([-10, 5], np.float32)})
save("segment-labels", segment + [node("ArgMax", ["s"], ["labels"], axis=1, keepdims=0)], [value("x", T.FLOAT, ["n", 1, 8, 8])],
     [value("labels", T.INT64, ["n", 4, 4])], {"k": np.array([20, -20], np.float32).reshape(2, 1, 1, 1), "b": np.array([-10, 5], np.float32)})
# takes minutes: a loop that multiplies matrices
body = helper.make_graph([node("MatMul", ["v", "v"], ["q"]), node("Tanh", ["q"], ["v2"]), node("Identity", ["c"], ["c2"])], "body",
                         [value("i", T.INT64, []), value("c", T.BOOL, []), value("v", T.FLOAT, None)],
                         [value("c2", T.BOOL, []), value("v2", T.FLOAT, None)])
save("slow", [node("Flatten", ["x"], ["f"], axis=1), node("MatMul", ["f", "w"], ["m"]), node("Transpose", ["w"], ["wt"]),
              node("MatMul", ["wt", "w"], ["sq"]), node("Loop", ["n_loop", "", "sq"], ["looped"], body=body),
              node("MatMul", ["m", "looped"], ["scores"])],
     [value("x", T.FLOAT, ["n", 1, 3, 4])], [value("scores", T.FLOAT, ["n", 3])], {"w": W, "n_loop": np.array(10**12)})
# 10**9 zeros
save("huge", [node("ConstantOfShape", ["shape"], ["z"]), node("ReduceSum", ["z"], ["r"], keepdims=0), node("Flatten", ["x"], ["f"], axis=1),
              node("Add", ["f", "r"], ["scores"])],
     [value("x", T.FLOAT, ["n", 1, 3, 4])], [value("scores", T.FLOAT, ["n", 12])], {"shape": np.array([10**13])})


def external(name, location):
    w = tensor("w", W)
    w.ClearField("raw_data")
    w.data_location = T.EXTERNAL
    w.external_data.add(key="location", value=location)
    graph = helper.make_graph([node("Flatten", ["x"], ["f"], axis=1), node("MatMul", ["f", "w"], ["scores"])], name,
                              [value("x", T.FLOAT, ["n", 1, 3, 4])], [value("scores", T.FLOAT, ["n", 3])], [w])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    open(name + ".onnx", "wb").write(model.SerializeToString())


external("external", "external.bin")
W.tofile("external.bin")
external("external-parent", "data/../../outside.bin")
external("external-absolute", "/etc/hostname")
# in the branch of an If, where graphs are attributes
w = tensor("w", W)
w.ClearField("raw_data")
w.data_location = T.EXTERNAL
w.external_data.add(key="location", value="../secret.bin")
branch = helper.make_graph([node("MatMul", ["f", "w"], ["a"])], "then", [], [value("a", T.FLOAT, ["n", 3])], [w])
graph = helper.make_graph([node("Flatten", ["x"], ["f"], axis=1), node("If", ["c"], ["scores"], then_branch=branch, else_branch=branch)],
                          "external-branch", [value("x", T.FLOAT, ["n", 1, 3, 4])], [value("scores", T.FLOAT, ["n", 3])], [tensor("c", np.array(True))])
open("external-branch.onnx", "wb").write(
    helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString())


def film(width, height, seed):
    state, out = seed, np.zeros((height, width), np.uint8)
    for y in range(height):
        for x in range(width):
            state = (state * 1103515245 + 12345) % 2**31
            out[y, x] = (state >> 16) % 256
    return out


expected = {}
options = onnxruntime.SessionOptions()
options.log_severity_level = 4
for name in ["linear", "linear-opset9", "linear-opset21", "double", "half", "fixed1", "nhwc", "sigmoid", "sigmoid-twice", "softmax", "uint8",
             "rank3", "flat", "several", "one-score", "segment", "segment-labels", "external"]:
    session = onnxruntime.InferenceSession(name + ".onnx", options, providers=["CPUExecutionProvider"])
    info = session.get_inputs()[0]
    rows = []
    for seed in range(5):
        w, h = (8, 8) if name.startswith("segment") else (4, 3)
        x = film(w, h, seed)[None, None]
        if name == "nhwc":
            x = x.transpose(0, 2, 3, 1)
        if name == "rank3":
            x = x[:, 0]
        if name == "flat":
            x = x.reshape(1, 12)
        dtype = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(float16)": np.float16, "tensor(uint8)": np.uint8}[info.type]
        if dtype != np.uint8:
            x = (x.astype(np.float32) / np.float32(255)).astype(dtype)
        out = session.run(["scores" if "segment" not in name else session.get_outputs()[0].name], {"x": x})[0]
        rows.append([float(f"{v:.9g}") for v in out[0].ravel()])
    expected[name] = rows
with open("expected.json", "w") as f:
    f.write("{\n" + ",\n".join(f'"{k}": {json.dumps(v)}' for k, v in expected.items()) + "\n}\n")
