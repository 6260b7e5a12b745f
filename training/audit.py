"""Refuses data in which the classic mistakes of published detectors are found, each with its reason. Works on what a source read."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.tree import DecisionTreeClassifier

from model.errors import LurewatchError
from training import fingerprints
from training.metrics import roc_auc
from training.rows import Row
from training.sources import Read, Source
from training.split import families

PERFECT = 0.98
"""ROC-AUC, on rows held out, from which on a column alone is said to predict the label."""
COPIED, UNCOPIED = 0.2, 0.02
"""Share of one class's rows that are copies, and of the other's, that tell resampling from ads that are posted again."""
FEWEST = 20
"""Rows of the rarer class below which a column's power cannot be told."""
FOLDS = 5
TAIL = re.compile(r"(\d{1,15})$")
Labels = NDArray[np.int64]


class AuditError(LurewatchError):
    """The data would make figures look better than they are. `field`: what kind of mistake."""

    kind = "unsound_data"


def audit(read: Read) -> None:
    """Look at one annotated source before anything is learnt. Raises AuditError with every reason found."""
    labels = np.array([row.label for row in read.rows], np.int64)
    raise_for([*one_class(read.source, labels), *resampled(read, labels), *told_by_a_column(read, labels)])


def audit_together(reads: Sequence[Read]) -> None:
    """Look at all annotated sources beside one another. Raises AuditError."""
    raise_for(told_by_source(reads))


def audit_split(rows: Sequence[Row]) -> None:
    """Look at a caller's own split, once groups are known. Raises AuditError."""
    raise_for(split_leaks(rows))


def raise_for(reasons: Sequence[tuple[str, str]]) -> None:
    """Refuse, if there is a reason."""
    if reasons:
        raise AuditError("refused. " + " ".join(f"[{kind}] {reason}" for kind, reason in reasons), reasons[0][0])


def one_class(source: Source, labels: Labels) -> list[tuple[str, str]]:
    """A column of labels that only ever says one thing."""
    if "value" in source.label or len(set(labels.tolist())) == 2:
        return []
    found = f"all {len(labels):,} rows are labelled {labels[0]}" if len(labels) else "no row could be used"
    return [
        (
            "one class only",
            f"source {source.name!r}: {found}, column {source.label['column']!r}. Give lures (1) and honest ads (0); honest ads "
            "alone go under [[sources]] with kind = 'honest'.",
        )
    ]


def resampled(read: Read, labels: Labels) -> list[tuple[str, str]]:
    """Rows of one class that were copied before the split: their copies would stand on both sides, and in the figures."""
    if len(set(labels.tolist())) < 2:
        return []
    told = [cells for cells in read.columns.values() if len(set(cells)) < len(cells)]
    whole = list(zip(fingerprints.of(read.rows).tolist(), [row.advert for row in read.rows], *told, strict=True))
    copies = [1 - len({w for w, label in zip(whole, labels, strict=True) if label == c}) / (labels == c).sum() for c in (0, 1)]
    if max(copies) < COPIED or min(copies) > UNCOPIED:
        return []
    often = int(np.argmax(copies))
    return [
        (
            "resampling before the split",
            f"source {read.source.name!r}: {copies[often]:.0%} of the rows labelled {often} are copies of another row in every column, "
            f"{copies[1 - often]:.0%} of the others. Train on the file as it was before; the classes are weighted inside training folds.",
        )
    ]


def told_by_a_column(read: Read, labels: Labels) -> list[tuple[str, str]]:
    """Columns beside the text that tell the label on their own."""
    source, out = read.source, list[tuple[str, str]]()
    if min(Counter(labels.tolist()).values(), default=0) < FEWEST or len(set(labels.tolist())) < 2:
        return out
    skipped = {source.group, source.employer, source.split}
    fold = np.random.default_rng(0).integers(0, FOLDS, len(labels))
    for name, cells in read.columns.items():
        power, how = max(((held_out_auc(v, labels, fold), how) for how, v in views(cells).items()), default=(0.0, ""))
        if power >= PERFECT and name not in skipped:
            kind = "source equals label" if name == source.board else "one column predicts the label"
            out.append(
                (
                    kind,
                    f"source {source.name!r}: {how} of column {name!r} alone tells the label (ROC-AUC {power:.3f} on rows held out). What "
                    "is learnt from such rows is how they were gathered, not what lures say. Gather both classes in one way; a column "
                    "that was written after the label, and that no text repeats, may be left out of the file.",
                )
            )
    return out


def views(cells: Sequence[str]) -> Mapping[str, NDArray[np.float64] | list[str]]:
    """A column as categories, as a number, as the number at its end, as what stands before that, and as whether it is filled."""
    tails = [TAIL.search(cell) for cell in cells]
    out: dict[str, NDArray[np.float64] | list[str]] = {"the value": list(cells), "whether there is a value": [str(bool(c)) for c in cells]}
    if all(tails):
        out["the number at the end"] = np.array([float(t.group(1)) for t in tails if t])
        out["what stands before the number"] = [cell[: t.start()] for cell, t in zip(cells, tails, strict=True) if t]
    numbers = numbers_of(cells)
    return {**out, "the number": numbers} if numbers is not None else out


def numbers_of(cells: Sequence[str]) -> NDArray[np.float64] | None:
    """The column as numbers, -1 where it is empty; None where it holds anything else."""
    try:
        found = np.array([float(cell) if cell else -1.0 for cell in cells])
    except ValueError:
        return None
    return np.asarray(np.clip(np.nan_to_num(found, nan=-1.0), -1e30, 1e30), np.float64)


def held_out_auc(values: NDArray[np.float64] | list[str], labels: Labels, fold: NDArray[np.int64]) -> float:
    """How well the values tell the labels of rows that were not looked at. Categories by the share of lures in them."""
    scores = np.zeros(len(labels))
    for k in range(FOLDS):
        inside, outside = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        if not len(outside) or len(set(labels[inside].tolist())) < 2:
            return 0.0
        if isinstance(values, list):
            lures, seen = Counter(values[i] for i in inside if labels[i]), Counter(values[i] for i in inside)
            share = labels[inside].mean()
            scores[outside] = [(lures[values[i]] + share) / (seen[values[i]] + 1) for i in outside]
        else:
            tree = DecisionTreeClassifier(max_leaf_nodes=8, random_state=0).fit(values[inside, None], labels[inside])
            scores[outside] = tree.predict_proba(values[outside, None])[:, 1]
    return roc_auc(labels, scores)


def told_by_source(reads: Sequence[Read]) -> list[tuple[str, str]]:
    """Annotated sources that each bring one class: the source would be what is learnt."""
    classes = {read.source.name: {row.label for row in read.rows} for read in reads if read.source.kind == "annotated"}
    if not classes or any(len(found) > 1 for found in classes.values()):
        return []
    told = ", ".join(f"{name} only {min(found)}" for name, found in sorted(classes.items()))
    return [
        (
            "source equals label",
            f"each annotated source holds one label ({told}); what is learnt would be which source an ad is from. Give a source that holds "
            "both, or name the honest one with kind = 'honest': its ads then set thresholds and weigh, and bring no phrase of their own.",
        )
    ]


def split_leaks(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """A caller's own split with a group on both sides, or with nothing to test on."""
    own = [row for row in rows if row.split]
    if not own:
        return []
    names = families(rows)
    sides: dict[str, dict[str, Row]] = {}
    leaks = Counter(row.split for row in own)
    for row, name in zip(rows, names, strict=True):
        if row.split:
            sides.setdefault(name, {})[row.split] = row
    both = [side for side in sides.values() if len(side) == 2]
    if both:
        first = both[0]
        across = {name for name, side in sides.items() if len(side) == 2}
        hit = sum(row.split == "test" and name in across for row, name in zip(rows, names, strict=True))
        return [
            (
                "a test row whose group is in training",
                f"{hit:,} of {leaks['test']:,} test rows have a near-duplicate, or an ad of their group or employer, in training, as test "
                f"row {first['test'].id} and training row {first['train'].id}. Split by group, or leave --split out and we do.",
            )
        ]
    if len({row.label for row in own if row.split == "test"}) < 2:
        return [
            (
                "a threshold chosen on test",
                f"the split has {leaks['test']:,} test rows, not of both labels, so figures could only come from rows that "
                "thresholds are chosen on. Mark some rows of both labels as test, or leave --split out.",
            )
        ]
    return []
