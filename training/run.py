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
from model.weights import Learnt
from training import export, fingerprints, knowledge
from training import tables as character_tables
from training.config import Config
from training.data import QUIET, Data
from training.features import Found, ReadAdverts
from training.fit import Fitted, fit, refit
from training.folder import KEPT, Kept
from training.intake import Intake, prior_of, take_in
from training.privacy import banned
from training.progress import Progress
from training.rows import Row, adverts
from training.seen import without_borrowed
from training.split import test_rows
from training.wordpieces import WordPieces, folder_of, word_pieces


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


def gather(config: Config, data_folder: Path | None, out: Path, progress: Progress, base: str | None = None) -> Material:
    """Read all sources and the corpus, make tables and knowledge in `out`. Without a data folder public data is left out, and said so.

    base: the encoder (folder or hub id) whose pieces of words are weighed too; None for none. Raises SourceError and AuditError.
    """
    intake = take_in(config, data_folder, progress)
    out.mkdir(parents=True, exist_ok=True)
    character_tables.write(out / artefact.NORMALISER)
    tables = Tables.load(out / artefact.NORMALISER)
    knowledge.write(*knowledge.compile_seeds(Normaliser(tables)), out / artefact.KNOWLEDGE, out / artefact.FINDER)
    pieces = word_pieces(folder_of(base), tables) if base else None
    step = ReadAdverts(tables, Knowledge.load(out / artefact.KNOWLEDGE, out / artefact.FINDER), pieces.table if pieces else None)
    rows = intake.rows
    speaking = [row.advert for row in rows if row.source != QUIET]
    in_view = np.array([row.source == "corpus" for row in rows]) & ~test_mask(rows, config)
    names = banned(speaking, step)
    read, pieces = only_held(step.transform(adverts(rows), names), pieces)
    step.pieces = pieces.table if pieces else None
    return Material(step, Data.of(rows, without_borrowed(rows, read, step, in_view), names, config, pieces), intake)


def only_held(found: list[Found], pieces: WordPieces | None) -> tuple[list[Found], WordPieces | None]:
    """The rows' findings and the pieces that any of them holds; the others would only make tables large."""
    if pieces is None:
        return found, None
    held = np.unique(np.concatenate([f.pieces for f in found])).astype(np.intp)
    return [replace(f, pieces=np.searchsorted(held, f.pieces).astype(np.int32)) for f in found], pieces.take(held)


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
    speaking = [row for row in material.data.rows if row.source != QUIET]
    export.write_table(learnt, speaking, reader, told_pieces(learnt, material.data), folder / artefact.TABLE)
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
            "pieces": int((learnt.piece != 0).sum()),
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


def told_pieces(learnt: Learnt, data: Data) -> list[str]:
    """Texts of the artefact's pieces."""
    if data.pieces is None:
        return []
    text = dict(zip(data.pieces.hashes.tolist(), data.pieces.texts, strict=True))
    return [text[key] for key in learnt.pieces.tolist()]


@dataclass(frozen=True)
class Result:
    """A run. inside: rows that the reported model learnt from; the others are only reported on. The shipped model learnt from all."""

    material: Material
    inside: NDArray[np.bool_]
    fitted: Fitted
    reported: Artefact
    shipped: Artefact


def train(config: Config, data_folder: Path | None, out: Path, jobs: int, progress: Progress, base: str | None = None) -> Result:
    """Search on the training families, then learn the shipped model with the chosen setting on all. base: see `gather`."""
    made = out / "artefact"
    material = gather(config, data_folder, made, progress, base)
    inside = ~test_mask(material.data.rows, config)
    learning = replace(material, data=material.data.take(np.flatnonzero(inside)))
    kept = Kept(out / KEPT / ("with pieces" if base else "phrases alone"))  # an interrupted run may go on with the other
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
