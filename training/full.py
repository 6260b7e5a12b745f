"""Learns the full tier of a run: fine-tunes the encoder on what the fast tier learnt from, exports it, learns how to add the two."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np

from model import artefact
from model.encoder import TOKENIZER, Encoder
from model.full import FOLDER, Blend, Doubt
from model.policy import Thresholds
from model.reading import Reader
from training.blend import Judged, best_bias, blend_of, doubt_of, encoded, write_settings
from training.config import Config
from training.data import Data, Scores
from training.encoder import Setting, TokenScorer
from training.encoder_export import agreement, export
from training.finetuning import fine_tuned
from training.fit import Fitted, calibrate, capped
from training.ground import Ground
from training.progress import Progress
from training.run import Result

WORK = "encoder"
"""Folder of a run that keeps the checkpoints."""
CALIBRATION = 160
"""Written ads that set the int8 graph's scales."""


def write_encoder(model: TokenScorer, g: Ground, folder: Path) -> None:
    """Graph and tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    written = g.among("corpus_scam", "corpus_twin", "corpus_no_ad", validation=False)
    some = np.random.default_rng(0).choice(written, min(CALIBRATION, len(written)), replace=False).tolist()
    export(model, folder, [window for i in some for window in g.examples[i].windows])
    g.cut.tokenizer.save(str(folder / TOKENIZER), pretty=False)


def train_full(result: Result, config: Config, g: Ground, setting: Setting, out: Path, progress: Progress) -> dict[str, Any]:
    """Add the full tier to both artefacts of a run, the reported and the shipped one. Returns how the graph agrees with the model."""
    model = fine_tuned(g, np.ones(len(g.rows), np.bool_), setting, out / WORK, progress)
    folder, step = out / "reported" / FOLDER, result.material.step
    progress("full tier: exporting, learning to add both tiers")
    write_encoder(model, g, folder)
    encoder = Encoder.load(folder, step.tables)
    scams = [g.examples[i] for i in g.among("corpus_scam", validation=True).tolist()]
    settings = settings_of(result, config, g, encoder, best_bias(scams, encoder))
    shutil.copytree(folder, out / "artefact" / FOLDER, dirs_exist_ok=True)
    for where, made in ((folder, result.reported), (out / "artefact" / FOLDER, result.shipped)):
        write_settings(where, *settings, made.manifest["files"][artefact.WEIGHTS])
    return agreement(model, encoder, scams)


def settings_of(result: Result, config: Config, g: Ground, encoder: Encoder, bias: float) -> tuple[Blend, Thresholds, Doubt]:
    """All that is learnt from the validation rows."""
    learning, step = result.material.data.take(np.flatnonzero(result.inside)), result.material.step
    (fast, reports), at = blind_scores(learning, result.fitted), np.flatnonzero(g.validation)
    validation = learning.take(at)
    told = Judged(validation, fast[at], reports[at], encoded(validation.rows, encoder, Reader(step.tables, step.knowledge)))
    return *blend_of(told, bias, config), doubt_of(learning, capped(fast, reports, result.fitted.cap), at)


def blind_scores(learning: Data, fitted: Fitted) -> Scores:
    """What the fast tier says of every row that it did not see, with what its phrases written blind find: calibrated log-odds with nothing
    held back, and how much the row reads like a report; shape (2, rows).

    The other phrases were written with these very rows in view; with them the fast tier would look better here than it is, beside an
    encoder that never saw the validation rows.
    """
    return np.stack([calibrate(learning, fitted.blind[0])(fitted.blind[0]), fitted.blind[1]])
