"""What is told early must never miss: each filter beside a plain reading of the same rule."""

import itertools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.advert import Advert
from model.artefact import SHIPPED, Artefact
from model.gates import gate
from model.native import candidates
from model.ngrams import TokenHashes
from model.normalise import Normalised, Normaliser
from model.patterns import expand
from model.pay import PayFinder
from model.phrases import Phrase, PhraseFinder, compiled, finder_arrays
from model.stream import Sheet, Stream
from model.tables import Tables
from model.wages import WageFinder

WORDS = st.text(alphabet="abc", min_size=1, max_size=6)
GAP_WORDS = 3
"""A gap passes over at most so many words (docs/design.md)."""
PATTERNS = ("a b~ab", "a~b~a", "ab* c", "*bc~ab", "c ab*~c", "abc", "a~ab*", "b c*", "cc~cc")


@given(st.sets(WORDS, max_size=8), st.lists(WORDS, min_size=1, max_size=20))
def test_numbers_beside_a_word_pass_its_gate(normaliser: Normaliser, making: set[str], words: list[str]) -> None:
    n = normaliser([Advert.from_text("".join(f". {word} 5 {word}" for word in words))])
    tokens = (n.tokens.first, n.tokens.last, n.tokens.field)
    forward, backward = gate(making), gate(word[::-1] for word in making)
    nothing, bounds = gate([]), np.array([0, len(n.chars.codes)], np.int64)
    numbers = np.flatnonzero(n.chars.codes == ord("5")).tolist()
    for before, after in ((backward, nothing), (nothing, forward)):
        gates = np.stack([before, after, *[nothing] * 4])
        passed = candidates.find_wages(n.chars.codes, tokens, bounds, gates)[:, 1].tolist()
        assert set(passed) >= {place for place, word in zip(numbers, words, strict=True) if word in making}
    assert len(candidates.find_wages(n.chars.codes, tokens, bounds, np.stack([nothing] * 6))) == 0


@cache
def finder() -> PhraseFinder:
    found = [phrase for phrase in compiled(PATTERNS) if isinstance(phrase, Phrase)]
    return PhraseFinder.load(finder_arrays(found, Normaliser(Tables.load(SHIPPED / "normaliser.npz"))))


def fits(open_word: str, word: str) -> bool:
    bare = open_word.strip("*")
    if open_word.startswith("*"):
        return word.endswith(bare)
    return word.startswith(bare) if open_word.endswith("*") else word == bare


def ends(slots: Sequence[Sequence[str]], words: Sequence[str], start: int) -> set[int]:
    """Ends, one past the last word, of all ways in which a phrase stands from this word on."""
    out = set()
    for text in slots[0]:
        part = text.split()
        if start + len(part) <= len(words) and all(fits(p, w) for p, w in zip(part, words[start:], strict=False)):
            end = start + len(part)
            later = range(end, min(end + GAP_WORDS + 1, len(words)))
            out |= {e for k in later for e in ends(slots[1:], words, k)} if slots[1:] else {end}
    return out


@given(st.lists(st.sampled_from(["a", "b", "c", "ab", "abc", "bc", "cc", "abb", "x"]), min_size=1, max_size=25))
def test_phrases_are_found_wherever_a_plain_reading_finds_them(normaliser: Normaliser, words: list[str]) -> None:
    n = normaliser([Advert.from_text(" | ".join(words))])
    matches = finder()(TokenHashes.of(n))
    got = set(zip(matches.entry.tolist(), (matches.last + 1).tolist(), strict=True))
    wanted = {(k, e) for k, p in enumerate(PATTERNS) for slots in expand(p) for i in range(len(words)) for e in ends(slots, words, i)}
    assert got == wanted


def matched(found: PhraseFinder, normaliser: Normaliser, text: str) -> list[list[int]]:
    matches = found(TokenHashes.of(normaliser([Advert.from_text(text)])))
    return [matches.entry.tolist(), matches.first.tolist(), matches.last.tolist()]


def test_what_a_thread_keeps_of_words_is_of_one_finder_and_is_forgotten_unseen(normaliser: Normaliser) -> None:
    other = PhraseFinder.load(finder_arrays([p for p in compiled(["x a", "abb*"]) if isinstance(p, Phrase)], normaliser))
    text = "a b abc abbcc | x a cc"
    first = [matched(f, normaliser, text) for f in (finder(), other)]
    assert first[0] != first[1] and all(entries for entries, *_ in first)
    many = " ".join(
        "".join(letters) for letters in itertools.islice(itertools.product("abcdefghij", repeat=5), 33_000)
    )  # more than are kept
    for _ in range(2):
        assert [matched(f, normaliser, text) for f in (finder(), other)] == first
        matched(finder(), normaliser, many)
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda k: matched((finder(), other)[k % 2], normaliser, text), range(64)))
    assert told == first * 32


@cache
def pay_finder() -> PayFinder:
    artefact = Artefact.load()
    return PayFinder(artefact.knowledge.pay, artefact.tables.fold_text)


AMOUNTS = ["5", "30", "1999", "2000", "1,000", "12.5", "900", "$", "usd ", " usd", "k", "m", " real", "us", "rs ", " lakh", "%", "月"]
AROUND = [" to ", "-", " - ", " a ", " per month", " p.a.", " day", " salary ", "/hour", " years", " over ", ", ", ". ", "\n", "é", "x"]


@given(st.lists(st.sampled_from([*AMOUNTS, *AROUND]), min_size=1, max_size=14).map("".join).filter(lambda text: text.strip() != ""))
def test_no_pay_is_passed_over(normaliser: Normaliser, text: str) -> None:
    n = normaliser([Advert.from_text(text)] * 2)
    folded = "".join(map(chr, n.chars.codes[: len(n.chars.codes) // 2].tolist()))
    pays = pay_finder().find(folded)
    names, tokens = WageFinder(pay_finder())(n)
    assert names == [name for name, _ in pay_finder().cues(pays, folded)] * 2
    assert (tokens[:, 0] <= tokens[:, 1]).all()


def edited(stream: Stream, edits: Sequence[tuple[int, int, tuple[int, ...]]]) -> list[tuple[int, int]]:
    """Code points and where each comes from, edit by edit."""
    out, at = [], 0
    for i, j, new in edits:
        out += [(int(stream.codes[k]), int(stream.start[k])) for k in range(at, i)] + [(code, int(stream.start[i])) for code in new]
        at = j
    return out + [(int(stream.codes[k]), int(stream.start[k])) for k in range(at, len(stream.codes))]


@pytest.mark.parametrize("edits", [[], [(0, 2, ())], [(1, 3, (7, 8, 9)), (3, 4, (5,))], [(0, 1, (1, 2)), (2, 5, ())], [(4, 6, (6,))]])
def test_edits_keep_the_rest(edits: list[tuple[int, int, tuple[int, ...]]]) -> None:
    stream = Stream.of(Sheet.of([Advert.from_text("abcdef")]))
    made = stream.edited(edits)
    assert list(zip(made.codes.tolist(), made.start.tolist(), strict=True)) == edited(stream, edits)
    assert [made.end(k) for k, (_, start) in enumerate(edited(stream, edits)) if start in {i for i, _, _ in edits}] == [
        j for _, j, new in edits for _ in new
    ]


def tokens(n: Normalised) -> list[str]:
    return [n.token_text(i) for i in range(len(n.tokens.first))]


def test_marks_without_a_script_join_any_word_but_no_number(normaliser: Normaliser) -> None:
    mark = "\u05b0"
    assert tokens(normaliser([Advert.from_text(f"a{mark}b работ{mark} {mark}5")])) == [f"a{mark}b", f"работ{mark}", mark, "5"]
