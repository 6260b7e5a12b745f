"""Makes the character tables from Python's Unicode data, UTS #39's confusables and OpenCC's Chinese pairs in `seeds/unicode/`.

Folding is Unicode's compatibility decomposition (NFKD) character by character, case folded; marks are dropped on Latin, Greek and Cyrillic
letters and where Arabic and Indic scripts write them optionally; local digits become ASCII ones; traditional Chinese becomes simplified.
Decomposing on both sides needs no look at neighbours, so one table does it, and precomposed and decomposed spellings fold alike.
"""

import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from model.tables import (
    BREAK,
    CYRILLIC,
    EMAIL,
    GREEK,
    HANDLE,
    LATIN,
    LIMIT,
    PHONE,
    SEPARATOR,
    SIZE,
    SYMBOL,
    UNSPACED,
    UNSPACED_SCRIPTS,
    URL,
    WORD,
)

ALIKE = {
    "أ": "ا",
    "إ": "ا",
    "آ": "ا",
    "ٱ": "ا",
    "ى": "ی",
    "ي": "ی",
    "ك": "ک",
    "ہ": "ه",
    "ھ": "ه",
    "ۃ": "ة",
    "đ": "d",
    "ø": "o",
    "ł": "l",
    "ı": "i",
    "ħ": "h",
    "ŧ": "t",
}
"""Letters that people type one for another, or that lose a stroke on a foreign keyboard."""
DROPPED_MARKS = {
    0x093C,
    0x09BC,
    0x0640,
    0x20E3,
    *range(0x0300, 0x0370),
    *range(0x064B, 0x0660),
    0x0670,
    *range(0x06D6, 0x06EE),
    *range(0xFE20, 0xFE30),
}
SMALL_CAPS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True))
DRESSED = (0x1F150, 0x1F170)
"""First letters of the white-on-black circled and squared alphabets, which Unicode does not decompose."""
KEPT_SYMBOLS = {"%", "°", "€", "$", "£"}


def seed_pairs(name: str) -> list[tuple[str, str]]:
    """Rows of a two-column table in `seeds/unicode/`."""
    lines = files("seeds").joinpath("unicode", name).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(a, b) for a, b in rows]


@cache
def han() -> dict[str, str]:
    """Traditional to simplified."""
    return dict(seed_pairs("han.tsv"))


def script_name(c: str) -> str:
    """First word of the character's Unicode name; empty where it has none."""
    return unicodedata.name(c, "").split(" ")[0]


def dressed(c: str) -> str:
    """The plain letter under a style that Unicode's decomposition misses, else the character itself."""
    for first in DRESSED:
        if first <= ord(c) < first + 26:
            return chr(ord("a") + ord(c) - first)
    return SMALL_CAPS.get(c, c)


def invisible(c: str) -> bool:
    """Whether nothing is drawn for it."""
    return unicodedata.category(c) == "Cf" or c in "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0" or 0xFE00 <= ord(c) <= 0xFE0F


def folded(c: str) -> str:
    """What one character folds to: empty where it is dropped, sometimes several characters."""
    if invisible(c) or ord(c) in DROPPED_MARKS or 0x1F3FB <= ord(c) <= 0x1F3FF:
        return ""
    if c.isspace():
        return " "
    if unicodedata.category(c) == "Nd":
        return str(unicodedata.digit(c))
    if 0xAC00 <= ord(c) <= 0xD7A3 or 0x3040 <= ord(c) <= 0x30FF:
        return c
    parts = unicodedata.normalize("NFKD", dressed(c).casefold()).casefold()
    kept = [ALIKE.get(p, p) for p in parts if ord(p) not in DROPPED_MARKS]
    return "".join(han().get(p, p) for p in kept)


def styled(c: str, to: str) -> bool:
    """Whether a character that folds so is a letter or digit in a dress. A letter with accents (Vietnamese has many) wears none."""
    if unicodedata.category(c) == "Nd":
        return 0xFF10 <= ord(c) <= 0xFF19 or 0x1D7CE <= ord(c) <= 0x1D7FF
    return len(to) == 1 and to.isascii() and to.isalnum() and ord(c) > 0x24F and unicodedata.normalize("NFD", c)[0] == c


def kind_of(c: str) -> int:
    """Kind of a folded character."""
    category = unicodedata.category(c)
    if category[0] in "LMN":
        return UNSPACED if script_name(c) in UNSPACED_SCRIPTS else WORD
    return SYMBOL if category in ("Sc", "So") or c in KEPT_SYMBOLS else SEPARATOR


def confusables() -> dict[int, str]:
    """Lower-case ASCII letter that each code point can be taken for: same UTS #39 skeleton as that letter."""
    table = {int(a, 16): "".join(chr(int(x, 16)) for x in b.split()) for a, b in seed_pairs("confusables.tsv")}
    skeleton = {c: table.get(ord(c), c) for c in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    letter = {s: c.lower() for c, s in reversed(skeleton.items())}
    small = {ord(c): plain for c, plain in SMALL_CAPS.items()}
    out: dict[int, str] = {}
    for source, target in table.items():
        found = letter.get(target) or (small.get(ord(target)) if len(target) == 1 else None)
        if source > 0x7F and found:
            out[source] = found
    return out


def build() -> dict[str, np.ndarray]:  # arrays of several types
    """All arrays of `model.tables.Tables`, by name."""
    fold = np.arange(SIZE, dtype=np.uint32)
    kind, script = np.zeros(SIZE, np.uint8), np.zeros(SIZE, np.uint8)
    flags = {name: np.zeros(SIZE, np.bool_) for name in ("invisible", "styled", "mark")}
    numbers, expand = {"LATIN": LATIN, "CYRILLIC": CYRILLIC, "GREEK": GREEK}, []
    for code in range(LIMIT):
        c = chr(code)
        if unicodedata.category(c) in ("Cn", "Cs", "Co"):
            continue
        to = folded(c)
        fold[code] = ord(to[0]) if to else 0
        if len(to) > 1:
            expand.append([code, *map(ord, to[:18])])
        kind[code] = kind_of(c)
        flags["invisible"][code] = invisible(c)
        flags["mark"][code] = not to and not invisible(c)
        flags["styled"][code] = styled(c, to)
        if unicodedata.category(c)[0] == "L":
            script[code] = numbers.setdefault(script_name(c), len(numbers) + 1)
    kind[LIMIT], kind[BREAK] = UNSPACED, SEPARATOR
    kind[[URL, EMAIL, PHONE, HANDLE]] = WORD
    fold[LIMIT + 1], flags["invisible"][LIMIT + 1] = 0, True
    latin = np.zeros(SIZE, np.uint32)
    for code, c in confusables().items():
        if code < LIMIT:
            latin[code] = ord(c)
    rows = np.zeros((len(expand), 20), np.uint32)
    for i, row in enumerate(expand):
        rows[i, : len(row)] = row
    return {
        "fold": fold,
        "kind": kind,
        "script": script,
        "latin": latin,
        **flags,
        "expand": rows,
        "version": np.array(unicodedata.unidata_version),
    }


def write(path: Path) -> None:
    """Write the file that `Tables.load` reads; the same Python writes the same bytes."""
    np.savez_compressed(path, **build())  # type: ignore[arg-type]  # its stub takes the names for options
