"""One training run, from sources to a folder with artefact, pipeline, table, figures and card."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray

from model import artefact
from model.artefact import Artefact
from model.knowledge import Knowledge
from model.normalise import Normaliser
from model.reading import Reader
from model.tables import Tables
from model.version import __version__
from training import export, fingerprints, knowledge
from training import tables as character_tables
from training.config import Config
from training.data import QUIET, Data
from training.features import ReadAdverts
from training.fit import Fitted, fit, refit
from training.folder import KEPT, Kept
from training.intake import Intake, prior_of, take_in
from training.privacy import banned
from training.progress import Progress
from training.rows import Row, adverts
from training.seen import without_borrowed
from training.split import test_rows


@dataclass(frozen=True)
class Material:
    """Everything read, ready to learn from."""

    step: ReadAdverts
    data: Data
    intake: Intake

    @property
    def stress(self) -> Sequence[Row]:
        """Rows that are only measured."""
        return self.intake.stress

    @property
    def fingerprints(self) -> Mapping[str, Any]:
        """Of every source: rows, sha256, rows left out by reason."""
        return self.intake.fingerprints


def gather(config: Config, data_folder: Path | None, out: Path, progress: Progress) -> Material:
    """Read all sources and the corpus, make tables and knowledge in `out`. Without a data folder public data is left out, and said so.

    Raises SourceError and AuditError.
    """
    intake = take_in(config, data_folder, progress)
    out.mkdir(parents=True, exist_ok=True)
    character_tables.write(out / artefact.NORMALISER)
    tables = Tables.load(out / artefact.NORMALISER)
    knowledge.write(*knowledge.compile_seeds(Normaliser(tables)), out / artefact.KNOWLEDGE, out / artefact.FINDER)
    step = ReadAdverts(tables, Knowledge.load(out / artefact.KNOWLEDGE, out / artefact.FINDER))
    rows = intake.rows
    speaking = [row.advert for row in rows if row.source != QUIET]
    in_view = np.array([row.source == "corpus" for row in rows]) & ~test_mask(rows, config)
    found = without_borrowed(rows, step.transform(adverts(rows)), step, in_view)
    return Material(step, Data.of(rows, found, banned(speaking, step), config), intake)


def test_mask(rows: Sequence[Row], config: Config) -> NDArray[np.bool_]:
    """Rows that are only reported on; see `split.test_rows`."""
    return np.array(test_rows(rows, config.test_share, config.split, config.seed))


def seen_blind(material: Material) -> Data:
    """The rows with what only phrases find that were written without a view of them."""
    data = material.data
    in_view = np.array([row.source == "corpus" for row in data.rows])
    return replace(data, found=without_borrowed(data.rows, data.found, material.step, in_view, np.inf))


def write_artefact(material: Material, fitted: Fitted, config: Config, folder: Path, made: Path, test: Sequence[Row] = ()) -> Artefact:
    """Write a whole artefact and load it back. `made` holds tables and knowledge. test: rows that it is reported on."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (artefact.NORMALISER, artefact.KNOWLEDGE, artefact.FINDER):
        if folder != made:
            shutil.copyfile(made / name, folder / name)
    reader = Reader(material.step.tables, material.step.knowledge)
    learnt = export.learnt(fitted, material.data, reader)
    export.write_phrases(learnt, folder / artefact.WEIGHTS)
    export.write_table(learnt, [row for row in material.data.rows if row.source != QUIET], reader, folder / artefact.TABLE)
    fingerprints.write(folder, fingerprints.of(material.data.rows), fingerprints.of(test))
    artefact.write_manifest(
        folder,
        {
            "name": "lurewatch",
            "version": __version__,
            "baseline": learnt.baseline,
            "calibration": {"slope": fitted.calibration.slope, "intercept": fitted.calibration.intercept},
            "thresholds": {"caution": fitted.thresholds.caution, "warning": fitted.thresholds.warning},
            "genre": {"baseline": learnt.genre.baseline, "cap": learnt.genre.cap},
            "board_deciles": export.board_deciles(fitted, material.data),
            "phrases": len(learnt.hashes),
            "seeds": material.step.knowledge.digest,
            "data": dict(material.fingerprints),
            "config": config.as_dict(),
            "chosen": dict(fitted.chosen),
            "unicode": material.step.tables.unicode_version,
            "prior": prior_of(material.data.rows),
        },
        (*artefact.FILES, fingerprints.FILE),
    )
    return Artefact.load(folder)


@dataclass(frozen=True)
class Result:
    """A run. inside: rows that the reported model learnt from; the others are only reported on. The shipped model learnt from all."""

    material: Material
    inside: NDArray[np.bool_]
    fitted: Fitted
    reported: Artefact
    shipped: Artefact


def train(config: Config, data_folder: Path | None, out: Path, jobs: int, progress: Progress) -> Result:
    """Search on the training families, then learn the shipped model with the chosen setting on all."""
    made = out / "artefact"
    material = gather(config, data_folder, made, progress)
    inside = ~test_mask(material.data.rows, config)
    learning = replace(material, data=material.data.take(np.flatnonzero(inside)))
    kept = Kept(out / KEPT)
    fitted = fit(learning.data, config, jobs, progress, kept, seen_blind(learning))
    test = [row for row, i in zip(material.data.rows, inside, strict=True) if not i]
    reported = write_artefact(learning, fitted, config, out / "reported", made, test)
    progress("learning the shipped model on all rows")
    final = refit(material.data, fitted, config, kept)
    shipped = write_artefact(material, final, config, made, made)
    steps = {name: getattr(final, name) for name in ("pipeline", "genre", "calibration", "cap")}
    joblib.dump({"read": material.step, **steps}, out / "pipeline.joblib", compress=3)
    progress(f"wrote {made} ({shipped.manifest['phrases']:,} phrases) and {out / 'pipeline.joblib'}")
    return Result(material, inside, fitted, reported, shipped)
