"""From a fitted pipeline to the artefact's arrays, and the readable phrase table beside them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from model.classifier import batches
from model.cues import NAMES, PLACED
from model.genre import Genre
from model.lures import LURE_TYPES, LURES
from model.normalise import Normalised
from model.reading import Reader, Reading
from model.table import Hashes
from model.weights import Learnt, Weights
from training.data import QUIET, Data
from training.features import Found
from training.fit import Fitted
from training.rows import Row

PIECE = "~"
"""Begins a piece of a word in the readable table."""
FAVOURED = 0.6
"""Share of a phrase's occurrences in scams that must lie inside words underlined for one lure, to count as learnt with that lure."""


def learnt(fitted: Fitted, data: Data, reader: Reader) -> Learnt:
    """Weights on the calibrated scale; phrases of weight zero are left out, and pieces that no row holds."""
    vocabulary, ratio, linear = (fitted.pipeline.phrases.named_steps[name] for name in ("vocabulary", "ratio", "linear"))
    size = len(vocabulary.hashes_)
    slope = fitted.calibration.slope
    effect = slope * linear.coef_[0] * ratio.ratio_
    phrase, cue = effect[:size], effect[size:] * vocabulary.cue_scale
    kept = phrase != 0
    hashes = vocabulary.hashes_[kept]
    pieces, piece = held_pieces(data, slope * fitted.pipeline.words.weights)
    return Learnt(
        hashes=hashes,
        phrase=phrase[kept],
        lure=lures_of(hashes, [row for row in data.rows if row.underlines], reader),
        cue=cue,
        baseline=float(slope * (linear.intercept_[0] + fitted.pipeline.words.constant) + fitted.calibration.intercept),
        types=lure_type_weights(data.rows, data.found),
        genre=genre_of(fitted, kept),
        pieces=pieces,
        piece=piece,
    )


def held_pieces(data: Data, weights: Weights) -> tuple[Hashes, Weights]:
    """Hashes and weights of the pieces that the rows hold."""
    if data.pieces is None or not len(weights):
        return np.zeros(0, np.uint64), np.zeros(0)
    held = np.unique(np.concatenate([found.pieces for found in data.found]))
    return data.pieces.hashes[held], weights[held]


def genre_of(fitted: Fitted, kept: NDArray[np.bool_]) -> Genre:
    """What tells reports, for the phrases that are kept."""
    ratio, linear = (fitted.genre.named_steps[name] for name in ("ratio", "linear"))
    effect, size = linear.coef_[0] * ratio.ratio_, len(kept)
    cue = effect[size : size + len(PLACED)] * fitted.genre.named_steps["vocabulary"].cue_scale
    return Genre(effect[:size][kept], cue, float(linear.intercept_[0]), fitted.cap)


def lures_of(hashes: Hashes, scams: Sequence[Row], reader: Reader) -> NDArray[np.int8]:
    """For each phrase the lure under which analysts underlined it, -1 where they mostly did not."""
    counts = np.zeros((len(hashes), len(LURES) + 1))
    for row in scams:
        reading = reader([row.advert])
        grams = reading.grams
        at = np.searchsorted(hashes, grams.hashes)
        known = np.flatnonzero(hashes[np.minimum(at, len(hashes) - 1)] == grams.hashes) if len(hashes) else np.zeros(0, np.intp)
        label = token_lures(row, reading)
        upto = np.array(
            [
                label[f : f + k].min() if (label[f : f + k] == label[f]).all() else -1
                for f, k in zip(grams.first[known], grams.length[known], strict=True)
            ],
            np.int64,
        )
        np.add.at(counts, (at[known], upto), 1)
    best = counts[:, :-1].argmax(axis=1) if len(hashes) else np.zeros(0, np.int64)
    share = counts[np.arange(len(hashes)), best] / np.maximum(counts.sum(axis=1), 1)
    return np.where(share >= FAVOURED, best, -1).astype(np.int8)


def token_lures(row: Row, reading: Reading) -> NDArray[np.int64]:
    """For each token of a row read alone, the lure that it is underlined with, -1 for none."""
    n = reading.normalised
    out = np.full(len(n.tokens.first), -1, np.int64)
    begin, end = n.chars.start[n.tokens.first], n.chars.ends()[n.tokens.last]
    for mark in row.underlines:
        offset = int(n.sheet.starts[n.sheet.names.index(mark.field)])
        out[(begin < mark.end + offset) & (end > mark.start + offset)] = LURES.index(mark.lure)
    return out


def lure_type_weights(rows: Sequence[Row], found: Sequence[Found]) -> NDArray[np.float64]:
    """Softmax over cues for the lure type, learnt on scams alone; annotated fraud of other sources stands for `generic_fake`, lightly."""
    scams = [i for i, row in enumerate(rows) if row.label]
    kinds = [rows[i].lure_type or "generic_fake" for i in scams]
    out = np.zeros((len(LURE_TYPES), len(NAMES) + 1))
    if len(set(kinds)) < 2:
        return out
    matrix = np.zeros((len(scams), len(NAMES)))
    for r, i in enumerate(scams):
        matrix[r, found[i].cues] = 1.0
    weight = np.array([1.0 if rows[i].lure_type else 0.1 for i in scams])
    linear = LogisticRegression(C=0.3, max_iter=1000).fit(matrix, kinds, sample_weight=weight)
    coefficients = linear.coef_ if len(linear.classes_) > 2 else np.vstack([-linear.coef_, linear.coef_])
    intercepts = linear.intercept_ if len(linear.classes_) > 2 else np.array([-linear.intercept_[0], linear.intercept_[0]])
    out[:, -1] = -20.0
    for name, row, constant in zip(linear.classes_, coefficients, intercepts, strict=True):
        out[LURE_TYPES.index(name)] = [*row, constant]
    return out


def board_deciles(fitted: Fitted, data: Data) -> list[float]:
    """The nine log-odds, at a prior of one half, that cut held-out honest ads of boards into ten equal parts; none without boards.

    Serving tells by them how far scores have moved.
    """
    boards = data.parts == QUIET
    edges = np.arange(1, 10) / 10
    return [float(edge) for edge in np.quantile(fitted.log_odds(fitted.held_out[:, boards]), edges)] if boards.any() else []


def write_phrases(learnt: Learnt, path: Path) -> None:
    """The arrays that serving reads."""
    np.savez_compressed(
        path,
        hashes=learnt.hashes,
        phrase=learnt.phrase,
        lure=learnt.lure,
        cue=learnt.cue,
        types=learnt.types,
        genre=learnt.genre.phrase,
        genre_cue=learnt.genre.cue,
        pieces=learnt.pieces,
        piece=learnt.piece,
    )


def write_table(learnt: Learnt, rows: Sequence[Row], reader: Reader, pieces: Sequence[str], path: Path) -> None:
    """The readable table: phrase, weight, lure, languages in which it stands, heaviest first; then the cues; then pieces of words.

    pieces: their texts; those that weigh nothing are left out.
    """
    told = texts_of(learnt.hashes, rows, reader)
    lines = ["phrase\tweight\tlure\tlanguages"]
    for i in np.argsort(-np.abs(learnt.phrase), kind="stable").tolist():
        text, languages = told.get(i, ("", set()))
        lines.append(
            f"{text}\t{learnt.phrase[i]:.4f}\t{LURES[learnt.lure[i]] if learnt.lure[i] >= 0 else ''}\t{' '.join(sorted(languages))}"
        )
    lines += [f"<{name}>\t{weight:.4f}\t\t" for name, weight in zip(NAMES, learnt.cue.tolist(), strict=True) if weight]
    heaviest = np.argsort(-np.abs(learnt.piece), kind="stable").tolist()
    lines += [f"{PIECE}{pieces[i]}\t{learnt.piece[i]:.4f}\t\t" for i in heaviest if learnt.piece[i]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def texts_of(hashes: Hashes, rows: Sequence[Row], reader: Reader) -> Mapping[int, tuple[str, set[str]]]:
    """Words and languages of each phrase, by position in `hashes`, as they first stand in the rows."""
    out: dict[int, tuple[str, set[str]]] = {}
    adverts = [row.advert for row in rows]
    start = 0
    for batch in batches(adverts):
        reading = reader(batch)
        n, grams = reading.normalised, reading.grams
        at = np.minimum(np.searchsorted(hashes, grams.hashes), len(hashes) - 1)
        for g in np.flatnonzero(hashes[at] == grams.hashes).tolist():
            first, last = int(grams.first[g]), int(grams.first[g] + grams.length[g] - 1)
            text = readable(n, first, last)
            language = rows[start + int(n.sheet.adverts[n.tokens.field[first]])].language
            out.setdefault(int(at[g]), (text, set()))[1].add(language)
        start += len(batch)
    return out


def readable(n: Normalised, first: int, last: int) -> str:
    """Words of a phrase as the model sees them: digits as 0, characters of scripts without spaces side by side."""
    out = ""
    for i in range(first, last + 1):
        word = "".join("0" if c.isdigit() else c for c in n.token_text(i))
        out += word if i == first or (n.tokens.unspaced[i] and n.tokens.unspaced[i - 1]) else f" {word}"
    return out
