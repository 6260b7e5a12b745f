"""Made-up stocks of any size from the written corpus, for measuring: no text stands twice, and most of it is honest."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from training.knowledge import seeds_folder

LANGUAGES = {"en": 60, "es": 8, "fr": 6, "id": 6, "tl": 4, "pt": 4, "vi": 3, "hi": 3, "ar": 3, "zh": 3}
"""Of a hundred ads, how many are in each language."""
SCAMS = 0.03
ROWS = 4096
"""Rows that are written together."""


@dataclass(frozen=True)
class Lines:
    """Lines of ads of one language and label, those with digits apart: a long ad tells its pay once, not in every line."""

    worded: Sequence[str]
    numbered: Sequence[str]

    @classmethod
    def of(cls, lines: Sequence[str]) -> "Lines":
        """Part them."""
        numbered = [any(c.isdigit() for c in line) for line in lines]
        return cls([a for a, n in zip(lines, numbered, strict=True) if not n], [a for a, n in zip(lines, numbered, strict=True) if n])


def lines_of(language: str) -> dict[bool, Lines]:
    """Lines of at least three words; True: of scams."""
    records = map(json.loads, (seeds_folder() / "corpus" / f"{language}.jsonl").read_text(encoding="utf-8").splitlines())
    found: dict[bool, list[str]] = {False: [], True: []}
    for record in records:
        text = record.get("text") or "\n".join(record.get("posting", {}).values())
        found[record.get("label") == 1] += [line for line in text.split("\n") if len(line) > 12]
    return {label: Lines.of(lines) for label, lines in found.items()}


def texts(count: int, length: int, seed: int = 0) -> Iterator[str]:
    """Ads of so many characters, each with a number of its own."""
    rng = random.Random(seed)  # noqa: S311 - texts, not secrets
    lines = {language: lines_of(language) for language in LANGUAGES}
    for number in range(count):
        language = rng.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
        source = lines[language][rng.random() < SCAMS]
        parts, size = [f"{number}", rng.choice(source.numbered)[: length // 2]], 0
        while size < length:
            parts.append(rng.choice(source.worded))
            size += len(parts[-1]) + 1
        yield "\n".join(parts)[:length]


def write(path: Path, count: int, length: int) -> None:
    """A stock as Parquet, columns id and text; written in parts, so that its size does not matter."""
    schema = pa.schema({"id": pa.string(), "text": pa.string()})
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        rows: list[str] = []
        for number, text in enumerate(texts(count, length), 1):
            rows.append(text)
            if len(rows) == ROWS or number == count:
                names = [str(number - len(rows) + i) for i in range(len(rows))]
                writer.write_table(pa.table([names, rows], schema))
                rows = []
