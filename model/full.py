"""The full tier: the fast tier's sum and the encoder's, added with learnt weights, so that the whole stays an exact sum over the text."""

import json
import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.artefact import WEIGHTS, Artefact, check_file, read_manifest
from model.encoder import GRAPH, KIND, LURE, SCORE, TOKENIZER, Encoded, Encoder
from model.errors import ArtefactError
from model.genre import held_back
from model.normalise import Normalised
from model.policy import Thresholds
from model.reading import Reading
from model.scorer import Run, Scores

FOLDER, SETTINGS = "encoder", "encoder.json"
FILES = (GRAPH, TOKENIZER, SETTINGS)
Tokens = NDArray[np.int64]
BRIDGED = 1
"""Tokens without a lure that may stand inside a run of one lure."""


@dataclass(frozen=True)
class Blend:
    """log_odds = fast * (the fast tier's, nothing held back) + encoder * (mean score - neutral) + constant, all at a prior of one half.

    neutral: mean score of a piece of honest ads, so that ordinary wording contributes about nothing.
    lure_bias: by how much, in the graph's logits, a token's likeliest lure must exceed `no lure` to be told.
    cap, steepness: down to where, and by how much, what reads like a report is held back, as `model.genre` tells; an encoder made before
    there was a cap holds nothing back.
    """

    fast: float
    encoder: float
    neutral: float
    constant: float
    lure_bias: float
    cap: float = math.inf
    steepness: float = 0.0


@dataclass(frozen=True)
class Doubt:
    """When `auto` asks the encoder: the fast tier's log-odds (at a prior of one half) reach `above`, or it does not cover the language."""

    above: float
    covered: frozenset[str]

    def holds(self, log_odds: float, language: str) -> bool:
        """Whether the fast tier's answer is not enough."""
        return log_odds >= self.above or language not in self.covered


@dataclass(frozen=True)
class FullTier:
    """What the full tier adds to an artefact. digest: sha256 of its manifest, which names the fast tier that it was learnt with.

    baseline: log-odds at a prior of one half with nothing found.
    """

    encoder: Encoder
    blend: Blend
    baseline: float
    thresholds: Thresholds
    doubt: Doubt
    digest: str

    @classmethod
    def load(cls, folder: Path, artefact: Artefact) -> "FullTier":
        """Check and read `encoder/` of an artefact's folder. Raises ArtefactError naming what is missing, altered or made for another."""
        manifest, digest = read_manifest(folder / FOLDER)
        for name in FILES:
            check_file(folder / FOLDER, name, manifest)
        if manifest.get("fast") != artefact.manifest["files"][WEIGHTS]:
            raise ArtefactError(f"the encoder in {folder / FOLDER} was learnt with another fast tier; make it again.", FOLDER)
        told = json.loads((folder / FOLDER / SETTINGS).read_bytes())
        doubt = Doubt(told["auto"]["above"], frozenset(told["auto"]["covered"]))
        encoder, blend = Encoder.load(folder / FOLDER, artefact.tables), Blend(**told["blend"])
        baseline = blend.fast * artefact.learnt.baseline + blend.constant
        return cls(encoder, blend, baseline, Thresholds(**told["thresholds"]), doubt, digest)

    def blended(self, reading: Reading, scores: Scores, adverts: int) -> tuple[Scores, list[Encoded]]:
        """The fast tier's scores with the encoder's added, and what the encoder said of each advert."""
        n, b = reading.normalised, self.blend
        encoded = self.encoder(n, adverts)
        shares = [share(found, b) for found in encoded]
        tokens, runs = b.fast * scores.tokens, list[Run]()
        bounds = np.searchsorted(n.sheet.adverts[n.tokens.field], np.arange(adverts + 1)).tolist()
        for i, (found, values) in enumerate(zip(encoded, shares, strict=True)):
            if len(values) and bounds[i] < bounds[i + 1]:
                first, last = covered(found, n, bounds[i], bounds[i + 1] - 1)
                spread(tokens, first, last, values)
                runs += runs_of(found, first, last, n, i, b.lure_bias)
        plain = b.fast * (scores.total + scores.held_back) + np.array([values.sum() for values in shares])
        less = held_back(plain + self.baseline, scores.reports, b.cap, b.steepness)
        return replace(scores, tokens=tokens, cues=b.fast * scores.cues, total=plain - less, held_back=less, runs=runs), encoded


def share(found: Encoded, blend: Blend) -> NDArray[np.float64]:
    """What every piece adds to the log-odds, shape (pieces,); the mean over all pieces is the encoder's score."""
    return blend.encoder * (found.out[:, SCORE].astype(np.float64) - blend.neutral) / max(1, len(found.out))


def covered(found: Encoded, n: Normalised, low: int, high: int) -> tuple[Tokens, Tokens]:
    """First and last token of every piece, inclusive, among the advert's own [low, high]; punctuation goes with the token before it."""
    first = np.searchsorted(n.tokens.last, found.pieces.first)
    last = np.clip(np.searchsorted(n.tokens.first, found.pieces.last, "right") - 1, low, high)
    return np.clip(np.minimum(first, last), low, high), last


def spread(tokens: NDArray[np.float64], first: Tokens, last: Tokens, values: NDArray[np.float64]) -> None:
    """Add to each token its even share of the pieces that cover it."""
    size = last - first + 1
    at = np.repeat(first - np.cumsum(size) + size, size) + np.arange(size.sum())
    np.add.at(tokens, at, np.repeat(values / size, size))


def runs_of(found: Encoded, first: Tokens, last: Tokens, n: Normalised, advert: int, bias: float) -> list[Run]:
    """Runs of tokens to which the encoder gives one lure, within one field."""
    logits = found.out[:, LURE:KIND]
    told = logits[:, 1:].max(axis=1) > logits[:, 0] + bias
    out: list[Run] = []
    for f, k, lure in zip(first[told].tolist(), last[told].tolist(), logits[told, 1:].argmax(axis=1).tolist(), strict=True):
        before = out[-1] if out else None
        if before and before.lure == lure and f - before.last <= 1 + BRIDGED and n.tokens.field[before.last] == n.tokens.field[f]:
            out[-1] = Run(advert, lure, before.first, max(k, before.last))
        else:
            out.append(Run(advert, lure, f, k))
    return out
