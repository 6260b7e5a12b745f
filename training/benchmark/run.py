"""One benchmark: stocks, scores, figures, report. What takes long is kept under the digest of everything that it rests on."""

import hashlib
import json
import time
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import joblib
import numpy as np

from model.artefact import SHIPPED, read_manifest, sha256
from model.classifier import ScamAdClassifier
from model.errors import LurewatchError
from training.benchmark import fraud_figures, grounds, plan, written_figures
from training.benchmark.contenders import able
from training.benchmark.explaining import cases, explanation_figures
from training.benchmark.grounds import FIELDS, FRAUD, WRITTEN, Ground
from training.benchmark.jobs import Job, run_all
from training.benchmark.plan import Plan
from training.benchmark.protocols import PROTOCOLS
from training.benchmark.publishing import publish
from training.benchmark.stock import Stock
from training.config import Config
from training.fit import finished, held_out_both
from training.folder import Kept
from training.progress import Progress
from training.run import Material, write_artefact
from training.stamp import Stamp

WEIGHTS = "model.safetensors"
LEFT_OUT = ("language", "lure_type", "source")
MADE_BY = "contenders encoders explaining fraud grounds jobs leaving nested plan protocols stock terms written".split()
"""Modules that what is kept rests on; the others only tell."""


def benchmark(chosen: Plan, data: Path | None, args: Namespace, progress: Progress) -> None:
    """Measure and publish. A quick run publishes into its work folder."""
    config = Config.load()
    base = args.encoder if has_torch() else None
    stamp = stamp_of(config, data, chosen, base)
    folder = args.work / f"{chosen.name}-{stamp[:12]}"
    ground = Ground(folder, config, chosen, data, base, Kept(folder / "kept"), progress, args.jobs)
    measure(ground, stamp, folder / "report" if chosen is plan.QUICK else args.out)


def measure(ground: Ground, stamp: str, out: Path) -> None:
    """Build the stocks, have all contenders learn, reckon figures, write the report."""
    began = time.monotonic()
    ground.folder.mkdir(parents=True, exist_ok=True)
    grounds.build(ground)
    stocks = {name: joblib.load(ground.stock(name)) for name in (FRAUD, FIELDS, WRITTEN) if ground.stock(name).is_file()}
    jobs = jobs_of(ground, stocks)
    run_all(jobs, ground.plan, ground.kept, ground.processes, ground.progress)
    ground.progress("benchmark: reckoning figures")
    figures = figures_of(ground, stocks) | {"stamp": stamp}
    figures["clock"] |= {"minutes": (time.monotonic() - began) / 60, "jobs": seconds_of(jobs, ground.kept)}
    publish(figures, stocks, ground.kept, out)
    ground.progress(f"benchmark: {out} written after {figures['clock']['minutes']:.1f} minutes")


def stamp_of(config: Config, data: Path | None, chosen: Plan, base: Path | None) -> str:
    """Digest of configuration, data, code, plan, shipped model and frozen encoder. Raises LurewatchError where that is not there."""
    here = Path(str(files("training"))) / "benchmark"
    told = [Stamp.of(config, data, chosen.name).__dict__, chosen.__dict__, read_manifest(SHIPPED)[1]]
    told += [sha256(path) for path in [*(here / f"{name}.py" for name in MADE_BY), here / "keywords.txt"]]
    if base is not None:
        if not (base / WEIGHTS).is_file():
            raise LurewatchError(f"no {WEIGHTS} in {base}; give an encoder's folder as --encoder, or none.")
        told.append(sha256(base / WEIGHTS))
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def has_torch() -> bool:
    """Whether encoders can be run."""
    try:
        import torch  # noqa: F401, PLC0415 - needed by the frozen encoder alone
    except ModuleNotFoundError:
        return False
    return True


def jobs_of(ground: Ground, stocks: Mapping[str, Stock]) -> list[Job]:
    """All that is to be reckoned, the longest first."""
    out = []
    wanted = [(FRAUD, (*PROTOCOLS, "few", "time"), plan.ON_FRAUD), (FIELDS, (fraud_figures.NEAR,), plan.ON_FIELDS)]
    wanted += [(WRITTEN, ("held_out",), plan.ON_WRITTEN), (WRITTEN, LEFT_OUT, plan.ON_LEFT_OUT)]
    for name, protocols, contenders in wanted:
        if name in stocks:
            out += [Job(ground.stock(name), c, protocol) for protocol in protocols for c in contenders if c in able(stocks[name])]
    slow = ("lightgbm", "tfidf_svc", "tfidf_lr", "lurewatch_fast")
    return sorted(out, key=lambda job: slow.index(job.contender) if job.contender in slow else len(slow))


def figures_of(ground: Ground, stocks: Mapping[str, Stock]) -> dict[str, Any]:
    """Everything that is told."""
    material: Material = joblib.load(ground.folder / "material.joblib")
    seed, written = ground.config.seed, stocks[WRITTEN]
    out: dict[str, Any] = {
        "model": {name: read_manifest(SHIPPED)[0][name] for name in ("name", "version")} | {"sha256": read_manifest(SHIPPED)[1]},
        "plan": ground.plan.__dict__,
        "data": dict(material.fingerprints),
        "not_measured": grounds.left_out(ground),
        "sizes": sizes(written),
    }
    if FRAUD in stocks:
        fraud = fraud_figures.Held(stocks[FRAUD], ground.kept, ground.plan, among(stocks[FRAUD], plan.ON_FRAUD), FRAUD)
        fields = fraud_figures.Held(stocks[FIELDS], ground.kept, ground.plan, plan.ON_FIELDS, FIELDS)
        out["emscad"] = fraud_figures.fraud_figures(fraud, seed)
        out["emscad"]["all_fields"] = fraud_figures.fields_figures(fields, plan.ON_FIELDS)
        out["emscad"]["missing"] = fraud_figures.missing_figures(fraud, stocks[FIELDS].table)
    countries = grounds.countries(ground.data)
    out["written"], out["fairness"] = {}, {}
    for c in among(written, plan.ON_WRITTEN):
        held = written_figures.Held(written, ground.kept.read(Job.named(WRITTEN, "held_out", c) + "-0"), ground.plan.rounds)
        out["written"][c] = written_figures.held_figures(held, seed)
        out["fairness"][c] = written_figures.fairness(held, countries)
    out["left_out"] = {by: {c: left_out(ground, written, by, c) for c in among(written, plan.ON_LEFT_OUT)} for by in LEFT_OUT}
    scams = [row for row, test in zip(written.data.rows, written.test[: written.learnable].tolist(), strict=True) if test and row.label]
    told = cases(reported(ground, material, written), scams, ground.plan.explained)
    out["explanations"], seconds = explanation_figures(told, ground.plan.samples, ground.kept, seed)
    return out | {"clock": {"explainers": seconds}}


def seconds_of(jobs: Sequence[Job], kept: Kept) -> dict[str, dict[str, float]]:
    """What each job took, by stock and protocol, then by contender."""
    out: dict[str, dict[str, float]] = {}
    for job in jobs:
        out.setdefault(f"{job.stock.stem}, {job.protocol}", {})[job.contender] = float(kept.read(f"{job.name}-done")[0])
    return out


def left_out(ground: Ground, stock: Stock, by: str, contender: str) -> dict[str, Any]:
    """Of one contender."""
    name = Job.named(WRITTEN, by, contender)
    return written_figures.left_out(stock, by, lambda value: ground.kept.read(f"{name}-{value}"), ground.config.seed, ground.plan.rounds)


def among(stock: Stock, names: Sequence[str]) -> list[str]:
    """Those that have what they need."""
    return [name for name in names if name in able(stock)]


def sizes(stock: Stock) -> dict[str, dict[str, int]]:
    """Rows by part, learnt from and tested."""
    parts, test = stock.data.parts, stock.test[: stock.learnable]
    return {
        part: {"learnt": int(((parts == part) & ~test).sum()), "tested": int(((parts == part) & test).sum())}
        for part in sorted(set(parts.tolist()))
    }


def reported(ground: Ground, material: Material, stock: Stock) -> ScamAdClassifier:
    """The fast tier learnt on the stock without the test fifth, as an artefact, since explanations need all of it."""
    data = stock.data.take(np.flatnonzero(~stock.test[: stock.learnable]))
    apart = ground.kept.array("reported", lambda: held_out_both(data, ground.setting, ground.config))
    fitted = finished(data, ground.setting, (), apart, ground.config)
    made = write_artefact(replace(material, data=data), fitted, ground.config, ground.folder / "reported", ground.folder / "made")
    return ScamAdClassifier(made)
