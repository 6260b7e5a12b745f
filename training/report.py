"""Measures a run on what it did not learn from, and writes `metrics.json`, the card and the tables of the README from it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.classifier import FAST, ScamAdClassifier
from training import baselines, shortcuts
from training.card import card, main_table, put_into
from training.config import Config
from training.curves import draw
from training.data import Data
from training.disguises import evasion_figures
from training.emscad import emscad_protocol
from training.evaluate import left_out, measured
from training.fit import learn
from training.metrics import found_at, roc_auc, threshold_at
from training.progress import Progress
from training.rows import Row, adverts
from training.run import Result
from training.scorecard import Judged, scorecard
from training.spans import span_figures
from training.speed import speeds
from training.weighting import part_of


def report(result: Result, config: Config, out: Path, progress: Progress, whole: bool = True) -> dict[str, Any]:
    """The figures of a run; writes them, plots and the card. whole: also what takes minutes: languages never seen, EMSCAD, speed."""
    data, inside = result.material.data, result.inside
    test = [row for row, i in zip(data.rows, inside, strict=True) if not i]
    classifier = ScamAdClassifier(result.reported)
    log_odds = np.array(classifier.log_odds(adverts(test)))
    progress(f"measuring on {len(test):,} rows that the reported model did not see")
    figures: dict[str, Any] = {
        "model": result.shipped.identity,
        "data": dict(result.material.fingerprints),
        "chosen": dict(result.fitted.chosen),
        "search": list(result.fitted.trials),
    }
    figures["test"] = measured(test, log_odds, classifier.artefact.thresholds, config.seed)
    figures["spans"], figures["evasion"] = explanation_figures(classifier, test, log_odds, config)
    figures["stress"] = stress_figures(classifier, result, test, log_odds)
    figures["shortcuts"] = shortcuts.figures([row for row in data.rows if row.source == "corpus"], config.seed)
    parts = by_source(Judged(test, log_odds, classifier.artefact.thresholds))
    figures["sources"] = {name: scorecard(part, config.seed) for name, part in parts.items()}
    figures["feedback"] = dict(result.material.intake.agreement)
    draw(parts, out / "plots")
    progress("measuring the usual recipe on the same rows")
    figures["baseline"] = baseline_figures(data, inside, test)
    figures["speed"] = footprint(out / "artefact")
    if whole:
        figures |= slow_figures(result, config, progress)
        figures["speed"] |= speeds(out / "artefact", data.rows)
    write_figures(out, figures)
    return figures


def write_figures(out: Path, figures: dict[str, Any]) -> None:
    """`metrics.json`, and the card in the run's folder and beside the artefact."""
    (out / "metrics.json").write_text(json.dumps(rounded(figures), indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    for place in (out, out / "artefact"):
        (place / "CARD.md").write_text(card(rounded(figures)), encoding="utf-8")


def slow_figures(result: Result, config: Config, progress: Progress) -> dict[str, Any]:
    """What needs learning many times over."""
    data, inside = result.material.data, result.inside
    progress("learning without one language, without one lure type")
    out: dict[str, Any] = {
        "left_out": {by: left_out(data.rows, by, without(data, result, config), ~inside) for by in ("language", "lure_type")}
    }
    if (data.parts == "emscad_fraud").any():
        progress("EMSCAD: grouped 5-fold, 3 seeds, beside the usual recipe")
        out["emscad_protocol"] = emscad_protocol(data, dict(result.fitted.chosen), config)
    progress("timing")
    return out


def by_source(judged: Judged) -> dict[str, Judged]:
    """Test rows of every source that has lures; of the corpus the pairs."""
    parts = np.array([part_of(row) for row in judged.rows])
    names = np.array([row.source for row in judged.rows])
    lures = sorted(set(names[judged.labels == 1].tolist()))
    return {name: judged.take((names == name) & (parts != "corpus_no_ad")) for name in lures}


def publish(metrics: Path, root: Path) -> None:
    """Put a run's figures into a checkout: `reports/metrics.json`, and the table of the README made from it."""
    (root / "reports").mkdir(exist_ok=True)
    text = metrics.read_text(encoding="utf-8")
    (root / "reports" / "metrics.json").write_text(text, encoding="utf-8")
    put_into(root / "README.md", main_table(json.loads(text)))


def explanation_figures(
    classifier: ScamAdClassifier, test: list[Row], log_odds: NDArray[np.float64], config: Config
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Spans against underlining, and what tricks lose, both on test scams."""
    scams = [row for row in test if row.underlines]
    honest = [score for row, score in zip(test, log_odds.tolist(), strict=True) if row.source == "boards"]
    twins = [score for row, score in zip(test, log_odds.tolist(), strict=True) if row.source == "corpus" and not row.label]
    limit = threshold_at(np.array(honest or twins), 0.01)
    return span_figures(classifier, scams, config.seed), evasion_figures(classifier, scams, limit)


def stress_figures(classifier: ScamAdClassifier, result: Result, test: list[Row], log_odds: NDArray[np.float64]) -> dict[str, Any]:
    """Sources that are only measured: share above the score that 1 % of held-out honest board ads exceed."""
    honest = np.array([score for row, score in zip(test, log_odds.tolist(), strict=True) if row.source == "boards"])
    out: dict[str, Any] = {}
    for source in sorted({row.source for row in result.material.stress}) if len(honest) else ():
        rows = [row for row in result.material.stress if row.source == source]
        scores = np.array(classifier.log_odds(adverts(rows)))
        out[source] = {
            "rows": len(rows),
            "label": rows[0].label,
            "above_1pct_of_boards": float(np.mean(scores > threshold_at(honest, 0.01))),
        }
    return out


def without(data: Data, result: Result, config: Config) -> Callable[[NDArray[np.bool_]], NDArray[np.float64]]:
    """Learns the chosen setting without the masked rows and scores those; before anything is held back, as this is for adverts."""

    def scored(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
        pipeline = learn(data.take(np.flatnonzero(~mask)), result.fitted.chosen, config)
        out = np.zeros(len(mask))
        out[mask] = pipeline.decision_function([data.found[i] for i in np.flatnonzero(mask).tolist()])
        return out

    return scored


def baseline_figures(data: Data, inside: NDArray[np.bool_], test: list[Row]) -> dict[str, Any]:
    """TF-IDF (words 1-2, characters 2-5) and logistic regression with the same rows and weights."""
    learnt = [row for row, i in zip(data.rows, inside, strict=True) if i]
    recipe = baselines.fitted(baselines.word_and_character_recipe(), learnt, data.weights[inside])
    scores = baselines.scored(recipe, test)
    labels = np.array([row.label for row in test])
    pairs = np.array([row.source == "corpus" and row.group != row.id for row in test])
    boards = np.array([row.source == "boards" for row in test])
    out = {
        "roc_auc": roc_auc(labels[pairs], scores[pairs]),
        "found_at_5pct_of_twins": found_at(scores[pairs & (labels == 1)], scores[pairs & (labels == 0)], 0.05),
    }
    if boards.any():
        no_ads = np.array([row.source == "corpus" and row.group == row.id for row in test])
        groups = {"found_at_1pct_of_boards": pairs & (labels == 1), "twin_flagged": pairs & (labels == 0), "no_ad_flagged": no_ads}
        out |= {name: found_at(scores[group], scores[boards], 0.01) for name, group in groups.items()}
    return {"tfidf_word12_char25_lr": out}


def footprint(folder: Path, tier: str = FAST) -> dict[str, float]:
    """Seconds to import and load, and megabytes of a process that has judged one long ad, each in a fresh interpreter (median of 3)."""
    program = (
        "import sys,time; t=time.perf_counter(); from pathlib import Path; from model.advert import Advert; "
        "from model.classifier import Options, ScamAdClassifier; c=ScamAdClassifier.load(Path(sys.argv[1]), sys.argv[2]); "
        "s=time.perf_counter()-t; c.judge(Advert.from_text('a job abroad ' * 400), Options(tier=sys.argv[2])); "
        "print(s, next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])"
    )
    command = [sys.executable, "-c", program, str(folder), tier]
    runs = [subprocess.run(command, check=True, capture_output=True, text=True).stdout.split() for _ in range(3)]
    seconds, kilobytes = (float(np.median([float(run[i]) for run in runs])) for i in (0, 1))
    return {"load_seconds": seconds, "memory_mb": kilobytes / 1024}


def rounded(value: Any) -> Any:
    """Floats to six digits, so that files stay readable."""
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(v) for v in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value
