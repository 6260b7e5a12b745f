"""EMSCAD's rows with their variants: fields stripped, generic fields added, rewritten by a language model, all fields."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.advert import Advert
from training import sources
from training.benchmark.stock import Stock, Variants, stock
from training.data import Data, Scores
from training.duplicates import near_duplicates
from training.features import ReadAdverts
from training.rows import Row, adverts
from training.sources import Source

STRIPPED, GENERIC, REWRITTEN = "stripped", "generic", "rewritten"
PROFILE = (
    "We are a leading company in our field. Our team is friendly and our values are quality, trust and respect. "
    "We are an equal opportunity employer."
)
BENEFITS = "Competitive salary, paid holidays and a pleasant place to work."
TEXTS = ("title", "company_profile", "description", "requirements", "benefits")
FIELDS = {name: name for name in ("title", "company_profile", "location", "salary", "description", "requirements", "benefits")}
FLAGS = ("telecommuting", "has_company_logo", "has_questions")
FILLED = (*FIELDS, "department", "employment_type", "industry")
METADATA = (*FLAGS, *FILLED)
"""Names of the columns of `metadata`, the last ones of LightGBM's table."""
Record = Mapping[str, Any]


def named(name: str) -> Source:
    """A source of `sources.yaml`."""
    return next(source for source in sources.listed() if source.name == name)


def records(data: Data, folder: Path) -> list[Record]:
    """What EMSCAD's file has for every row."""
    told = {f"emscad:{record['id']}": record for record in sources.records(named("emscad"), folder)}
    return [told[row.id] for row in data.rows]


def variants(data: Data, told: Sequence[Record], folder: Path) -> Variants:
    """All that were made from EMSCAD's rows."""
    return stripped(data, told) + generic(data) + rewritten(data, folder)


def stripped(data: Data, told: Sequence[Record]) -> Variants:
    """Honest ads that have a profile or benefits, without them. A logo is nothing that text could lose."""
    has = [not row.label and bool(r["company_profile"] or r["benefits"]) for row, r in zip(data.rows, told, strict=True)]
    at = np.flatnonzero(has).tolist()
    texts = ["\n".join(str(told[i][name]) for name in ("title", "description", "requirements") if told[i][name]) for i in at]
    return made(data, at, texts, STRIPPED)


def generic(data: Data) -> Variants:
    """Fraudulent ads with a profile and benefits that say nothing."""
    at = np.flatnonzero(data.labels).tolist()
    texts = ["\n".join([PROFILE, *(text for _, text in data.rows[i].advert.parts), BENEFITS]) for i in at]
    return made(data, at, texts, GENERIC)


def made(data: Data, at: Sequence[int], texts: Sequence[str], name: str) -> Variants:
    """Variants as plain text."""
    rows = [replace(data.rows[i], id=f"{data.rows[i].id} {name}", advert=Advert.from_text(text)) for i, text in zip(at, texts, strict=True)]
    return Variants(rows, at, [name] * len(rows))


def rewritten(data: Data, folder: Path) -> Variants:
    """Fraudulent ads as a language model rewrote them, each with its original among the rows; without one it says nothing of a fold."""
    source = named("emscad_rewritten")
    originals = {f"emscad_rewritten:{i}": record for i, record in enumerate(sources.records(source, folder))}
    rows = [row for row in sources.read(source, folder).rows if row.label]
    before = ["\n".join(str(originals[row.id][name]) for name in TEXTS if originals[row.id].get(name)) for row in rows]
    first = near_duplicates([*("\n".join(text for _, text in row.advert.parts) for row in data.rows), *before])
    known = len(data.rows)
    kept = [(row, first[known + i]) for i, row in enumerate(rows) if first[known + i] < known]
    return Variants([row for row, _ in kept], [i for _, i in kept], [REWRITTEN] * len(kept))


def with_fields(data: Data, told: Sequence[Record], step: ReadAdverts, base: Stock) -> Stock:
    """The same rows with every field, and with the metadata in LightGBM's table: flags, and which fields are filled."""
    postings = [Advert.from_posting({ours: str(r[theirs]) for ours, theirs in FIELDS.items() if r[theirs]}) for r in told]
    rows: list[Row] = [replace(row, advert=advert) for row, advert in zip(data.rows, postings, strict=True)]
    whole = stock(replace(data, rows=rows, found=step.transform(adverts(rows))), Variants(), step, base.config, base.setting)
    return replace(whole, table=np.hstack([whole.table, metadata(told)]))


def order(told: Sequence[Record]) -> NDArray[np.int64]:
    """EMSCAD's job ids, which grow with time; -1 where a row has none."""
    return np.array([int(r["original_id"]) if str(r["original_id"] or "").isdigit() else -1 for r in told], np.int64)


def metadata(told: Sequence[Record]) -> Scores:
    """Flags (not a number where they are not told) and 1 for every field that is filled."""
    flags = [[float("nan") if r[name] is None else float(r[name]) for name in FLAGS] for r in told]
    filled = [[float(bool(r[name])) for name in FILLED] for r in told]
    return np.hstack([np.array(flags), np.array(filled)])
