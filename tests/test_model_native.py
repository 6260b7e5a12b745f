"""What the kernel finds among characters, beside a plain reading of the same rule."""

import re
from collections.abc import Callable, Iterator
from ctypes import byref
from itertools import groupby, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.artefact import SHIPPED
from model.native import candidates, kernel
from model.native.arrays import Text, address
from model.normalise import Normaliser
from model.stream import text_of
from model.table import LEARNT_GRAM, records_of, table_of
from model.tables import BREAK, INVISIBLE, STYLED, Tables

BORDER = chr(BREAK)
TABLES = Tables.load(SHIPPED / "normaliser.npz")
Pairs = list[tuple[int, int]]


def codes_of(text: str) -> kernel.Codes:
    return np.array([ord(c) for c in text], np.uint32)


def pairs_of(places: kernel.Places) -> Pairs:
    return [(i, j) for i, j in places.tolist()]


def texts(*pieces: str) -> st.SearchStrategy[str]:
    """Texts that end a field, of these pieces and of stretches in which nothing is to be found."""
    return st.lists(st.sampled_from([*pieces, "x" * 7, "é" * 15, " ", BORDER]), max_size=30).map(lambda chosen: "".join([*chosen, BORDER]))


def markup(text: str) -> Pairs:
    tags = [match.span() for match in re.finditer(f"<[^<>{BORDER}]*>", text) if match.end() - match.start() <= 4001]
    entities = [match.span() for match in re.finditer(f"&[^&;{BORDER}]*;", text) if match.end() - match.start() <= 33]
    return [*tags, *entities]


def chunks(text: str) -> Pairs:
    """Stretches between white space with a telling sign in them; of longer ones so much as can be seen from the sign."""
    out, done = [], 0
    for sign in re.finditer(r"[@#](?=.)|(?<=[a-z0-9])\.(?=[a-z])", text, re.DOTALL | re.ASCII):
        if sign.start() < done:
            continue
        low = max(done, sign.start() - 500)
        start = low + max(text[low : sign.start()].rfind(space) + 1 for space in (" ", BORDER))
        match = re.search(f"[ {BORDER}]", text[sign.start() : sign.start() + 500])
        done = sign.start() + match.start() if match else min(sign.start() + 500, len(text))
        out += [(start, done)] if done - start < 500 else []
    return out


def crowded(text: str) -> Pairs:
    digits = [i for i, c in enumerate(text) if c in "0123456789"]
    return [(a, b + 1) for a, b in zip(digits, digits[7:], strict=False) if b - a <= 20]


FINDERS: dict[str, tuple[Callable[[kernel.Codes], kernel.Places], Callable[[str], Pairs], tuple[str, ...]]] = {
    "markup": (candidates.find_markup, markup, ("<", ">", "&", ";", "<b>", "&amp;", "<" + "a" * 3998, "&" + "b" * 29)),
    "chunks": (candidates.find_chunks, chunks, (".", "@", "#", "a", "7", "A", "b.c", "y" * 240)),
    "crowded": (candidates.find_crowded, crowded, ("1", "23", "4567", "-", "890 123")),
}


@pytest.mark.parametrize("name", FINDERS)
@given(data=st.data())
def test_candidates_are_those_of_a_plain_reading(name: str, data: st.DataObject) -> None:
    find, plain, pieces = FINDERS[name]
    text = data.draw(texts(*pieces))
    assert pairs_of(find(codes_of(text))) == sorted(plain(text), key=lambda place: place[1])


@pytest.mark.parametrize(("trait", "table"), [(INVISIBLE, TABLES.invisible), (STYLED, TABLES.styled)])
@given(text=texts("\u200b", "\u00ad", "𝐚", "ａ", "b"))
def test_runs_are_those_of_a_plain_reading(trait: int, table: np.ndarray[tuple[int], np.dtype[np.bool_]], text: str) -> None:
    wanted: Pairs = []
    for borne, run in groupby(range(len(text)), lambda i: bool(table[ord(text[i])])):
        places = list(run)
        wanted += [(places[0], places[-1] + 1)] if borne else []
    assert pairs_of(candidates.find_runs(codes_of(text), TABLES.look, trait)) == wanted


def spaced(text: str) -> Iterator[tuple[int, int]]:
    """Groups of letters without a letter or digit beside, two places apart, as long as the sign between stays the same."""
    alone = [m.start() for m in re.finditer(r"(?<![^\W_])[^\W\d_](?![^\W_])", text)]
    links = [text[a + 1] if b - a == 2 and text[a + 1] != BORDER else "" for a, b in pairwise(alone)]
    group = alone[:1]
    for place, link, before in zip(alone[1:], links, ["", *links], strict=False):
        if link and before in ("", link):
            group.append(place)
            continue
        yield from [(group[0], group[-1] + 1)] if len(group) > 3 else []
        group = [place]
    yield from [(group[0], group[-1] + 1)] if len(group) > 3 else []


@given(texts("a", "b", ".", "-", "a.", "b ", "c-", "5", "5.", "語", "語.", "ab"))
def test_spaced_letters_are_those_of_a_plain_reading(text: str) -> None:
    codes = codes_of(text)
    first, last, _, _ = kernel.cut_tokens(codes, np.arange(len(codes), dtype=np.int32), TABLES.cut, np.zeros(1, np.int32))
    assert pairs_of(candidates.find_spaced(codes, TABLES.kind, first, last)) == list(spaced(text))


@given(st.text(max_size=60) | st.text("ﬁ™½ａ\u200b\U000e0041\U0002f800ßé", max_size=60))
def test_every_character_folds_as_it_does_alone(text: str) -> None:
    codes, start = codes_of(text), np.arange(len(text), dtype=np.int32)
    folded, origin, _ = kernel.fold_characters(codes, start, TABLES.look, TABLES.expansions)
    alone = [TABLES.fold_text(c) for c in text]
    assert text_of(folded) == "".join(alone)
    assert origin.tolist() == [i for i, made in enumerate(alone) for _ in made]


def test_what_folds_to_very_many_has_room() -> None:
    longest = chr(max(TABLES.expand, key=lambda row: len(TABLES.expand[row])))
    folded, origin, _ = kernel.fold_characters(codes_of(longest * 500), np.arange(500, dtype=np.int32), TABLES.look, TABLES.expansions)
    assert text_of(folded) == TABLES.fold_text(longest) * 500
    assert len(origin) == len(folded)


HASHES = st.integers(0, 2**64 - 2) | st.integers(2**64 - 20, 2**64 - 2) | st.integers(2**63, 2**63 + 20)


@given(st.sets(HASHES, max_size=60), st.lists(HASHES, max_size=30))
def test_a_table_holds_what_was_put_in_and_no_more(held: set[int], sought: list[int]) -> None:
    hashes, asked = np.array(sorted(held), np.uint64), np.array([*sorted(held), *sought], np.uint64)
    place, none = np.arange(len(asked), dtype=np.int32), np.zeros(len(asked), np.bool_)
    codes = np.zeros(max(len(asked), 1), np.uint32)
    text = Text.of(codes=codes, first=place, last=place, field=place, unspaced=none, whole=asked, exact=asked, tokens=len(asked))
    room = 4 * len(asked) + 1
    slots, first, length = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int8)
    filled = (None, address(slots), address(first), address(length), room)
    table = table_of(records_of(LEARNT_GRAM, hashes, *np.zeros((3, len(hashes)))))
    count = kernel.library().find_grams(byref(text), byref(table), *filled)
    wanted = [(h, i) for i, h in enumerate(asked.tolist()) if h in held]
    assert list(zip(table.held["slots"]["hash"][slots[:count]].tolist(), first[:count].tolist(), strict=True)) == wanted


def test_numbers_differ_only_where_digits_are_told_apart(normaliser: Normaliser) -> None:
    codes = codes_of("507 000 x507")
    first, last, _, _ = kernel.cut_tokens(codes, np.arange(len(codes), dtype=np.int32), normaliser.tables.cut, np.zeros(1, np.int32))
    whole, exact = kernel.hash_tokens(codes, first, last)
    assert whole[0] == whole[1] == whole[3] and whole[2] not in whole[:2]
    assert exact[0] == exact[3] != exact[1] == whole[1]
