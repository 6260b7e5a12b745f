"""From the fine-tuned encoder to a graph that onnxruntime runs without torch: fused, then int8 weights, one scale a channel."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.optimizer import optimize_model

from model.encoder import GRAPH, Encoder
from training.encoder import TokenScorer
from training.examples import Example

OPSET = 17
AXES = {"ids": {0: "windows", 1: "pieces"}, "mask": {0: "windows", 1: "pieces"}, "out": {0: "windows", 1: "pieces"}}


def export(model: TokenScorer, folder: Path) -> None:
    """Write `encoder.onnx` (int8) and, beside the folder's other files, nothing else. The same weights give the same bytes."""
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
        options = {"DefaultTensorType": onnx.TensorProto.FLOAT}
        quantize_dynamic(fused, folder / GRAPH, per_channel=True, weight_type=QuantType.QInt8, extra_options=options)


def agreement(model: TokenScorer, encoder: Encoder, chosen: list[Example]) -> dict[str, Any]:
    """Scores of the int8 graph beside those of the torch model in float32, over the windows of some examples."""
    model.eval().float()
    pairs: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []
    for window in (w for example in chosen for w in example.windows):
        ids = torch.from_numpy(np.concatenate([[0], window, [2]]))[None]
        with torch.no_grad():
            exact = model(ids, torch.ones_like(ids))[0, 1:-1, 0].numpy()
        pairs.append((exact, encoder.run(window)[:, 0]))
    means = np.array([[a.mean(), b.mean()] for a, b in pairs])
    pieces = np.concatenate([np.stack(pair, axis=1) for pair in pairs])
    return {
        "windows": len(pairs),
        "correlation_of_windows": float(np.corrcoef(means.T)[0, 1]),
        "correlation_of_pieces": float(np.corrcoef(pieces.T)[0, 1]),
        "mean_absolute_difference": float(np.abs(means[:, 0] - means[:, 1]).mean()),
    }
