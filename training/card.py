"""The model card and the README's tables, written from `metrics.json` alone."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- figures: generated from reports/metrics.json by `make report`, do not edit -->", "<!-- /figures -->"


def percent(value: float | None) -> str:
    """A share as per cent."""
    return "-" if value is None else f"{100 * value:.1f} %"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main_table(m: Mapping[str, Any]) -> str:
    """The figures that matter most."""
    test, usual = m["test"], m["baseline"]["tfidf_word12_char25_lr"]
    corpus, left, spans, speed = test["corpus"], m["left_out"], m["spans"], m["speed"]
    rows = [
        [
            "written scams against honest twins, ROC-AUC",
            f"{corpus['roc_auc']:.3f} ({corpus['roc_auc_95'][0]:.3f}-{corpus['roc_auc_95'][1]:.3f})",
            f"{usual['roc_auc']:.3f}",
        ],
        ["found at 5 % false alarms among twins", percent(corpus["found_at_5pct_of_twins"]), percent(usual["found_at_5pct_of_twins"])],
    ]
    if "at_1pct_of_boards" in test:
        at = test["at_1pct_of_boards"]
        rows += [
            [
                "found at 1 % false alarms on held-out honest board ads",
                percent(at["found"].get("share")),
                percent(usual.get("found_at_1pct_of_boards")),
            ],
            ["news, warnings, stories flagged at that threshold", percent(at["no_ad_flagged"].get("share")), "-"],
            [
                "held-out honest board ads: warning / caution",
                f"{percent(test['boards']['warning'])} / {percent(test['boards']['caution'])}",
                "-",
            ],
        ]
    rows += [
        ["a language never seen: mean ROC-AUC", f"{left['language']['mean_roc_auc']:.3f}", "-"],
        ["a lure type never seen: mean ROC-AUC", f"{left['lure_type']['mean_roc_auc']:.3f}", "-"],
        ["marked words against an analyst's underlining, F1", f"{spans['token_f1']:.2f}", "no spans"],
        ["right lure on words marked by both", percent(spans["lure_right_on_shared_tokens"]), "no spans"],
    ]
    if "emscad_protocol" in m:
        ours, theirs = m["emscad_protocol"]["lurewatch"], m["emscad_protocol"]["tfidf_lr"]
        rows.append(
            [
                "EMSCAD, near-duplicate-grouped 5-fold, 4.84 % fraud: average precision",
                f"{ours['average_precision']:.3f} ± {ours['average_precision_sd']:.3f}",
                f"{theirs['average_precision']:.3f} ± {theirs['average_precision_sd']:.3f}",
            ]
        )
    rows.append(
        [
            "2 KB ads a second, one core, spans included",
            f"{speed['lurewatch_ads_per_s']:,.0f}",
            f"{speed['tfidf_lr_ads_per_s']:,.0f} (no spans)",
        ]
    )
    rows.append(["import and load; memory", f"{speed['load_seconds']:.2f} s; {speed['memory_mb']:.0f} MB", "-"])
    return table(["what, on rows not learnt from", "Lurewatch, fast tier", "TF-IDF + logistic regression, same rows"], rows)


def slices(m: Mapping[str, Any]) -> str:
    """Found by language, lure type, difficulty and format."""
    parts = []
    found = m["test"].get("at_1pct_of_boards", {})
    for by in ("language", "lure_type", "difficulty", "format"):
        aucs = m["test"]["corpus"].get(by, {})
        rows = [
            [name, str(v["of"]), percent(v["found"]), f"{aucs[name]['roc_auc']:.2f}" if name in aucs else "-"]
            for name, v in found.get(by, {}).items()
        ]
        if rows:
            parts.append(table([by.replace("_", " "), "scams", "found at 1 % of boards", "ROC-AUC against twins"], rows))
    return "\n\n".join(parts)


def boards(m: Mapping[str, Any]) -> str:
    """False alarms by board and language."""
    figures = m["test"].get("boards", {})
    return "\n\n".join(
        table(
            [by, "ads", "warning", "caution"],
            [[name, str(v["ads"]), percent(v["warning"]), percent(v["caution"])] for name, v in figures[by].items()],
        )
        for by in ("board", "language")
        if by in figures
    )


def card(m: Mapping[str, Any]) -> str:
    """The card that travels with the artefact."""
    model = m["model"]
    data = "\n".join(
        f"- {name}: {v['rows']:,} rows, sha256 {v['sha256'][:16]}, refused {sum(v['refused'].values())}" for name, v in m["data"].items()
    )
    return f"""# Lurewatch {model["version"]}, fast tier

Reads a job ad and warns when it carries the lures of a scam, above all those that bring people into scam compounds. It fits phrases to
reported patterns; it does not know whether an employer is honest. **A low score is not a clearance.**

## Use it for
Warning job seekers and moderators before an ad goes live; showing people what to look for. A person decides.

## Do not use it for
Accusing anybody, blocking without review, ranking workers or firms, law enforcement, texts that are no ads, languages without figures
below. Some lures look fully ordinary (a named company, market pay, video interviews); text alone cannot tell them.

## Figures
The reported model learnt four fifths of the families (near-duplicates, pairs, employers); figures are of the fifth it did not see. The
shipped model is the same recipe learnt on all. Thresholds come from cross-validation, never from the test fifth.

{main_table(m)}

{slices(m)}

### False alarms on held-out honest board ads
{boards(m)}

## Learnt from
{data}

The written ads are ours: each scam has an honest twin in the same language, format and style. No ad was copied. Wages, places and advice
carry their sources in `seeds/`. Native speakers have not yet read all languages; slices with few scams are uncertain.
"""


def put_into(readme: Path, figures: str) -> None:
    """Replace what stands between the marks of a README. Raises ValueError where there are none."""
    text = readme.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    readme.write_text(head + BEGIN + "\n" + figures + "\n" + END + rest.split(END)[1], encoding="utf-8")
