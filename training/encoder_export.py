"""From the fine-tuned encoder to a graph that onnxruntime runs without torch: fused, smoothed, then int8 weights, one scale a channel.

At run time the states that enter a matrix get one int8 scale for all channels, which a few loud channels spoil for the others. So before
that each channel is made quieter and its weights louder by as much (Xiao et al. 2023, SmoothQuant).
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnxruntime import InferenceSession
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.optimizer import optimize_model

from model.encoder import GRAPH, Encoder, fed
from training.encoder import TokenScorer
from training.examples import Example

OPSET = 17
SMOOTHED = ("intermediate/dense/MatMul", "output/dense/MatMul")
SHIFT, FAINT = 0.85, 1e-5
"""Share of a channel's loudness that its weights take over; and what counts as silence."""
AXES = {"ids": {0: "windows", 1: "pieces"}, "mask": {0: "windows", 1: "pieces"}, "out": {0: "windows", 1: "pieces"}}


def export(model: TokenScorer, folder: Path, windows: Sequence[NDArray[np.int64]]) -> None:
    """Write `encoder.onnx` (int8) and, beside the folder's other files, nothing else. The same weights and windows give the same bytes.

    windows: pieces of texts, on which the loudness of channels is measured.
    """
    model.eval().float().to("cpu")
    model.body.config._attn_implementation = "eager"  # the exporter and the fusion know this form
    ids = torch.zeros(2, 16, dtype=torch.int64)
    with tempfile.TemporaryDirectory() as made:
        plain, fused = Path(made) / "plain.onnx", Path(made) / "fused.onnx"
        torch.onnx.export(
            model,
            (ids, torch.ones_like(ids)),
            str(plain),
            input_names=["ids", "mask"],
            output_names=["out"],
            dynamic_axes=AXES,
            opset_version=OPSET,
            dynamo=False,
        )
        config = model.body.config
        optimize_model(str(plain), "bert", config.num_attention_heads, config.hidden_size).save_model_to_file(str(fused))
        onnx.save(smoothed(onnx.load(fused), windows), fused)
        options = {"DefaultTensorType": onnx.TensorProto.FLOAT}
        quantize_dynamic(fused, folder / GRAPH, per_channel=True, weight_type=QuantType.QInt8, extra_options=options)


def smoothed(graph: Any, windows: Sequence[NDArray[np.int64]]) -> Any:
    """The graph with quieter channels before the feed-forward matrices of each layer and louder weights in these; it computes the same."""
    nodes = [n for n in graph.graph.node if n.name.endswith(SMOOTHED) and "attention" not in n.name]
    weights = {t.name: t for t in graph.graph.initializer}
    for node, loud in zip(nodes, loudness(graph, [n.input[0] for n in nodes], windows), strict=True):
        told = weights[node.input[1]]
        matrix = numpy_helper.to_array(told)
        scale = np.maximum(loud, FAINT) ** SHIFT / np.maximum(np.abs(matrix).max(axis=1), FAINT) ** (1 - SHIFT)
        told.CopyFrom(numpy_helper.from_array((matrix * scale[:, None]).astype(np.float32), told.name))
        quieter, states = f"{node.name}_quieter", f"{node.name}_states"
        graph.graph.initializer.append(numpy_helper.from_array((1 / scale).astype(np.float32), quieter))
        place = list(graph.graph.node).index(node)
        graph.graph.node.insert(place, helper.make_node("Mul", [node.input[0], quieter], [states], name=f"{node.name}_mul"))
        node.input[0] = states
    return graph


def loudness(graph: Any, names: Sequence[str], windows: Sequence[NDArray[np.int64]]) -> list[NDArray[np.float32]]:
    """The largest absolute value of each channel of some states, over all pieces of all windows."""
    probe = onnx.ModelProto()
    probe.CopyFrom(graph)
    probe.graph.output.extend(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names)
    session = InferenceSession(probe.SerializeToString(), providers=["CPUExecutionProvider"])
    most: list[Any] = [np.float32(0)] * len(names)
    for window in windows:
        states = session.run(list(names), fed(window))
        most = [np.maximum(m, np.abs(s).max(axis=(0, 1))) for m, s in zip(most, states, strict=True)]
    return most


def agreement(model: TokenScorer, encoder: Encoder, chosen: list[Example]) -> dict[str, Any]:
    """Scores of the int8 graph beside those of the torch model in float32, over the windows of some examples."""
    model.eval().float()
    pairs: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []
    for window in (w for example in chosen for w in example.windows):
        with torch.no_grad():
            exact = model(*map(torch.from_numpy, fed(window).values()))[0, 1:-1, 0].numpy()
        pairs.append((exact, encoder.run(window)[:, 0]))
    means = np.array([[a.mean(), b.mean()] for a, b in pairs])
    pieces = np.concatenate([np.stack(pair, axis=1) for pair in pairs])
    return {
        "windows": len(pairs),
        "correlation_of_windows": float(np.corrcoef(means.T)[0, 1]),
        "correlation_of_pieces": float(np.corrcoef(pieces.T)[0, 1]),
        "mean_absolute_difference": float(np.abs(means[:, 0] - means[:, 1]).mean()),
    }
