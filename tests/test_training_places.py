"""Places say where each fact is from, are looked for only where phrases do not hold them already, and the articles' facts can be traced."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from model.artefact import SHIPPED
from model.errors import SeedError
from model.normalise import Normaliser
from model.tables import Tables
from training import knowledge
from training.places import KINDS, facts, places, shown, where
from training.seedfiles import UNSOURCED, bare, items, load

FOLDER = knowledge.seeds_folder()
KNOWN = knowledge.sources(FOLDER)
PLACES = places(FOLDER, KNOWN)
PLACE = "  - id: here\n    kind: town\n    title: Here\n    sources: [unsourced]\n    names: {en: [Heretown]}\n"

ARTICLE_FACTS = [
    *(
        ("a000", country)
        for country in (
            "Brazil", "Indonesia", "Myanmar", "Nigeria", "Sierra Leone", "Liberia", "Uganda", "Kenya", "Bangladesh", "India",
            "the Philippines", "Madagascar",
        )
    ),
    ("a003", "believed that they were applying for genuine jobs"),
    ("a004", "jobs in crypto and technology"),
    ("a001", "training and a script"),
    ("a002", "romance and investment fraud"),
    ("a001", "sham web sites"),
    ("a001", "sell goods that do not exist"),
    ("a001", "administration or to food service"),
    ("a001", "filmed to open bank accounts"),
    ("a001", "mule accounts"),
    ("a000", "stripped of passports"),
    ("a004", "Passports were confiscated and wages withheld"),
    ("a003", "without money, passports or medical care"),
    ("a003", "armed guards"),
    ("a001", "razor wire"),
    ("a000", "Guards beat people who tried to leave"),
    ("a004", "long hours under threat of violence"),
    ("a004", "Sihanoukville and other special economic zones"),
    ("a000", "Phnom Penh"),
    ("a003", "Prey Veng"),
    ("a000", "KK Park"),
    ("a000", "Cambodia and Myanmar"),
    ("a000", "Thailand, Laos"),
    ("a001", "Thailand closed border crossings to Cambodia in seven provinces"),
    ("a002", "moved on to new scam sites"),
    ("a004", "Verify an overseas offer before you commit"),
]  # fmt: skip


@pytest.fixture(scope="module")
def plain() -> Normaliser:
    return Normaliser(Tables.load(SHIPPED / "normaliser.npz"))


def spellings(entry: dict[str, Any]) -> list[str]:
    return [name for key in ("names", "unmatched") for _, names in items(entry.get(key, {})) for name in names]


@pytest.mark.parametrize(("source", "words"), ARTICLE_FACTS)
def test_facts_of_the_articles_are_traceable(source: str, words: str) -> None:
    told = [fact for lure in bare(load(FOLDER / "lures.yaml"))["lures"].values() for fact in lure["facts"]] + shown(PLACES)
    assert any(words in fact["text"] and fact["source"] == source for fact in told)


def test_every_lure_and_place_fact_has_a_known_source() -> None:
    told = [fact for lure in bare(load(FOLDER / "lures.yaml"))["lures"].values() for fact in lure["facts"]]
    told += [fact for entry in PLACES for fact in facts(entry, where(entry))]
    assert {fact["source"] for fact in told} <= {*KNOWN, UNSOURCED}
    assert len({fact["text"] for fact in told}) == len(told)


def test_ids_and_spellings_are_unique() -> None:
    for written in ([entry["id"] for entry in PLACES], [name.casefold() for entry in PLACES for name in spellings(entry)]):
        assert [name for name, count in Counter(written).items() if count > 1] == []


def test_every_place_has_a_kind_sources_and_names() -> None:
    assert {entry["kind"] for entry in PLACES} == set(KINDS)
    assert all(set(entry["sources"]) <= {*KNOWN, UNSOURCED} for entry in PLACES)
    assert all(spellings(entry) for entry in PLACES)
    assert all(UNSOURCED not in entry["sources"] or entry["sources"] == [UNSOURCED] for entry in PLACES)


def test_places_lie_within_each_other_without_a_ring() -> None:
    within = {entry["id"]: entry.get("within") for entry in PLACES}
    for place in within:
        above: list[str | None] = [place]
        while above[-1] is not None:
            above.append(within[above[-1]])
            assert len(set(above)) == len(above)


def test_no_spelling_doubles_a_phrase(plain: Normaliser) -> None:
    written = knowledge.phrase_seeds(FOLDER, KNOWN)
    all_places = knowledge.place_seeds(PLACES)
    new = knowledge.unheld(all_places, written, plain)
    assert "KK Park" in {seed.say for seed in all_places}
    assert "KK Park" not in {seed.say for seed in new}
    assert "Прейвэнг" in {seed.say for seed in new}
    assert len({plain.tables.fold_text(seed.say) for seed in new}) == len(new)
    assert not {seed.cue for seed in new} - {seed.cue for seed in written}


def test_countries_groups_and_unmatched_spellings_are_never_looked_for() -> None:
    looked_for = {seed.say for seed in knowledge.place_seeds(PLACES)}
    silent = {name for entry in PLACES if entry["kind"] in ("country", "group") for name in spellings(entry)}
    silent |= {name for entry in PLACES for _, names in items(entry.get("unmatched", {})) for name in names}
    assert not looked_for & silent


def test_facts_of_places_are_shown_with_the_lure(plain: Normaliser) -> None:
    told = knowledge.compile_seeds(plain)[0]["lures"]["hotspot_place"]["facts"]
    assert {"KK Park", "Prince Group (Prince Holding Group)", "Prey Veng"} <= {fact["place"] for fact in told}
    assert all(fact["source"] in KNOWN and set(fact) == {"place", "text", "source"} for fact in told)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (PLACE, None),
        (PLACE.replace("town", "village"), "unknown kind"),
        (PLACE.replace("[unsourced]", "[r999]"), "unknown source"),
        (PLACE.replace("[unsourced]", "[]"), "sources must be"),
        (PLACE.replace("    title: Here\n", ""), "title must be"),
        (PLACE + "    strength: 4\n", "strength must be"),
        (PLACE + "    within: nowhere\n", "within names no place"),
        (PLACE.replace("town", "group") + "    strength: 1\n", "information alone"),
        (PLACE + "    facts: [{text: Known., source: r999}]\n", "unknown source"),
        (PLACE + "    facts: [{source: r1}]\n", "text must be"),
    ],
)
def test_malformed_places_are_told(tmp_path: Path, entry: str, words: str | None) -> None:
    (tmp_path / "places.yaml").write_text(f"places:\n{entry}", encoding="utf-8")
    if words is None:
        assert [place["id"] for place in places(tmp_path, KNOWN)] == ["here"]
        return
    with pytest.raises(SeedError, match=words) as e:
        places(tmp_path, KNOWN)
    assert e.value.field == "places.yaml:2"


def advice(language: str) -> dict[str, Any]:
    told: dict[str, Any] = bare(load(FOLDER / "advice" / f"{language}.yaml"))
    return told


@pytest.mark.parametrize("language", sorted(path.stem for path in (FOLDER / "phrases").glob("*.yaml")))
def test_every_language_of_phrases_has_the_advice_of_english(language: str) -> None:
    told, english = advice(language), advice("en")
    assert told["language"] == language
    assert set(told) == set(english)
    assert [(step["id"], step["sources"]) for step in told["steps"]] == [(step["id"], step["sources"]) for step in english["steps"]]
    assert list(told["lures"]) == list(english["lures"])
    for lure, texts in told["lures"].items():
        assert all(texts["title"] and texts["why"] and question for question in texts["questions"])
        assert len(texts["questions"]) == len(english["lures"][lure]["questions"])
    assert "{level}" in told["counterfactual"]


@pytest.mark.parametrize("path", sorted((FOLDER / "advice").glob("*.yaml")), ids=lambda path: path.stem)
def test_advice_names_no_number_to_call_and_sources_that_are_known(path: Path) -> None:
    told = advice(path.stem)
    texts = [told[key] for key in ("not_a_clearance", "counterfactual", "hidden_tricks")] + [step["text"] for step in told["steps"]]
    texts += [text for lure in told["lures"].values() for text in (lure["title"], lure["why"], *lure["questions"])]
    assert not any(character.isdigit() for text in texts for character in text)
    assert {source for step in told["steps"] for source in step["sources"]} <= set(KNOWN)
    assert all(texts)


def test_verifying_an_offer_is_advised_with_its_source() -> None:
    step = next(step for step in advice("en")["steps"] if step["id"] == "find_company")
    assert "a004" in step["sources"]
