"""The little language in which seeds write phrases, and its bounded expansion.

`(a|b)` is either, `[a]` may be missing, `~` lets up to three words (twelve characters in scripts without spaces) stand between,
`word*` also matches longer words, `*word` words that end so. Brackets do not nest.
"""

from itertools import product

from model.errors import SeedError

MOST = 256
MUTE, SYLLABLES = "்්", 3
"""Signs of a consonant without vowel (Tamil, Sinhala), and how many letters a stem needs to be told by without its last sign."""

Slots = tuple[tuple[str, ...], ...]
"""What may stand before, between and after the gaps: any text of the first slot, then any of the second, and so on."""


def expand(pattern: str) -> list[Slots]:
    """All ways of writing a pattern. Raises SeedError where it is malformed or one stretch without gap has over `MOST` writings."""
    stretches = [split(stretch) for stretch in top_level(pattern)]
    if not any("~" in piece for stretch in stretches for piece in stretch):
        return [checked(tuple(written(stretch, pattern) for stretch in stretches), pattern)]
    whole = written(split(pattern), pattern)
    return [checked(tuple((part,) for part in text.split("~")), pattern) for text in whole]


def written(pieces: list[str], pattern: str) -> tuple[str, ...]:
    """All texts that a stretch stands for, sorted."""
    options = [choices(piece) for piece in pieces]
    count = 1
    for option in options:
        count *= len(option)
    if count > MOST:
        raise SeedError(f"{pattern!r} expands to {count} phrases; at most {MOST} are allowed. Split it into several entries.")
    return tuple(sorted({"".join(parts) for parts in product(*options)}))


def checked(slots: Slots, pattern: str) -> Slots:
    """The slots, trimmed. Raises SeedError where a text is empty."""
    trimmed = tuple(tuple(dict.fromkeys(opened(text.strip()) for text in slot)) for slot in slots)
    if any(not text.strip("* ") for slot in trimmed for text in slot):
        raise SeedError(f"{pattern!r} has an empty part; write words on both sides of every ~ and |.")
    return trimmed


def opened(text: str) -> str:
    """A stem that ends in a consonant without vowel, ready for the vowel with which its longer forms go on."""
    letters = sum(c.isalpha() for c in text.rpartition(" ")[2])
    return text[:-2] + "*" if text[-1:] == "*" and text[-2:-1] in MUTE and letters >= SYLLABLES else text


def top_level(pattern: str) -> list[str]:
    """Stretches between the gaps that stand outside brackets."""
    out, depth = [""], 0
    for c in pattern:
        depth += (c in "([") - (c in ")]")
        if c == "~" and depth == 0:
            out.append("")
        else:
            out[-1] += c
    return out


def split(pattern: str) -> list[str]:
    """Cut into groups `(...)`, `[...]` and what stands between. Raises SeedError on unbalanced or nested brackets."""
    pieces, current, closing = [], "", ""
    for c in pattern:
        if c in "([" and not closing:
            pieces.append(current)
            current, closing = c, ")" if c == "(" else "]"
        elif c == closing:
            pieces.append(current + c)
            current, closing = "", ""
        elif c in "()[]":
            raise SeedError(f"{pattern!r} has a nested or unbalanced {c!r}; brackets may not nest.")
        else:
            current += c
    if closing:
        raise SeedError(f"{pattern!r} lacks a closing {closing!r}.")
    return [piece for piece in [*pieces, current] if piece]


def choices(piece: str) -> list[str]:
    """Alternatives of one piece."""
    if piece[0] == "(":
        return piece[1:-1].split("|")
    if piece[0] == "[":
        return ["", *piece[1:-1].split("|")]
    return [piece]
