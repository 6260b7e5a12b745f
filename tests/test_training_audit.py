"""The classic mistakes, planted one by one into the same sound file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from training.audit import AuditError, audit, audit_split, audit_together
from training.duplicates import with_groups
from training.judging import unseen
from training.sources import Read, Source, read

Rows = list[dict[str, object]]


@pytest.fixture
def load(tmp_path: Path, write_csv: Callable[[Path, Rows], Path]) -> Callable[..., Read]:
    def loaded(rows: Rows, **change: object) -> Read:
        entry = {
            "name": "own",
            "kind": "annotated",
            "label": {"column": "fraudulent"},
            "language": {"value": "en"},
            "join": ("description",),
            "id": "ad_id",
            "path": write_csv(tmp_path / "ads.csv", rows).name,
        }
        return read(Source(**{**entry, **change}), tmp_path)  # type: ignore[arg-type]

    return loaded


def test_a_sound_file_passes(load: Callable[..., Read], made_ads: Callable[..., Rows]) -> None:
    audit(load(made_ads(150)))
    audit(load(made_ads(150), board="town"))


@pytest.mark.parametrize(
    ("plant", "kind"),
    [
        (lambda r, i: {"moderator_flag": "removed" if r["fraudulent"] else "kept"}, "one column predicts the label"),
        (lambda r, i: {"number": 1000 + i + 500 * int(str(r["fraudulent"]))}, "one column predicts the label"),
        (lambda r, i: {"ref": f"emscad-{i + 500 * int(str(r['fraudulent']))}"}, "one column predicts the label"),
        (lambda r, i: {"removed_at": f"2026-01-{i % 28 + 1}, {i}" if r["fraudulent"] else ""}, "one column predicts the label"),
        (lambda r, i: {"town": "Leeds" if r["fraudulent"] else "Bath"}, "source equals label"),
    ],
    ids=["flag", "number range", "id range", "filled", "source"],
)
def test_a_column_that_tells_the_label(
    load: Callable[..., Read], made_ads: Callable[..., Rows], plant: Callable[[dict[str, object], int], dict[str, object]], kind: str
) -> None:
    rows = [{**row, **plant(row, i)} for i, row in enumerate(made_ads(150))]
    with pytest.raises(AuditError, match=kind):
        audit(load(rows, board="town"))


def test_rows_copied_to_balance_the_classes(load: Callable[..., Read], made_ads: Callable[..., Rows]) -> None:
    rows = made_ads(150)
    copies = [{**row, "ad_id": f"{row['ad_id']}-{k}"} for row in rows for k in (1, 2) if row["fraudulent"]]
    with pytest.raises(AuditError, match=r"resampling before the split.*67% of the rows labelled 1 are copies.*0% of the others"):
        audit(load(rows + copies))
    audit(load(rows + [{**row, "ad_id": f"{row['ad_id']}-x"} for row in rows]))


def test_one_class_only(load: Callable[..., Read], made_ads: Callable[..., Rows]) -> None:
    with pytest.raises(AuditError, match=r"one class only.*all 50 rows are labelled 1"):
        audit(load([row for row in made_ads(150) if row["fraudulent"]]))


def test_sources_of_one_label_each(load: Callable[..., Read], made_ads: Callable[..., Rows]) -> None:
    lures = load(made_ads(30), label={"value": 1}, name="a")
    honest = load(made_ads(30), label={"value": 0}, name="b")
    with pytest.raises(AuditError, match=r"source equals label.*a only 1, b only 0"):
        audit_together([lures, honest])
    audit_together([load(made_ads(30)), honest])


def test_a_split_that_leaks(load: Callable[..., Read], made_ads: Callable[..., Rows]) -> None:
    rows = [{**row, "side": "test" if i % 5 == 0 else "train"} for i, row in enumerate(made_ads(60))]
    sound, _ = with_groups(load(rows, split="side").rows, [])
    audit_split(sound)
    twin = {**rows[1], "ad_id": "twin", "side": "test", "description": f"{rows[1]['description']} apply"}
    leaking, _ = with_groups(load([*rows, twin], split="side").rows, [])
    with pytest.raises(AuditError, match=r"a test row whose group is in training.*1 of 13 test rows.*own:twin"):
        audit_split(leaking)


def test_a_split_with_nothing_to_test_on(load: Callable[..., Read], made_ads: Callable[..., Rows]) -> None:
    rows = [{**row, "side": "validation"} for row in made_ads(60)]
    with pytest.raises(AuditError, match="a threshold chosen on test"):
        audit_split(load(rows, split="side").rows)


def test_an_artefact_without_fingerprints_is_told(load: Callable[..., Read], made_ads: Callable[..., Rows]) -> None:
    from model.artefact import SHIPPED, read_manifest  # noqa: PLC0415

    rows, told = unseen(load(made_ads(6)).rows, [SHIPPED], leave_out=False)
    assert len(rows) == 6
    assert told["left_out"] == (0 if "rows.npz" in read_manifest(SHIPPED)[0]["files"] else None)
