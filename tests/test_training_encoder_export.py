"""The graph that is shipped, where torch and onnx are installed (training the encoder alone needs them)."""

from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch: only training the encoder needs it, see CONTRIBUTING.md")
pytest.importorskip("onnx", reason="onnx: only training the encoder needs it, see CONTRIBUTING.md")

from onnx import TensorProto, helper, numpy_helper
from onnxruntime import InferenceSession

from training.encoder_export import loudness, smoothed


def run(made: Any, ids: Any) -> Any:
    session = InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(["out"], {"ids": ids, "mask": ids})[0]


def test_smoothing_leaves_what_the_graph_computes_and_evens_its_channels() -> None:
    rng = np.random.default_rng(0)
    loud, matrix = np.array([1, 50, 0.1, 1], np.float32), rng.normal(size=(4, 3)).astype(np.float32)
    name = "layer.0/output/dense/MatMul"
    nodes = [
        helper.make_node("Cast", ["ids"], ["real"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["real", "axis"], ["column"]),
        helper.make_node("Mul", ["column", "loud"], ["states"]),
        helper.make_node("MatMul", ["states", "matrix"], ["out"], name=name),
        helper.make_node("Identity", ["mask"], ["same"]),
    ]
    arrays = {"axis": np.array([2]), "loud": loud, "matrix": matrix}
    inputs = [helper.make_tensor_value_info(key, TensorProto.INT64, ["windows", "pieces"]) for key in ("ids", "mask")]
    outputs = [
        helper.make_tensor_value_info("out", TensorProto.FLOAT, None),
        helper.make_tensor_value_info("same", TensorProto.INT64, None),
    ]
    graph = helper.make_graph(nodes, "g", inputs, outputs, [numpy_helper.from_array(a, key) for key, a in arrays.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    ids = np.arange(6)[None]

    before, windows = run(model, ids), [np.arange(3, 9)]
    made = smoothed(model, windows)
    assert np.allclose(run(made, ids), before, rtol=1e-5)
    quiet = loudness(made, [next(n.input[0] for n in made.graph.node if n.name == name)], windows)[0]
    assert quiet.max() / quiet.min() < loud.max() / loud.min() / 5
