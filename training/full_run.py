"""The full tier of a run, from the encoder's base to figures in `metrics.json`."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from training.card import card
from training.config import Config
from training.emscad_full import emscad_both
from training.encoder import Setting
from training.frozen import frozen_figures
from training.full import WORK, train_full
from training.full_report import full_figures
from training.ground import ground
from training.left_out import Without, left_out_languages
from training.progress import Progress
from training.report import rounded
from training.run import Result


@dataclass(frozen=True)
class FullPlan:
    """base: hub id or folder. passes: over the data. report: whether to measure. leave_out: languages to fine-tune once more without."""

    base: str
    passes: int
    leave_out: Sequence[str]
    report: bool


def run_full(result: Result, config: Config, plan: FullPlan, out: Path, progress: Progress) -> None:
    """Fine-tune, export, blend, measure. Adds `encoder/` to the run's artefacts and `full` to its figures and card."""
    began = time.monotonic()
    setting = Setting(passes=plan.passes, seed=config.seed)
    g = ground(result, plan.base, out / WORK, progress)
    agreement = train_full(result, config, g, setting, out, progress)
    if not plan.report:
        return
    figures: dict[str, Any] = {
        **full_figures(result, out / "reported", config.seed, progress),
        "agreement": agreement,
        "setting": setting.__dict__,
    }
    write_figures(out, figures, began)
    figures["frozen_encoder"] = frozen_figures(result, g, config.seed, progress)
    write_figures(out, figures, began)
    once = replace(setting, runs=1)
    figures["emscad_protocol"] = emscad_both(result, config, g, once, out / WORK, progress)
    write_figures(out, figures, began)
    figures["left_out_languages"] = left_out_languages(result, config, g, Without(plan.leave_out, once), out, progress)
    write_figures(out, figures, began)


def write_figures(out: Path, figures: Mapping[str, Any], began: float) -> None:
    """Put the full tier's figures, with the minutes since it began, beside the others. Called as each is known, as some take long."""
    path = out / "metrics.json"
    told = {**json.loads(path.read_text(encoding="utf-8")), "full": rounded({**figures, "minutes": (time.monotonic() - began) / 60})}
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    (out / "artefact" / "CARD.md").write_text(card(told), encoding="utf-8")
