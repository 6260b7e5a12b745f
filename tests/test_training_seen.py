"""Phrases written in view of training texts do not vouch for those texts."""

from dataclasses import replace

import numpy as np

from model.advert import Advert
from model.artefact import SHIPPED, Artefact
from model.cues import NUMBER
from training.features import ReadAdverts
from training.rows import Row
from training.seen import borrowed, entries_of, without_borrowed

CUE = "urgency/2"


def rows_of(*groups: str) -> list[Row]:
    return [Row(f"r{i}", Advert.from_text("leave this week, urgent"), 1, group, "corpus", "b", "en") for i, group in enumerate(groups)]


def test_a_cue_is_borrowed_only_where_every_entry_behind_it_was_made_for_that_group() -> None:
    knowledge = Artefact.load(SHIPPED).knowledge
    entry = replace(knowledge.entries[0], cue=CUE, lure="urgency")
    made = replace(knowledge, entries=(replace(entry, seen=True), replace(entry, seen=True), replace(entry, seen=False)))
    rows = rows_of("a", "a", "b", "c")
    found = borrowed(rows, [frozenset({0}), frozenset({0}), frozenset({1}), frozenset({1, 2})], made)
    assert found == [frozenset({NUMBER[CUE]})] * 2 + [frozenset()] * 2


def test_only_rows_in_view_lose_what_they_borrow() -> None:
    artefact = Artefact.load(SHIPPED)
    text = "Leave this week! Free flight, passport stays with the boss. No experience, write on Telegram."
    rows = [replace(row, advert=Advert.from_text(text)) for row in rows_of("a", "b")]
    plain = ReadAdverts(artefact.tables, artefact.knowledge)
    all_seen = replace(artefact.knowledge, entries=tuple(replace(e, seen=True) for e in artefact.knowledge.entries))
    step = ReadAdverts(artefact.tables, all_seen)
    full = plain.transform([row.advert for row in rows])
    assert entries_of([rows[0].advert], plain)[0]
    alone = without_borrowed(rows, full, step, np.array([True, False]))
    assert len(alone[0].cues) < len(full[0].cues)
    assert np.array_equal(alone[1].cues, full[1].cues)
    both = without_borrowed(rows, full, step, np.array([True, True]))
    assert np.array_equal(both[0].cues, full[0].cues), "another group vouches for the entries"
