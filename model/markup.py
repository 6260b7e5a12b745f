"""HTML tags and entities: tags give way to a space (or to nothing inside a word), entities to what they mean. No parser, linear time."""

import html

from model.native import candidates
from model.stream import Edit, Note, Places, Stream, apart, text_of

INLINE = frozenset("a abbr b bdi bdo big code em font i ins kbd mark s small span strong sub sup tt u wbr".split())
PASSES = 3
LT, SPACE = ord("<"), ord(" ")


def plain(stream: Stream) -> tuple[Stream, list[Note]]:
    """Undo markup, up to three layers of escaping deep. Entities that hide a letter or digit are noted as `entity`."""
    notes: list[Note] = []
    for _ in range(PASSES):
        places = candidates.find_markup(stream.codes)
        of_tags = stream.codes.take(places[:, 0]) == LT
        entity_edits, found = entities(stream, places[~of_tags])
        edits = apart([*tags(stream, places[of_tags]), *entity_edits])
        if not edits:
            break
        notes += found
        stream = stream.edited(edits)
    return stream, notes


def tags(stream: Stream, places: Places) -> list[Edit]:
    """Edits for `<name ...>`, `</name>`, `<!...>`, given where angle brackets open and close."""
    edits: list[Edit] = []
    for i, j in places.tolist():
        name = text_of(stream.codes[i + 1 : min(i + 12, j - 1)]).lower()
        if name and ((name[0].isascii() and name[0].isalpha()) or name[0] in "/!"):
            word = name.strip("/").split(" ")[0].split("/")[0]
            edits.append((i, j, () if word in INLINE else (SPACE,)))
    return edits


def entities(stream: Stream, places: Places) -> tuple[list[Edit], list[Note]]:
    """Edits for `&name;` and `&#number;`, given where `&` and the next semicolon stand."""
    edits: list[Edit] = []
    notes: list[Note] = []
    for i, j in places.tolist():
        written = text_of(stream.codes[i:j])
        meant = html.unescape(written)
        if meant == written or (meant.endswith(";") and len(meant) > 1):
            continue
        edits.append((i, j, tuple(map(ord, meant))))
        if meant.isascii() and meant.isalnum():
            notes.append(Note("entity", int(stream.start[i]), stream.end(j - 1)))
    return edits, notes
