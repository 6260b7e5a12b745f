"""`lurewatch compare`: the score-difference report of two models on the same labelled file, as Markdown and JSON."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model.errors import LurewatchError
from training.card import table
from training.difference import by_slice, changes, difference
from training.evaluating import add_measuring, tell
from training.judging import Model, labelled, unseen
from training.options import add_columns, model_folder, own_source
from training.report import rounded

MOST_LISTED = 20
"""Ads in the Markdown; all are in the JSON."""
MAIN = ("average_precision", "roc_auc", "found_at_1pct", "caution_found", "caution_false_alarms")


def compare(parser: argparse.ArgumentParser) -> None:
    """Add the options of `lurewatch compare`."""
    parser.description = (
        "What model B does otherwise than model A on the same labelled ads: figures with paired 95 % intervals, by language and board, and "
        "every ad whose level changed with the spans that did it. Prints Markdown; --out writes Markdown and JSON."
    )
    parser.epilog = (
        "example: lurewatch compare shipped runs/today/artefact ads.csv --text description --label fraudulent --out reports/diff"
    )
    parser.add_argument("a", type=model_folder, metavar="A", help="folder of the first artefact, or the word shipped")
    parser.add_argument("b", type=model_folder, metavar="B", help="folder of the second artefact, or the word shipped")
    parser.add_argument("data", metavar="DATA", help="CSV, JSON lines, Parquet, or a hub id")
    parser.add_argument("--out", type=Path, metavar="NAME", help="write NAME.md and NAME.json; they quote phrases of the ads")
    add_columns(parser)
    add_measuring(parser)
    parser.set_defaults(run=run_compare)


def run_compare(args: argparse.Namespace) -> int:
    """Measure both, then print or write."""
    models = Model.load(args.a, args.tier), Model.load(args.b, args.tier)
    read = labelled(own_source(args.data, args))
    rows, seen = unseen(read.rows, [args.a, args.b], args.leave_out_seen)
    first, second = (model.judge(rows) for model in models)
    told = rounded(
        {
            "a": {"folder": str(args.a), **models[0].classifier.artefact.identity},
            "b": {"folder": str(args.b), **models[1].classifier.artefact.identity},
            "tier": args.tier,
            "data": {"sha256": read.fingerprint, "refused": read.refused, "seen": seen},
            "all": difference(first, second, args.seed),
            "language": by_slice(first, second, "language"),
            "board": by_slice(first, second, "board"),
            "changes": changes(first, second, models),
        }
    )
    if args.out:
        write(told, args.out)
    print(markdown(told))
    return tell(read)


def write(told: Mapping[str, Any], name: Path) -> None:
    """Both files. Raises LurewatchError where they cannot be written."""
    try:
        name.parent.mkdir(parents=True, exist_ok=True)
        name.with_name(f"{name.name}.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        name.with_name(f"{name.name}.md").write_text(markdown(told) + "\n", encoding="utf-8")
    except OSError as e:
        raise LurewatchError(f"cannot write {name}.md: {e.strerror}.") from e


def markdown(told: Mapping[str, Any]) -> str:
    """The report for people."""
    whole = told["all"]
    rows = [
        [name, f"{v['a']:.3f}", f"{v['b']:.3f}", f"{v['gain']:+.3f} ({v['interval_95'][0]:+.3f} to {v['interval_95'][1]:+.3f})", v["says"]]
        for name, v in whole["figures"].items()
    ]
    lines = [
        f"# {told['a']['folder']} against {told['b']['folder']}",
        f"{whole['rows']:,} rows in {whole['families']:,} families, {whole['lures']:,} lures ({whole['prior']:.2%}); tier {told['tier']}. "
        "Intervals are of the paired gain, 95 %, families drawn anew. Thresholds are each model's own.",
        table(["figure", "A", "B", "gain of B", "says"], rows),
    ]
    for by in ("language", "board"):
        lines += [f"## By {by}", slices(told[by], by)]
    return "\n\n".join([*lines, "## Ads whose level changed", changed(told["changes"])])


def slices(told: Mapping[str, Any], by: str) -> str:
    """A line for every language or board: A then B."""
    rows = [
        [safe(name), str(v["rows"]), str(v["lures"])]
        + [f"{v['figures'][m]['a']:.3f} / {v['figures'][m]['b']:.3f}" if m in v["figures"] else "-" for m in MAIN]
        for name, v in told.items()
    ]
    return table([by, "rows", "lures", *(f"{name} A / B" for name in MAIN)], rows)


def changed(told: list[Mapping[str, Any]]) -> str:
    """How many went which way, and the largest changes with their reasons."""
    if not told:
        return "None."
    better = sum(c["right"]["b"] and not c["right"]["a"] for c in told)
    worse = sum(c["right"]["a"] and not c["right"]["b"] for c in told)
    rows = [
        [
            safe(c["id"]),
            "lure" if c["label"] else "honest",
            f"{c['level']['a']} -> {c['level']['b']}",
            f"{c['log_odds']['a']:+.2f} -> {c['log_odds']['b']:+.2f}",
            "; ".join(reason(w) for w in c["why"][:3]) + f"; baseline {c['baseline']:+.2f}",
        ]
        for c in told[:MOST_LISTED]
    ]
    head = f"{len(told):,} ads: {better:,} now right, {worse:,} now wrong, {len(told) - better - worse:,} between caution and warning."
    return head + "\n\n" + table(["id", "label", "level", "log-odds", "why"], rows)


def reason(why: Mapping[str, Any]) -> str:
    """One span in a few words."""
    where = {"a": "only A, ", "b": "only B, ", "both": ""}[why["in"]]
    return f"{why['lure'] or why['cue']} ({where}{why['gain']:+.2f}{': ' + safe(why['phrase']) if why['phrase'] else ''})"


def safe(text: str) -> str:
    """Text that leaves a Markdown table whole."""
    return "".join("\\" + c if c in "|\\`*_[]<>" else c for c in " ".join(text.split()))
