"""The head of the model card in the Hugging Face format: what the hub shows and searches by."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

TAGS = ("job-ads", "scam-detection", "human-trafficking", "calibrated", "explainable")


def front_matter(m: Mapping[str, Any]) -> str:
    """YAML between lines of dashes. m: `metrics.json`."""
    pairs = m["test"].get("corpus", {})
    told = {
        "license": "mit",
        "language": sorted(pairs.get("language", {})),
        "library_name": "lurewatch",
        "pipeline_tag": "text-classification",
        "tags": list(TAGS),
        "metrics": ["roc_auc", "average_precision", "recall"],
        "model-index": [{"name": f"lurewatch {m['model']['version']}", "results": results(m)}],
    }
    return f"---\n{yaml.safe_dump(told, sort_keys=False, allow_unicode=True)}---\n"


def results(m: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Figures of both tiers on rows that were not learnt from."""
    out = []
    for tier, figures in (("fast", m), ("full", m.get("full", {}))):
        test = figures.get("test", {})
        pairs, boards, emscad = test.get("corpus", {}), test.get("at_1pct_of_boards", {}), test.get("emscad", {})
        corpus = [("roc_auc", pairs.get("roc_auc")), ("recall", pairs.get("found_at_5pct_of_twins"))]
        out += result(tier, "written scams and honest twins, test families", "lurewatch-corpus", corpus)
        found = [("recall", boards.get("found", {}).get("share"))]
        out += result(tier, "written scams at 1 % false alarms on held-out board ads", "lurewatch-boards", found)
        out += result(tier, "EMSCAD, test families", "emscad", [("average_precision", emscad.get("average_precision"))])
    return out


def result(tier: str, name: str, kind: str, metrics: Sequence[tuple[str, float | None]]) -> list[dict[str, Any]]:
    """One entry, none where nothing was measured."""
    told = [{"type": metric, "value": value, "name": f"{metric}, {tier} tier"} for metric, value in metrics if value is not None]
    task = {"type": "text-classification", "name": "Warning of lures in job ads"}
    return [{"task": task, "dataset": {"type": kind, "name": name}, "metrics": told}] if told else []
