"""`lurewatch promote`: puts a run in place of the shipped model, if it meets the bars; keeps the history of versions."""

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model import artefact
from model.artefact import SHIPPED, Artefact, read_manifest
from model.errors import LurewatchError
from model.full import FOLDER, FullTier
from training import fingerprints
from training.card import at
from training.config import Config
from training.report import publish

FINE = 0
ROOT = SHIPPED.parent.parent
"""The checkout, where there is one."""
UNRELEASED = "## Unreleased\n"
MOST_OVERLAP = 0.005
"""Share of test rows whose text may stand among those that thresholds were chosen on: short ads that different firms word alike."""


class BarError(LurewatchError):
    """A run does not reach what it must."""

    kind = "bar_not_met"


@dataclass(frozen=True)
class Bar:
    """One bar and what the run has: value is None where it was not measured."""

    name: str
    value: float | None
    least: float | None = None
    most: float | None = None

    @property
    def met(self) -> bool:
        """Whether the run reaches it."""
        return (
            self.value is not None and (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)
        )

    def __str__(self) -> str:
        limits = [f"at {word} {limit:g}" for word, limit in (("least", self.least), ("most", self.most)) if limit is not None]
        return f"{self.name} is {'not measured' if self.value is None else format(self.value, '.4g')}, must be {' and '.join(limits)}"


def promote(parser: argparse.ArgumentParser) -> None:
    """Add the options of `lurewatch promote`."""
    parser.description = "Check a run against the bars of a configuration, and put its artefact in place of the shipped model."
    parser.epilog = "example: lurewatch promote runs/today"
    parser.add_argument("folder", type=Path, metavar="RUN", help="folder of the run")
    parser.add_argument("--config", type=Path, help="the configuration that holds the bars (default: training/config.toml)")
    parser.add_argument("--force", metavar="REASON", help="promote although bars are not met; the reason is kept in manifest and changelog")
    parser.add_argument("--without-full", action="store_true", help="also where the run has no full tier and the shipped model has one")
    parser.set_defaults(run=run_promote)


def run_promote(args: argparse.Namespace) -> int:
    """Check, copy, tell."""
    figures = figures_of(args.folder)
    bars = bars_of(Config.load(args.config), figures)
    check_apart(args.folder)
    forced = checked(bars, args.force)
    version, is_new = put_in_place(args.folder, without_full=args.without_full, bars=bars, forced=forced)
    print(f"{args.folder} is now the shipped model, version {version}")
    if is_new and (ROOT / "CHANGELOG.md").is_file():
        note(ROOT / "CHANGELOG.md", version, read_manifest(args.folder / "artefact")[1], bars, forced)
    if (ROOT / "README.md").is_file():
        publish(args.folder / "metrics.json", ROOT)
        print(f"its figures are in {ROOT / 'reports' / 'metrics.json'} and in the README")
    return FINE


def figures_of(run: Path) -> Mapping[str, Any]:
    """The figures of a run. Raises BarError where it has none, LurewatchError where it is not whole."""
    if run.name.endswith(".partial"):
        raise LurewatchError(f"{run} was stopped before it was whole; go on with the same `lurewatch train`, then promote.")
    try:
        return dict(json.loads((run / "metrics.json").read_text(encoding="utf-8")))
    except (OSError, ValueError) as e:
        raise BarError(
            f"{run} has no metrics.json that can be read, so no bar can be checked; train without --no-report.", "metrics.json"
        ) from e


def bars_of(config: Config, figures: Mapping[str, Any]) -> list[Bar]:
    """Every bar with what the run has."""
    out = []
    for name, limits in sorted(config.bars.items()):
        value = at(figures, *name.split("."))
        out.append(Bar(name, float(value) if isinstance(value, int | float) else None, **limits))
    return out


def check_apart(run: Path) -> None:
    """That figures come from rows that thresholds were not chosen on. Not even --force passes this. Raises BarError."""
    reported = run / "reported"
    sets = fingerprints.load(reported, read_manifest(reported)[0])
    if sets is None:
        raise BarError(f"{reported} does not tell what was learnt from; train again.", fingerprints.FILE)
    learnt, test = sets
    both = len(set(learnt.tolist()) & set(test.tolist()))
    if both > MOST_OVERLAP * len(test):
        raise BarError(
            f"refused. [a threshold chosen on test] {both:,} of {len(test):,} test rows of {run} stand among those that its thresholds "
            "were chosen on, so its figures say nothing. Train again with the split of lurewatch train.",
            "a threshold chosen on test",
        )


def checked(bars: list[Bar], reason: str | None) -> str:
    """The reason for forcing, empty where all bars are met. Raises BarError naming every bar that is not."""
    missed = [str(bar) for bar in bars if not bar.met]
    if missed and not (reason or "").strip():
        raise BarError(f"not promoted: {'; '.join(missed)}. Train a better one, or give --force REASON.", "bars")
    return " ".join((reason or "").split()) if missed else ""


def put_in_place(
    run: Path, target: Path = SHIPPED, without_full: bool = False, bars: list[Bar] | None = None, forced: str = ""
) -> tuple[str, bool]:
    """Copy a checked artefact over another, with the history of both; its version, and whether it was not already there.

    Raises LurewatchError where that would lose the full tier unasked.
    """
    made = Artefact.load(run / "artefact")
    if (run / "artefact" / FOLDER).is_dir():
        FullTier.load(run / "artefact", made)
    elif (target / FOLDER).is_dir() and not without_full:
        raise LurewatchError(f"{run} has no full tier, the shipped model has one; train with --encoder, or promote with --without-full.")
    version, history = str(made.manifest["version"]), history_of(target)
    is_new = not history or history[-1]["run"] != made.digest
    if is_new:
        told = {bar.name: bar.value for bar in bars or ()}
        history.append({"version": version, "run": made.digest, "on": time.strftime("%Y-%m-%d"), "figures": told, "forced": forced})
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        fresh = Path(folder) / "artefact"
        shutil.copytree(run / "artefact", fresh)
        manifest, _ = read_manifest(fresh)
        artefact.write_manifest(fresh, {**manifest, "history": history}, sorted(manifest["files"]))
        Artefact.load(fresh)
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
    return version, is_new


def history_of(folder: Path) -> list[dict[str, Any]]:
    """What was promoted before, oldest first. run: sha256 of the manifest as training wrote it, which metrics.json names."""
    path = folder / artefact.MANIFEST
    return list(json.loads(path.read_bytes()).get("history", ())) if path.is_file() else []


def note(changelog: Path, version: str, digest: str, bars: list[Bar], forced: str) -> None:
    """A line in the changelog. Raises LurewatchError where it has no unreleased heading."""
    text = changelog.read_text(encoding="utf-8")
    if UNRELEASED not in text:
        raise LurewatchError(f"{changelog} has no heading {UNRELEASED.strip()!r}; add it and promote again.")
    told = ", ".join(f"{bar.name} {bar.value:.3f}" for bar in bars if bar.value is not None)
    why = f" Promoted although bars were not met: {forced}" if forced else ""
    line = f"- Model {version}, run {digest[:12]}: {told or 'no bars'}.{why}\n"
    changelog.write_text(text.replace(UNRELEASED, UNRELEASED + line, 1), encoding="utf-8")
