"""Reads `seeds/`, checks every entry, and compiles what serving needs into one JSON file."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from model.advert import Advert
from model.classifier import batches
from model.errors import SeedError
from model.lures import CONTEXTS, LURES
from model.ngrams import TokenHashes
from model.normalise import Normaliser
from model.phrases import STAR, Phrase, PhraseFinder, compiled, finder_arrays
from training.places import places, shown, spellings, where
from training.seedfiles import bare, items, load, need, need_source

PLACE_LURE = "hotspot_place"
SHORTEST_WORD = 4
CORPUS = "corpus"


@dataclass(frozen=True)
class Seed:
    """One phrase entry as it was written. place: file and line. seen: it was written with training texts in view (`from: corpus`)."""

    say: str
    cue: str
    lure: str | None
    language: str
    source: str
    hit: str
    miss: str
    place: str
    seen: bool = False


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
    files_read = [(path.name, load(path)) for path in sorted((folder / "phrases").glob("*.yaml"))]
    return [seed_of(entry, data["language"], name, known) for name, data in files_read for entry in data["phrases"]]


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
    need_source(entry["source"], known, place)
    if entry.get("from", CORPUS) != CORPUS:
        raise SeedError(f"from must be {CORPUS} or be left out, found {entry['from']!r}.", place)
    cue = f"{lure}/{entry['strength']}" if lure else f"context:{context}"
    return Seed(entry["say"], cue, lure, language, entry["source"], entry["hit"], entry["miss"], place, "from" in entry)


def place_seeds(entries: Sequence[Mapping[str, Any]]) -> list[Seed]:
    """Every spelling of the places that count as phrase entries; those without strength are information alone."""
    return [
        Seed(name, f"{PLACE_LURE}/{entry['strength']}", PLACE_LURE, language, entry["sources"][0], name, "", where(entry))
        for entry in entries
        if "strength" in entry
        for language, name in spellings(entry)
    ]


def unheld(found: Sequence[Seed], written: Sequence[Seed], normaliser: Normaliser) -> list[Seed]:
    """Spellings of places that no written phrase of their lure finds already, each once however it is folded."""
    rivals = [seed for seed in written if seed.lure == PLACE_LURE]
    finder = PhraseFinder.load(arrays_of(rivals, compiled_seeds(rivals), normaliser))
    held = entries_in([plain(seed.say) for seed in found], finder, normaliser)
    new = {normaliser.tables.fold_text(seed.say): seed for seed, entries in zip(found, held, strict=True) if not entries}
    return list(new.values())


def compiled_seeds(seeds: Sequence[Seed]) -> list[Phrase]:
    """All phrases; `entry` is the position of the seed. Raises SeedError with file and line at the first malformed pattern."""
    phrases = []
    for found in compiled([seed.say for seed in seeds]):
        if isinstance(found, SeedError):
            raise SeedError(found.message, seeds[int(found.field or 0)].place)
        phrases.append(found)
    return phrases


def arrays_of(seeds: Sequence[Seed], phrases: Sequence[Phrase], normaliser: Normaliser) -> dict[str, Any]:
    """Arrays of the phrase finder. Raises SeedError with file and line."""
    try:
        return finder_arrays(phrases, normaliser)
    except SeedError as e:
        raise SeedError(e.message, seeds[int(e.field or 0)].place) from e


def check_sentences(seeds: Sequence[Seed], finder: PhraseFinder, normaliser: Normaliser) -> None:
    """Every entry hits its hit and misses its miss. Raises SeedError with file and line."""
    hits = entries_in([plain(seed.hit) for seed in seeds], finder, normaliser)
    misses = entries_in([plain(seed.miss or "-") for seed in seeds], finder, normaliser)
    for number, seed in enumerate(seeds):
        if number not in hits[number]:
            raise SeedError(f"{seed.say!r} does not hit {seed.hit!r}; mend the pattern or the sentence.", seed.place)
        if number in misses[number]:
            raise SeedError(f"{seed.say!r} hits its own miss {seed.miss!r}; narrow the pattern.", seed.place)


def plain(text: str) -> Advert:
    """A short text of our own as an advert."""
    return Advert((("text", text),))


def entries_in(adverts: Sequence[Advert], finder: PhraseFinder, normaliser: Normaliser) -> list[frozenset[int]]:
    """Numbers of the entries that match in each advert."""
    out: list[frozenset[int]] = []
    for batch in batches(adverts):
        n = normaliser(batch)
        matches = finder(TokenHashes.of(n))
        found: list[set[int]] = [set() for _ in batch]
        for entry, advert in zip(matches.entry.tolist(), n.sheet.adverts[n.tokens.field[matches.first]].tolist(), strict=True):
            found[advert].add(entry)
        out += map(frozenset, found)
    return out


def vocabulary(phrases: Sequence[Phrase]) -> list[str]:
    """Words of the phrases as they are folded, at least four letters; open words are left out."""
    words = {word for phrase in phrases for slot in phrase.slots for text in slot if STAR not in text for word in text.casefold().split()}
    return sorted(word for word in words if len(word) >= SHORTEST_WORD and word.isalpha() and word.isascii())


def digest_of(folder: Path) -> str:
    """sha256 over all seed files but the corpus, names and bytes."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".yaml", ".tsv"):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def compile_seeds(normaliser: Normaliser, folder: Path | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Everything serving needs: texts as a JSON-able mapping, phrases as arrays. Raises SeedError at the first malformed entry."""
    folder = folder or seeds_folder()
    known = sources(folder)
    written, named = phrase_seeds(folder, known), places(folder, known)
    seeds = [*written, *unheld(place_seeds(named), written, normaliser)]
    phrases = compiled_seeds(seeds)
    arrays = arrays_of(seeds, phrases, normaliser)
    check_sentences(seeds, PhraseFinder.load(arrays), normaliser)
    lures = bare(load(folder / "lures.yaml"))
    lures["lures"][PLACE_LURE]["facts"] += shown(named)
    texts = {
        "entries": [[seed.cue, seed.lure, seed.language, seed.seen] for seed in seeds],
        "vocabulary": vocabulary(phrases),
        "lures": lures["lures"],
        "step_choice": lures["step_choice"],
        "texts": {path.stem: bare(load(path)) for path in sorted((folder / "advice").glob("*.yaml"))},
        "sources": bare(known),
        "pay": bare(load(folder / "pay.yaml")) if (folder / "pay.yaml").is_file() else {},
        "digest": digest_of(folder),
    }
    return texts, arrays


def write(texts: Mapping[str, Any], arrays: Mapping[str, Any], texts_path: Path, arrays_path: Path) -> None:
    """Write what `Knowledge.load` reads."""
    texts_path.write_text(json.dumps(texts, ensure_ascii=False, separators=(",", ":"), sort_keys=True), encoding="utf-8")
    np.savez_compressed(arrays_path, **arrays)
