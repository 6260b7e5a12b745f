"""Turns hand-written drafts with marks into lines of the corpus: python -m training.drafts FILE...

A draft is plain text in blocks. `=== PAIR KIND key=value ...` opens one (KIND is scam, twin or notad); `@field` lines open a posting's
fields; `<<lure|words>>` underlines words. The keys are those of the corpus: country, format, type, difficulty.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from model.errors import SeedError

KINDS = {"scam": 1, "twin": 0, "notad": 0}


def blocks(path: Path) -> Iterator[tuple[str, dict[str, str], str]]:
    """Place, header values and raw text of every block. Raises SeedError on a malformed header."""
    place, header, lines = "", {}, []  # type: ignore[var-annotated]
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("==="):
            lines.append(line)
            continue
        if header:
            yield place, header, "\n".join(lines).strip()
        words = line.split()
        if len(words) < 4 or words[2] not in KINDS:
            raise SeedError(f"{line!r} is no header; write === PAIR scam|twin|notad key=value ...", f"{path.name}:{number}")
        header = {"pair": words[1], "kind": words[2], **dict(word.split("=", 1) for word in words[3:])}
        place, lines = f"{path.name}:{number}", []
    if header:
        yield place, header, "\n".join(lines).strip()


def unmarked(text: str, place: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text without marks, and what they underlined. Raises SeedError on a mark that does not close."""
    out, spans, at = "", [], 0
    while (start := text.find("<<", at)) >= 0:
        end, bar = text.find(">>", start), text.find("|", start)
        if end < 0 or not start < bar < end:
            raise SeedError(f"mark does not close: {text[start : start + 40]!r}", place)
        out += text[at:start]
        words = text[bar + 1 : end]
        spans.append((len(out), len(out) + len(words), text[start + 2 : bar]))
        out, at = out + words, end + 2
    return out + text[at:], spans


def fields_of(raw: str, posting: bool) -> dict[str, str]:
    """Raw text by field; plain text is the field `text`."""
    if not posting:
        return {"text": raw}
    out: dict[str, list[str]] = {}
    name = ""
    for line in raw.splitlines():
        if line.startswith("@"):
            name, _, rest = line[1:].partition(" ")
            out[name] = [rest] if rest else []
        else:
            out.setdefault(name, []).append(line)
    return {name: "\n".join(lines).strip() for name, lines in out.items()}


def entry(place: str, header: dict[str, str], raw: str) -> dict[str, Any]:
    """One line of the corpus."""
    posting = header["format"] == "posting"
    texts, spans = {}, []
    for name, marked in fields_of(raw, posting).items():
        texts[name], found = unmarked(marked, place)
        spans += [{"field": name, "start": a, "end": b, "lure": lure} for a, b, lure in found]
    language = header["pair"].split("-")[0]
    line: dict[str, Any] = {"id": f"{header['pair']}-{header['kind']}", "pair": None if header["kind"] == "notad" else header["pair"]}
    line |= {"posting": texts} if posting else {"text": texts["text"]}
    line |= {"lang": header.get("lang", language), "country": header["country"], "format": header["format"], "label": KINDS[header["kind"]]}
    line |= {"lure_type": header.get("type"), "difficulty": header.get("difficulty"), "spans": spans}
    return line


def write(paths: list[Path], folder: Path) -> dict[str, int]:
    """Write one file a language, whole, sorted by id; returns lines by language."""
    by_language: dict[str, list[dict[str, Any]]] = {}
    for path in paths:
        for place, header, raw in blocks(path):
            line = entry(place, header, raw)
            by_language.setdefault(header["pair"].split("-")[0], []).append(line)
    for language, lines in by_language.items():
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in sorted(lines, key=lambda x: str(x["id"])))
        (folder / f"{language}.jsonl").write_text(text, encoding="utf-8")
    return {language: len(lines) for language, lines in sorted(by_language.items())}


if __name__ == "__main__":
    print(write([Path(name) for name in sys.argv[1:]], Path("seeds/corpus")))
