"""Reads `seeds/`, checks every entry, and compiles what serving needs into one JSON file."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from model.advert import Advert
from model.errors import SeedError

from model.lures import CONTEXTS, LURES
from model.normalise import Normaliser
from model.phrases import Phrase, PhraseFinder, compiled
from training.seedfiles import bare, items, load, need

UNSOURCED = "unsourced"
PLACE_STRENGTH = {"compound": 3, "town": 2, "zone": 3, "country": 1}
"""A place is context: its strength tells how seldom honest ads name it, not that it is bad."""


@dataclass(frozen=True)
class Seed:
    """One phrase entry as it was written. place: file and line."""

    say: str
    cue: str
    lure: str | None
    language: str
    source: str
    hit: str
    miss: str
    place: str


def seeds_folder() -> Path:
    """Where the seeds lie."""
    return Path(str(files("seeds")))


def sources(folder: Path) -> dict[str, Any]:
    """Sources by key."""
    out = dict(items(load(folder / "sources.yaml")["sources"]))
    for key, source in out.items():
        need(source, f"sources.yaml:{source['__line__']} ({key})", title=str, kind=str)
    return out


def phrase_seeds(folder: Path, known: Mapping[str, Any]) -> list[Seed]:
    """All phrase entries of all languages, checked for form. Raises SeedError with file and line."""
    return [seed_of(entry, data["language"], path.name, known) for path in sorted((folder / "phrases").glob("*.yaml")) for data in [load(path)] for entry in data["phrases"]]


def seed_of(entry: Mapping[str, Any], language: str, file: str, known: Mapping[str, Any]) -> Seed:
    """One entry. Raises SeedError where a key, lure, strength or source is wrong."""
    place = f"{file}:{entry['__line__']}"
    need(entry, place, say=str, source=str, hit=str, miss=str)
    if ("lure" in entry) == ("context" in entry):
        raise SeedError("needs either lure or context; keep one.", place)
    lure, context = entry.get("lure"), entry.get("context")
    if lure is not None and lure not in LURES:
        raise SeedError(f"unknown lure {lure!r}; known are {', '.join(LURES)}.", place)
    if context is not None and context not in CONTEXTS:
        raise SeedError(f"unknown context {context!r}; known are {', '.join(CONTEXTS)}.", place)
    if lure and entry.get("strength") not in (1, 2, 3):
        raise SeedError(f"strength must be 1, 2 or 3, found {entry.get('strength')!r}.", place)
    if entry["source"] != UNSOURCED and entry["source"] not in known:
        raise SeedError(f"unknown source {entry['source']!r}; add it to sources.yaml or write {UNSOURCED}.", place)
    cue = f"{lure}/{entry['strength']}" if lure else f"context:{context}"
    return Seed(entry["say"], cue, lure, language, entry["source"], entry["hit"], entry["miss"], place)


def place_seeds(folder: Path, known: Mapping[str, Any]) -> list[Seed]:
    """Places as phrase entries: every name in every script. Transit places mark a route, not a danger, and give no cue."""
    out = []
    for entry in load(folder / "places.yaml")["places"]:
        place = f"places.yaml:{entry['__line__']}"
        need(entry, place, id=str, kind=str, names=dict, source=str)
        if entry["source"] != UNSOURCED and entry["source"] not in known:
            raise SeedError(f"unknown source {entry['source']!r}; add it to sources.yaml or write {UNSOURCED}.", place)
        if entry["kind"] not in PLACE_STRENGTH:
            continue
        cue = f"hotspot_place/{PLACE_STRENGTH[entry['kind']]}"
        for language, names in items(entry["names"]):
            out += [Seed(name, cue, "hotspot_place", language, entry["source"], name, "", place) for name in names]
    return out


def check_sentences(seeds: list[Seed], normaliser: Normaliser) -> None:
    """Every entry hits its hit and misses its miss. Raises SeedError with file and line."""
    for seed in seeds:
        phrases = placed(seed, 0, normaliser)
        finder = PhraseFinder(phrases)
        if not len(finder(normaliser([Advert.from_text(seed.hit)])).entry):
            raise SeedError(f"{seed.say!r} does not hit {seed.hit!r}; mend the pattern or the sentence.", seed.place)
        if seed.miss and len(finder(normaliser([Advert.from_text(seed.miss)])).entry):
            raise SeedError(f"{seed.say!r} hits its own miss {seed.miss!r}; narrow the pattern.", seed.place)


def placed(seed: Seed, number: int, normaliser: Normaliser) -> list[Phrase]:
    """Expansions of an entry; errors of the pattern get their file and line."""
    try:
        return compiled(seed.say, number, normaliser)
    except SeedError as e:
        raise SeedError(e.message, seed.place) from e


def digest_of(folder: Path) -> str:
    """sha256 over all seed files but the corpus, names and bytes."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".yaml", ".tsv"):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def compile_seeds(normaliser: Normaliser, folder: Path | None = None, sentences: bool = True) -> dict[str, Any]:
    """Everything serving needs, as one JSON-able mapping. Raises SeedError at the first malformed entry."""
    folder = folder or seeds_folder()
    known = sources(folder)
    seeds = [*phrase_seeds(folder, known), *place_seeds(folder, known)]
    if sentences:
        check_sentences(seeds, normaliser)
    lures = bare(load(folder / "lures.yaml"))
    phrases = [[p.entry, [[part.text, int(part.open_start), int(part.open_end)] for part in p.parts]] for number, seed in enumerate(seeds) for p in placed(seed, number, normaliser)]
    return {
        "entries": [[seed.cue, seed.lure, seed.language] for seed in seeds],
        "phrases": phrases,
        "lures": lures["lures"],
        "step_choice": lures["step_choice"],
        "texts": {path.stem: bare(load(path)) for path in sorted((folder / "advice").glob("*.yaml"))},
        "sources": bare(known),
        "pay": bare(load(folder / "pay.yaml")) if (folder / "pay.yaml").is_file() else {},
        "digest": digest_of(folder),
    }


def write(knowledge: Mapping[str, Any], path: Path) -> None:
    """Write what `Knowledge.load` reads."""
    path.write_text(json.dumps(knowledge, ensure_ascii=False, separators=(",", ":"), sort_keys=True), encoding="utf-8")


