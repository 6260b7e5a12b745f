"""The little language in which seeds write phrases, and its bounded expansion.

`(a|b)` is either, `[a]` may be missing, `~` lets up to three words (twelve characters in scripts without spaces) stand between,
`word*` also matches longer words, `*word` words that end so. Everything expands to at most `MOST` plain phrases.
"""

from itertools import product

from model.errors import SeedError

MOST = 256


def expand(pattern: str) -> list[tuple[str, ...]]:
    """All plain phrases of a pattern, each as the parts between its gaps. Raises SeedError where it is malformed or too wide."""
    pieces = [choices(piece) for piece in split(pattern)]
    count = 1
    for piece in pieces:
        count *= len(piece)
    if count > MOST:
        raise SeedError(f"{pattern!r} expands to {count} phrases; at most {MOST} are allowed. Split it into several entries.")
    phrases = {"".join(parts) for parts in product(*pieces)}
    out = {tuple(part.strip() for part in phrase.split("~")) for phrase in phrases}
    if any(not part.strip("* ") for parts in out for part in parts):
        raise SeedError(f"{pattern!r} has an empty part; write words on both sides of every ~ and |.")
    return sorted(out)


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
