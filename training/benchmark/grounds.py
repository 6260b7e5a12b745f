"""The two stocks of the benchmark, from what training reads, and what had to be left out, by name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import joblib
import numpy as np
from numpy.typing import NDArray

from model.artefact import SHIPPED, read_manifest
from training import sources
from training.benchmark import encoders, fraud, written
from training.benchmark.plan import Plan
from training.benchmark.stock import Stock, stock
from training.config import Config
from training.data import Data
from training.folder import Kept
from training.progress import Progress
from training.run import Material, gather, test_mask
from training.split import bucket, families

FRAUD, FIELDS, WRITTEN = "fraud", "fields", "written"
"""Names of the stocks."""


@dataclass(frozen=True)
class Ground:
    """folder: of the work. data: of the public files, None without. base: of the frozen encoder, whose pieces of words the fast tier weighs
    too; None without.
    """

    folder: Path
    config: Config
    plan: Plan
    data: Path | None
    base: Path | None
    kept: Kept
    progress: Progress
    processes: int = 2

    def stock(self, name: str) -> Path:
        """File of a stock."""
        return self.folder / f"{name}.joblib"

    @property
    def setting(self) -> Mapping[str, float]:
        """What the search chose for the shipped model."""
        return dict(read_manifest(SHIPPED)[0]["chosen"])


def build(ground: Ground) -> None:
    """Make the stocks that are not there yet."""
    if ground.stock(WRITTEN).is_file():
        return
    base = str(ground.base) if ground.base else None
    material = gather(ground.config, ground.data, ground.folder / "made", ground.progress, base)
    joblib.dump(replace(material, data=material.data.take(np.arange(0))), ground.folder / "material.joblib")
    mask = test_mask(material.data.rows, ground.config)
    if ground.data:
        build_fraud(ground, material, ground.data)
    ground.progress("benchmark: reading written ads, a sample of board ads and their variants")
    at = written.sample(material.data, mask, ground.plan.learnt, ground.plan.tested)
    at = at[thinned(material.data.take(at), ground.plan.share)]
    data, test = material.data.take(at), mask[at]
    made = stock(data, written.variants(data, test), material.step, ground.config, ground.setting)
    made = replace(made, test=test)
    outside = np.flatnonzero(test[made.made_from])
    ground.progress(f"benchmark: the shipped encoder reads {len(outside):,} ads")
    read = partial(encoders.shipped_scores, made.rows, outside, material.step, ground.processes)
    made = replace(made, encoded=ground.kept.array("encoded", read))
    with_states(ground, made, material, WRITTEN).save(ground.stock(WRITTEN))


def build_fraud(ground: Ground, material: Material, folder: Path) -> None:
    """EMSCAD alone, every row weighing the same, with and without fields."""
    ground.progress("benchmark: reading EMSCAD and its variants")
    at = np.flatnonzero(np.char.startswith(material.data.parts, "emscad"))
    at = at[thinned(material.data.take(at), ground.plan.share)]
    data = replace(material.data.take(at), weights=np.ones(len(at)))
    told = fraud.records(data, folder)
    made = stock(data, fraud.variants(data, told, folder), material.step, ground.config, ground.setting)
    made = replace(made, order=fraud.order(told))
    fraud.with_fields(data, told, material.step, made).save(ground.stock(FIELDS))
    with_states(ground, made, material, FRAUD).save(ground.stock(FRAUD))


def thinned(data: Data, share: float) -> NDArray[np.intp]:
    """Positions of about so large a share of the families; board ads all stay."""
    kept = [
        row.source == "boards" or bucket(name, 1000, "thinned") < 1000 * share
        for row, name in zip(data.rows, families(data.rows), strict=True)
    ]
    return np.flatnonzero(kept)


def with_states(ground: Ground, made: Stock, material: Material, name: str) -> Stock:
    """The stock with what the frozen encoder says, where there is one."""
    if ground.base is None:
        return made
    ground.progress(f"benchmark: the frozen encoder reads {len(made.rows):,} ads")
    read = partial(encoders.frozen_states, made.rows, ground.base, material.step, ground.processes)
    return replace(made, states=ground.kept.array(f"states-{name}", read))


def left_out(ground: Ground) -> list[str]:
    """What could not be measured, in words."""
    out = []
    if ground.data is None:
        out.append(
            f"{sources.ENVIRONMENT} is not set: EMSCAD's protocols, board ads (false alarms, prevalence among them, fairness) and the "
            "rewritten frauds are left out; written twins stand for board ads"
        )
    if ground.base is None:
        out.append("no folder of multilingual-e5-small was given (--encoder) or torch is not installed: the frozen encoder is left out")
    if ground.plan.share < 1:
        out.append(f"quick: {ground.plan.share:.0%} of the families, {ground.plan.seeds} seeds; figures are no figures of the model")
    return out


def countries(folder: Path | None) -> dict[str, str]:
    """Country of each board ad, by the row's id."""
    if folder is None:
        return {}
    return {f"boards:{r['id']}": str(r.get("country") or "") for r in sources.records(fraud.named("boards"), folder)}
