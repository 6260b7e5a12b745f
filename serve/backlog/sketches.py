"""A small sketch of every ad, from which near-duplicates are found: MinHash over runs of three words, one permutation, 64 bins.

What varies between copies is left out: location, company and pay, and digits count by their number only. Disguises are undone first.
"""

import hashlib
import io
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from model.advert import Advert
from model.artefact import Artefact
from model.classifier import batches
from model.ngrams import TokenHashes
from model.normalise import Normaliser
from model.stream import Places

BINS, BANDS = 64, 16
"""Bins of a sketch; bands of them that serve as keys. Ads that share 6 of 10 runs meet in some band with 0.89, 8 of 10 with 0.9998."""
WORDS = 3
COPIED = ("text", "title", "description", "requirements", "benefits")
MIX = np.uint64(0xD6E8FEB86659FD93)
SHIFT = np.uint64(64 - 6)
EMPTY, NO_KEY = np.uint64(0xFFFFFFFFFFFFFFFF), np.uint64(0)
"""No run of words in a bin; key of an ad that has fewer than three words, which is like no other."""
KINDS = {"keys": (np.uint64, (BANDS,)), "bins": (np.uint8, (BINS,)), "place": (np.uint64, ()), "company": (np.uint64, ())}
"""Arrays of a shard's sketches, each of one row an ad. place, company: digests, 0 where the ad names none."""
Numbers = NDArray[np.uint64]


class Sketcher:
    """Sketches adverts; reads an artefact's tables alone."""

    def __init__(self, artefact: Artefact) -> None:
        self._normalise = Normaliser(artefact.tables, artefact.knowledge.vocabulary)

    def __call__(self, adverts: Sequence[Advert]) -> bytes:
        """The sketches of a shard, as `read` takes them."""
        least = np.concatenate([np.zeros((0, BINS), np.uint64), *self._least(adverts)])
        named = {"place": "location", "company": "company"}
        told = {key: np.array([named_digest(advert, field) for advert in adverts], np.uint64) for key, field in named.items()}
        out = io.BytesIO()
        bins = (least & np.uint64(0xFF)).astype(np.uint8)
        np.savez(out, keys=keys_of(least), bins=bins, place=told["place"], company=told["company"])
        return out.getvalue()

    def _least(self, adverts: Sequence[Advert]) -> Iterator[Numbers]:
        """The least hash in every bin, batch by batch, shape (adverts, BINS); EMPTY throughout where an ad has too few words."""
        for batch in batches([copied(advert) for advert in adverts]):
            n = self._normalise(batch)
            grams = TokenHashes.of(n).ngrams()
            at = np.flatnonzero(grams.length == WORDS)
            advert = n.sheet.adverts[n.tokens.field[grams.first[at]]]
            yield filled(least_of(grams.hashes[at], advert, len(batch)))


def least_of(runs: Numbers, advert: Places, adverts: int) -> Numbers:
    """The least hash in every bin, shape (adverts, BINS). runs: hashes of the adverts' runs of words. advert: of each run."""
    out = np.full(adverts * BINS, EMPTY)
    np.minimum.at(out, advert * BINS + (runs >> SHIFT).astype(np.intp), runs)
    return out.reshape(adverts, BINS)


def copied(advert: Advert) -> Advert:
    """What copies of an ad share; the whole where that is nothing."""
    return Advert(tuple(part for part in advert.parts if part[0] in COPIED) or advert.parts)


def read(data: bytes) -> dict[str, NDArray[np.generic]]:
    """The arrays of KINDS."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in KINDS}


def named_digest(advert: Advert, field: str) -> int:
    """A number for what a field holds, spaces and case aside; 0 where it holds nothing."""
    text = next((" ".join(text.casefold().split()) for name, text in advert.parts if name == field), "")
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big") if text else 0


def filled(least: Numbers) -> Numbers:
    """Every empty bin takes what the nearest full one holds, nearness by the exclusive or of their numbers."""
    out, bins = least.copy(), np.arange(BINS)
    for step in range(1, BINS):
        empty = out == EMPTY
        if not empty.any():
            break
        out = np.where(empty, least[:, bins ^ step], out)
    return out


def keys_of(least: Numbers) -> Numbers:
    """One key a band, shape (adverts, BANDS)."""
    worded = least[:, :1] != EMPTY
    bands = least.reshape(len(least), BANDS, BINS // BANDS)
    out = bands[:, :, 0]
    for k in range(1, bands.shape[2]):
        out = (out ^ (out >> np.uint64(32))) * MIX + bands[:, :, k]
    return np.where(worded, out | np.uint64(1), NO_KEY)
