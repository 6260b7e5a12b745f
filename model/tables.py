"""Character tables: what each code point folds to, what kind of character it is, and which letter it can be taken for.

They are made once by `training.tables` from Python's Unicode data and `seeds/unicode/`, travel in the artefact, and are only read here.
Every array is indexed by code point up to `LIMIT`; the last two rows stand for all ideographs above and for all tags and selectors above.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LIMIT = 0x20000
SIZE = LIMIT + 2
SEPARATOR, WORD, UNSPACED, SYMBOL = 0, 1, 2, 3
LATIN, CYRILLIC, GREEK = 1, 2, 3
DENSE_CUT, SINGLE, NUMERAL, LETTER = 1, 2, 3, 4
"""Numbers in `Tables.cut`: 0 separates; up to SINGLE every character is a token, DENSE_CUT in scripts without spaces; digits; and
LETTER + script, where letters without a script go with all others."""
UNSPACED_SCRIPTS = frozenset("CJK HIRAGANA KATAKANA KATAKANA-HIRAGANA THAI LAO KHMER MYANMAR TIBETAN HANGUL BOPOMOFO".split())
"""First words of the Unicode names of characters in scripts without spaces (Korean counts: its words run on into particles)."""
URL, EMAIL, PHONE, HANDLE = 0xE000, 0xE001, 0xE002, 0xE003
BREAK = 0xE00F
"""Private-use code points that stand for one contact each, and for the border between two fields."""

SEVERAL, INVISIBLE, STYLED, COMPOSES, FOREIGN = 1, 2, 4, 8, 16
"""Bits of `Tables.traits`: what in a batch calls for a slower look. FOREIGN: a letter of a script with spaces other than Latin;
COMPOSES: Korean letters and Japanese voice marks that came apart."""
TRAITS = 24
"""Code points need fewer bits."""

Codes = NDArray[np.uint32]
Kinds = NDArray[np.uint8]


@dataclass(frozen=True)
class Tables:
    """Arrays of length `SIZE`.

    fold: uint32, the code point it folds to, 0 where the character is dropped.
    kind: uint8, SEPARATOR, WORD, UNSPACED (a script without spaces: each character its own token) or SYMBOL.
    script: uint8, 0 for none, LATIN, CYRILLIC, GREEK, other numbers for other scripts.
    latin: uint32, the lower-case ASCII letter it can be taken for (UTS #39), else 0.
    invisible: bool, characters that cannot be seen (zero-width, bidi controls, soft hyphen, tags).
    styled: bool, letters and digits in a dress (full-width, bold, circled ...).
    mark: bool, combining marks that are dropped; they belong to the character before.
    several: bool, the few characters that fold to more than one; expand: what those fold to.
    look: uint32, `fold` and, from bit TRAITS on, the bits above; in place of `fold` those of `several` have their place in `expansions`,
    where each ends with a zero. cut: uint8, what tells words apart: neighbours of one number are one word.
    """

    fold: Codes
    kind: Kinds
    script: NDArray[np.uint8]
    latin: Codes
    invisible: NDArray[np.bool_]
    styled: NDArray[np.bool_]
    mark: NDArray[np.bool_]
    several: NDArray[np.bool_]
    look: Codes
    expansions: Codes
    cut: NDArray[np.uint8]
    expand: dict[int, tuple[int, ...]]
    unicode_version: str

    @classmethod
    def load(cls, path: Path) -> "Tables":
        """Read the file that `training.tables` wrote."""
        with np.load(path, allow_pickle=False) as data:
            arrays = {name: data[name] for name in ("fold", "kind", "script", "latin", "invisible", "styled", "mark")}
            flat, version = data["expand"], str(data["version"])
        expand = {int(row[0]): tuple(int(c) for c in row[1:] if c) for row in flat}
        several = np.zeros(SIZE, np.bool_)
        several[list(expand)] = True
        folded = arrays["fold"].copy()
        folded[list(expand)] = np.cumsum([0, *(len(codes) + 1 for codes in expand.values())])[:-1]
        expansions = np.array([c for codes in expand.values() for c in (*codes, 0)], np.uint32)
        look = folded | traits(arrays, several).astype(np.uint32) << TRAITS
        return cls(**arrays, several=several, look=look, expansions=expansions, cut=cuts(arrays), expand=expand, unicode_version=version)

    def rows(self, codes: Codes) -> NDArray[np.intp]:
        """Row of each code point, any shape."""
        if codes.size == 0 or int(codes.max()) < LIMIT:
            return codes.astype(np.intp)
        return np.where(codes >= 0xE0000, LIMIT + 1, np.minimum(codes, LIMIT)).astype(np.intp)

    def kinds(self, codes: Codes) -> Kinds:
        """Kind of each code point, any shape."""
        return self.kind.take(self.rows(codes))

    def fold_text(self, text: str) -> str:
        """Fold a short text of our own (a seed phrase, say) the way adverts are folded, without a map back."""
        out: list[int] = []
        for c in text:
            row = int(self.rows(np.array([ord(c)], dtype=np.uint32))[0])
            out.extend(self.expand.get(row) or ([int(self.fold[row])] if self.fold[row] else []))
        return "".join(map(chr, out))


def traits(arrays: dict[str, NDArray[np.generic]], several: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The bits of every code point."""
    codes = np.arange(SIZE)
    composes = ((codes >= 0x1100) & (codes < 0x1200)) | (codes == 0x3099) | (codes == 0x309A)
    foreign = (arrays["script"] > np.uint8(LATIN)) & (arrays["kind"] == np.uint8(WORD))
    masks = (
        several,
        arrays["invisible"],
        arrays["styled"],
        composes,
        foreign,
    )
    out = np.zeros(SIZE, np.uint8)
    for bit, mask in zip((SEVERAL, INVISIBLE, STYLED, COMPOSES, FOREIGN), masks, strict=True):
        out[mask] |= np.uint8(bit)
    return out


def cuts(arrays: dict[str, NDArray[Any]]) -> Kinds:
    """What each character is to words."""
    out = np.array([0, LETTER, DENSE_CUT, SINGLE], np.uint8).take(arrays["kind"])
    out[out == LETTER] += arrays["script"][out == LETTER]
    out[48:58] = NUMERAL
    return out


def is_digit(codes: Codes) -> NDArray[np.bool_]:
    """ASCII digits; folding turns all others into them."""
    return codes - np.uint32(48) < 10
