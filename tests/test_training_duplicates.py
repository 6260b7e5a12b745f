"""Near-duplicates, and what is done with them in splits and labels."""

import time
from collections.abc import Callable

import pytest

from model.advert import Advert
from training.contradictions import same_text
from training.duplicates import leakage, near_duplicates, with_groups
from training.fingerprints import fingerprint
from training.rows import Row
from training.split import families
from training.split import test_rows as marked_for_test

TEXT = (
    "Typist wanted in a friendly office near the station, forty hours a week, pension and paid holidays, apply with two references by post"
)
OTHER = (
    "The bakery on the corner looks for a driver who knows the town and can start at four in the morning on weekdays from May to October"
)


def row(name: str, text: str, **change: object) -> Row:
    made = {"label": 0, "group": name, "source": "own", "board": "own", "language": "en"}
    return Row(name, Advert.from_text(text), **{**made, **change})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (TEXT, True),
        (TEXT.upper().replace(",", " !"), True),
        (TEXT + " now", True),
        (TEXT.replace("forty", "38").replace("two", "2"), False),
        (OTHER, False),
        ("Typist", False),
    ],
)
def test_near_duplicates(text: str, same: bool) -> None:
    assert near_duplicates([TEXT, text]) == [0, 0 if same else 1]


def test_numbers_do_not_make_ads_differ() -> None:
    assert near_duplicates([f"{TEXT} {i}00 euros, call {i}{i}{i}" for i in range(1, 5)]) == [0] * 4


def test_scripts_without_spaces() -> None:
    text = "本店诚聘前台接待两名要求普通话流利有责任心薪资面议包吃住每周休息一天请带身份证到店面试"
    assert near_duplicates([text, text + "谢谢", "司机一名需要驾照熟悉本市道路早班四点开始工作五月至十月平日上班工资按月结算"]) == [0, 0, 2]


def test_time_is_linear_in_repeated_texts(made_ads: Callable[..., list[dict[str, object]]]) -> None:
    texts = [str(ad["description"]) for ad in made_ads(20)]

    def seconds(n: int) -> float:
        start = time.process_time()
        near_duplicates(f"{texts[i % 20]} {i % 7}" for i in range(n))
        return time.process_time() - start

    seconds(200)
    assert seconds(2000) < 25 * seconds(200)


def test_twins_of_known_rows_stay_on_one_side() -> None:
    known = [row("k1", TEXT, source="corpus", group="pair1"), row("k2", OTHER, source="corpus", group="pair2")]
    added, tied = with_groups([row("a1", TEXT + " now"), row("a2", "Short")], known)
    names = families([*added, *tied])
    assert names[0] == names[2]
    assert len(set(names)) == 3
    assert [r.group for r in tied] == ["pair1", "pair2"]


def test_the_callers_split_is_kept_and_the_rest_is_even() -> None:
    told = [row(f"t{i}", f"{i}", split="test" if i == 0 else "train") for i in range(4)]
    assert marked_for_test(told, 5, "x", 1) == [True, False, False, False]
    rows = [row(f"r{i}", f"{i}", label=i % 2) for i in range(50)]
    mask = marked_for_test(rows, 5, "x", 1)
    assert [sum(m and r.label == label for m, r in zip(mask, rows, strict=True)) for label in (0, 1)] == [5, 5]


def test_leakage_is_told() -> None:
    rows = [row("a", TEXT, group="g"), row("b", TEXT, group="g"), row("c", OTHER), row("d", "x")]
    assert "4 rows in 3 groups of near-duplicates; 50.0% have a twin" in leakage(rows, 5)
    assert "for 40.0% of its test rows" in leakage(rows, 5)


def test_contradictions_are_listed_and_left_out() -> None:
    known = [row("k", TEXT, source="emscad", label=1)]
    added = [row("a", TEXT.lower()), row("b", OTHER), row("c", OTHER), row("d", OTHER[::-1]), row("e", OTHER[::-1], label=1)]
    left, found = same_text(added, known)
    assert [r.id for r in left] == ["b", "c"]
    assert [[r["id"] for r in c.as_dict()["rows"]] for c in found] == [["a", "k"], ["d", "e"]]
    assert "text" not in found[0].as_dict()["rows"][0]


def test_fingerprints_see_letters_alone_and_no_short_texts() -> None:
    assert fingerprint(Advert.from_text(TEXT)) == fingerprint(Advert.from_text(f"  {TEXT.upper()}!! "))
    assert fingerprint(Advert.from_text("Accountant, Phnom Penh")) == 0
