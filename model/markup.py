"""HTML tags and entities: tags give way to a space (or to nothing inside a word), entities to what they mean. No parser, linear time."""

import html

import numpy as np

from model.stream import Edit, Note, Stream, apart, text_of
from model.tables import BREAK

INLINE = frozenset("a abbr b bdi bdo big code em font i ins kbd mark s small span strong sub sup tt u wbr".split())
LONGEST_TAG, LONGEST_ENTITY, PASSES = 4000, 32, 3
LT, GT, AMP, SEMICOLON, SPACE = (ord(c) for c in "<>&; ")


def plain(stream: Stream) -> tuple[Stream, list[Note]]:
    """Undo markup, up to three layers of escaping deep. Entities that hide a letter or digit are noted as `entity`."""
    notes: list[Note] = []
    for _ in range(PASSES):
        if not ((stream.codes == LT) | (stream.codes == AMP)).any():
            break
        entity_edits, found = entities(stream)
        edits = apart([*tags(stream), *entity_edits])
        if not edits:
            break
        notes += found
        stream = stream.edited(edits)
    return stream, notes


def tags(stream: Stream) -> list[Edit]:
    """Edits for `<name ...>`, `</name>`, `<!...>`: the next angle bracket must close it within the same field."""
    angles = np.flatnonzero((stream.codes == LT) | (stream.codes == GT) | (stream.codes == BREAK))
    kinds = stream.codes[angles]
    opening = np.flatnonzero((kinds[:-1] == LT) & (kinds[1:] == GT) & (np.diff(angles) <= LONGEST_TAG))
    edits: list[Edit] = []
    for i, j in zip(angles[opening].tolist(), (angles[opening + 1] + 1).tolist(), strict=True):
        name = text_of(stream.codes[i + 1 : min(i + 12, j - 1)]).lower()
        if name and ((name[0].isascii() and name[0].isalpha()) or name[0] in "/!"):
            word = name.strip("/").split(" ")[0].split("/")[0]
            edits.append((i, j, () if word in INLINE else (SPACE,)))
    return edits


def entities(stream: Stream) -> tuple[list[Edit], list[Note]]:
    """Edits for `&name;` and `&#number;`."""
    edits: list[Edit] = []
    notes: list[Note] = []
    signs = np.flatnonzero((stream.codes == AMP) | (stream.codes == SEMICOLON) | (stream.codes == BREAK))
    kinds = stream.codes[signs]
    closed = np.flatnonzero((kinds[:-1] == AMP) & (kinds[1:] == SEMICOLON) & (np.diff(signs) <= LONGEST_ENTITY))
    for i, j in zip(signs[closed].tolist(), (signs[closed + 1] + 1).tolist(), strict=True):
        written = text_of(stream.codes[i:j])
        meant = html.unescape(written)
        if meant == written or (meant.endswith(";") and len(meant) > 1):
            continue
        edits.append((i, j, tuple(map(ord, meant))))
        if meant.isascii() and meant.isalnum():
            notes.append(Note("entity", int(stream.start[i]), stream.end(j - 1)))
    return edits, notes
