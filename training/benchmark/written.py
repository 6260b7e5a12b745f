"""The written corpus, EMSCAD and a sample of board ads, with variants of the test fifth: tricks, and places that change alone."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from model.advert import Advert
from training.baselines import text_of
from training.benchmark.stock import Variants
from training.data import Data
from training.disguises import TRICKS
from training.rows import Row
from training.split import bucket, families

COUNTRIES = ("Cambodia", "Canada", "Germany", "India", "Myanmar", "Nigeria", "Philippines", "United States")
MOVED = 50
"""Test ads of each label to which a place is added."""
Mask = NDArray[np.bool_]


def sample(data: Data, test: Mask, learnt: int, tested: int) -> NDArray[np.intp]:
    """All rows, but of board ads only about so many: whole families, those with the least hash first, large ones cut short."""
    kept = np.ones(len(data.rows), np.bool_)
    names = families(data.rows)
    for side, most in ((~test, learnt), (test, tested)):
        at = np.flatnonzero((data.parts == "boards") & side)
        order = sorted(at.tolist(), key=lambda i: bucket(f"{names[i]} {data.rows[i].id}", 1 << 60, "benchmark"))
        kept[order[most:]] = False
    return np.flatnonzero(kept)


def variants(data: Data, test: Mask) -> Variants:
    """Of the test fifth's written ads."""
    return tricked(data, test) + moved(data, test)


def tricked(data: Data, test: Mask) -> Variants:
    """Scams with each trick of the evasion suite."""
    at = np.flatnonzero(test & (data.parts == "corpus_scam")).tolist()
    out = Variants()
    for name, trick in TRICKS.items():
        rows = [changed(data.rows[i], [(field, trick(text)) for field, text in data.rows[i].advert.parts], name) for i in at]
        out += Variants(rows, at, [name] * len(at))
    return out


def moved(data: Data, test: Mask) -> Variants:
    """English scams and honest ads with a last line that names one country or another; all else is equal."""
    out = Variants()
    for part in ("corpus_scam", "corpus_twin", "boards"):
        at = [i for i in np.flatnonzero(test & (data.parts == part)).tolist() if data.rows[i].language == "en"][:MOVED]
        for country in COUNTRIES:
            rows = [changed(data.rows[i], [("text", f"{text_of(data.rows[i])}\nLocation: {country}")], country) for i in at]
            out += Variants(rows, at, [country] * len(at))
    return out


def changed(row: Row, parts: Sequence[tuple[str, str]], name: str) -> Row:
    """The row with another advert."""
    return replace(row, id=f"{row.id} {name}", advert=Advert(tuple(parts)), underlines=())
