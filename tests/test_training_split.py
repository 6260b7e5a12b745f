from hypothesis import given
from hypothesis import strategies as st

from model.advert import Advert
from training.rows import Row
from training.split import bucket, families, folds, leaked


def row(name: str, group: str, employer: str = "", board: str = "b") -> Row:
    return Row(name, Advert.from_text(name), 0, group, "boards", board, "en", employer)


def test_groups_and_employers_join_transitively() -> None:
    rows = [row("1", "a", "X"), row("2", "b", "X"), row("3", "b"), row("4", "c", "Y"), row("5", "d", "X", board="other")]
    names = families(rows)
    assert names[0] == names[1] == names[2]
    assert len(set(names)) == 3


@given(st.lists(st.sampled_from("abcdefghij"), min_size=10, max_size=60), st.integers(0, 5))
def test_folds_keep_families_whole_and_even(names: list[str], seed: int) -> None:
    dealt = folds(names, 3, seed)
    assert all(len({f for f, n in zip(dealt, names, strict=True) if n == name}) == 1 for name in set(names))
    assert dealt == folds(names, 3, seed)
    sizes = [dealt.count(k) for k in range(3)]
    assert max(sizes) - min(sizes) <= max(names.count(n) for n in names)


def test_strata_are_dealt_out_evenly() -> None:
    names = [f"big{i % 2}" for i in range(40)] + [f"pair{i // 2}" for i in range(40)]
    strata = ["boards"] * 40 + ["corpus"] * 40
    dealt = folds(names, 5, 1, strata)
    assert {dealt[40:].count(k) for k in range(5)} == {8}


def test_buckets_depend_on_name_and_salt_alone() -> None:
    assert bucket("a", 5, "x") == bucket("a", 5, "x")
    assert {bucket(str(i), 5) for i in range(100)} == set(range(5))


def test_leakage_is_named() -> None:
    assert leaked([row("1", "a"), row("2", "b")], [row("3", "b")]) == {"b"}
