"""The benchmark's parts on small tables whose answers are known; a small run of the whole is `make report QUICK=1`."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from model.advert import Advert
from model.classifier import ScamAdClassifier
from training import corpus, growth
from training.benchmark import explaining, leaving, measures, nested, plan, protocols, run, stock, terms, written, written_figures
from training.benchmark.contenders import CONTENDERS, Contender, able
from training.benchmark.grounds import Ground
from training.benchmark.page import clock
from training.benchmark.publishing import clocked
from training.benchmark.stock import At, Stock
from training.config import Config
from training.data import Data, Scores
from training.disguises import TRICKS
from training.features import ReadAdverts
from training.folder import Kept
from training.rows import Row, adverts
from training.run import test_mask as mask_of

SETTING = {"C": 0.3, "cue_scale": 1.0}
TEXTS = [
    "free visa and free flight today",
    "a nurse for the night ward",
    "free visa again",
    "the ward is open at night",
    "flight crew wanted",
]


def made(i: int, label: int, group: str = "") -> Row:
    text = f"{'free visa telegram' if label else 'night shift rota'} number {i} in street {i % 7}"
    return Row(f"r{i}", Advert.from_text(text), label, group or f"g{i}", "emscad", "emscad", "en")


@pytest.fixture(scope="module")
def classifier() -> ScamAdClassifier:
    return ScamAdClassifier.load()


@pytest.fixture(scope="module")
def step(classifier: ScamAdClassifier) -> ReadAdverts:
    return ReadAdverts(classifier.artefact.tables, classifier.artefact.knowledge)


def data_of(rows: list[Row], step: ReadAdverts, config: Config) -> Data:
    return Data.of(rows, step.transform(adverts(rows)), np.zeros(0, np.uint64), config)


@pytest.fixture(scope="module")
def small(step: ReadAdverts) -> Stock:
    """Written ads, a test fifth, and its variants."""
    config = Config.load()
    kept = sorted({row.group for row in corpus.read()})[::12]
    rows = [row for row in corpus.read() if row.group in set(kept)]
    data = data_of(rows, step, config)
    test = mask_of(rows, config)
    return replace(stock.stock(data, written.variants(data, test), step, config, SETTING), test=test)


def test_terms_of_a_fold_are_those_of_a_vectoriser_fitted_on_it() -> None:
    inside, outside = np.array([0, 1, 2]), np.array([3, 4])
    usual = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    wanted = usual.fit_transform([TEXTS[i] for i in inside]), usual.transform([TEXTS[i] for i in outside])
    found = terms.weighed(terms.words(TEXTS), inside, outside, 2)
    for a, b in zip(found, wanted, strict=True):
        assert np.allclose(np.sort(a.toarray(), axis=1), np.sort(b.toarray(), axis=1))
    assert terms.weighed(terms.words(TEXTS), inside, outside, 1, 3)[0].shape == (3, 3)
    assert terms.characters(TEXTS).shape == (5, terms.BUCKETS)


@pytest.mark.parametrize(("protocol", "together"), [("random", False), ("exact_group", False), ("near_duplicate_group", True)])
def test_folds_keep_together_what_the_protocol_says(protocol: str, together: bool, step: ReadAdverts) -> None:
    rows = [made(i, i % 2, f"g{i % 2}-{i // 8}") for i in range(160)]
    fold = protocols.dealt(data_of(rows, step, Config.load()), protocol, 0)
    of_group = {name: {f for row, f in zip(rows, fold.tolist(), strict=True) if row.group == name} for name in {r.group for r in rows}}
    assert all(len(folds) == 1 for folds in of_group.values()) == together
    assert set(fold.tolist()) == set(range(protocols.FOLDS))


def test_the_same_words_stay_together() -> None:
    a, b = made(1, 1), made(2, 1)
    assert protocols.by_text(replace(a, advert=Advert.from_text("Free  VISA"))) == protocols.by_text(
        replace(b, advert=Advert.from_text("free visa"))
    )


def test_the_order_of_time_leaves_unknown_rows_out(step: ReadAdverts) -> None:
    numbers = np.array([5, -1, 3, 4, 1, 2, -1])
    parts = protocols.by_time(numbers)
    assert [numbers[part].tolist() for part in parts] == [[1, 2, 3], [4], [5]]
    rows = [made(i, i % 2, "same" if i in (4, 0) else "") for i in range(7)]
    assert protocols.unseen(data_of(rows, step, Config.load()), parts[0], parts[2]).tolist() == [False]


def test_few_labels_come_from_outside_the_test_fold_in_their_share(step: ReadAdverts) -> None:
    data = data_of([made(i, i % 4 == 0) for i in range(200)], step, Config.load())
    fold = np.arange(200) // 4 % 5
    found = protocols.few(data, fold, 40, 1)
    assert len(found) == 40 and data.labels[found].sum() == 10
    assert not (fold[found] == 0).any()
    assert found.tolist() != protocols.few(data, fold, 40, 2).tolist()


def seen(stock_: Stock, inside: At, outside: At) -> Scores:
    """Scores that tell if a row, or the row that a variant was made from, was learnt from."""
    assert not set(stock_.made_from[outside].tolist()) & set(inside.tolist())
    return stock_.labels[stock_.made_from[outside]] + outside / 1e4


def test_no_fold_judges_what_it_learnt_from_and_probabilities_hold(small: Stock) -> None:
    fold = np.arange(small.learnable) % 5
    held = nested.held_out(Contender("seen", seen), small, fold)
    assert held.shape == (2, len(small.rows))
    assert np.array_equal(held[nested.FLAGGED] > 0, small.labels[small.made_from] == 1)
    figures = measures.fold_figures(small.data.rows, held[:, : small.learnable])
    perfect = ("average_precision", "f1_at_validation_threshold", "recall_at_1pct_false_alarms")
    assert [figures[name] for name in perfect] == pytest.approx([1.0] * 3)
    assert figures["ece"] < 0.01


def test_thresholds_and_calibration_come_from_validation_rows() -> None:
    scores, labels = np.array([0.0, 1.0, 2.0, 3.0]), np.array([0, 0, 1, 1])
    told = nested.settled(np.array([1.4, 1.6]), scores, labels)
    assert told[nested.FLAGGED].tolist() == [0.0, 1.0]
    assert told[nested.LOG_ODDS][0] < told[nested.LOG_ODDS][1]


def test_figures_at_a_prevalence() -> None:
    ones = np.ones(100)
    perfect = measures.among_honest(np.full(100, 2.0), np.zeros(100), 0.01, ones, ones)
    assert perfect["average_precision"] == perfect["precision_at_60pct_found"] == 1.0
    assert perfect["found_in_top_1%"] == pytest.approx(1.0) and perfect["precision_in_top_5%"] == pytest.approx(0.2)
    blind = measures.among_honest(np.zeros(100), np.zeros(100), 0.01, ones, ones)
    assert blind["precision_at_60pct_found"] < 0.02 and blind["found_in_top_1%"] == pytest.approx(0.0, abs=1e-9)


def test_intervals_need_two_seeds() -> None:
    told = measures.over_seeds([{"a": 0.5}, {"a": 0.7}])
    assert told["a"]["value"] == pytest.approx(0.6) and told["a"]["interval_95"][0] < 0.5
    assert "interval_95" not in measures.over_seeds([{"a": 0.5}])["a"]


@pytest.mark.parametrize("name", ["lurewatch_fast", "tfidf_lr", "tfidf_svc", "lightgbm", "keywords"])
def test_contenders_tell_scams_from_honest_texts(name: str, step: ReadAdverts) -> None:
    if name == "lightgbm":
        pytest.importorskip("lightgbm", reason="lightgbm is not installed (make install)")
    rows = [made(i, i % 2) for i in range(120)]
    data = data_of(rows, step, Config.load())
    whole = stock.stock(replace(data, weights=np.ones(120)), stock.Variants(), step, Config.load(), SETTING)
    scores = CONTENDERS[name].score(whole, np.arange(80), np.arange(80, 120))
    assert scores[1::2].min() > scores[::2].max()
    assert name in able(whole) and "frozen_encoder" not in able(whole)


def test_what_is_left_out_is_not_learnt_and_only_the_test_fifth_is_measured(small: Stock) -> None:
    every = [found for by in ("language", "lure_type") for found in leaving.leavings(small, by)]
    assert every
    for found in every:
        assert not (found.measured & ~found.out).any()
        assert not (found.measured & ~small.test[: small.learnable]).any()


def test_variants_of_the_test_fifth_alone(small: Stock) -> None:
    made_from = small.made_from[small.learnable :]
    assert small.test[made_from].all()
    assert {*TRICKS} <= set(small.names.tolist())
    plain = small.variant("Canada")
    assert all(small.rows[i].advert.parts[-1][1].endswith("Location: Canada") for i in plain.tolist())


def test_figures_of_the_test_fifth(small: Stock) -> None:
    scores = np.full(len(small.rows), np.nan)
    outside = np.flatnonzero(small.test[small.made_from])
    scores[outside] = small.labels[small.made_from[outside]] * 2.0
    told = written_figures.held_figures(written_figures.Held(small, scores, 5), 1)
    assert told["roc_auc"]["value"] == told["found_at_1pct"]["value"] == told["found_at_5pct_of_twins"]["value"] == 1.0
    assert told["twins_flagged_at_1pct"]["value"] == 0.0 and set(told["tricks"].values()) == {0.0}
    assert told["prevalence"]["1%"]["precision_at_60pct_found"]["value"] == 1.0
    assert told["places"]["sides_changed"] == 0.0


def test_explainers_agree_on_what_the_score_hangs_on(classifier: ScamAdClassifier) -> None:
    pytest.importorskip("lime", reason="lime is not installed (make install)")
    rows = [row for row in corpus.read() if row.language == "en" and row.underlines]
    case = explaining.cases(classifier, rows, 1)[0]
    told = {name: explaining.explained(case, explain) for name, explain in explaining.explainers(200).items()}
    column = explaining.NAMES.index("comprehensiveness")
    assert all(len(values) == len(explaining.NAMES) and np.isfinite(values).all() for values in told.values())
    assert told["leave_one_out"][column] > told["random"][column]
    assert told["lurewatch_spans"][explaining.NAMES.index("stability")] > 0.5


def test_words_that_are_taken_away_leave_the_others_in_their_place(classifier: ScamAdClassifier) -> None:
    case = explaining.Case("free visa now", np.array([True, True, False]), classifier)
    assert case.without(np.array([1])) == "free      now"
    assert explaining.agreement(np.array([0, 2, 1]), case.underlined) == 0.5


def test_what_a_clock_told_stays_where_nothing_changed(tmp_path: Path) -> None:
    path = tmp_path / "benchmark.json"
    earlier = {"stamp": "a", "clock": {"minutes": 3.0}, "figures": 9}
    path.write_text(json.dumps(earlier), encoding="utf-8")
    now = {"stamp": "a", "clock": {"minutes": 4.0}, "figures": 9}
    assert clocked(now, path) == earlier
    assert clocked({**now, "stamp": "b"}, path)["clock"]["minutes"] == 4.0
    jobs = {"fraud, random": {"keywords": 1.0}, "fields, few": {"keywords": 2.0}}
    assert clock({"jobs": jobs}) == clock({"jobs": dict(sorted(jobs.items()))})  # as it is read back from the file


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, pairs: Path) -> tuple[Ground, Path]:
    """A whole run on a few written ads, without public data."""
    folder = tmp_path_factory.mktemp("benchmark")
    tiny = plan.Plan("tiny", 1, 0.3, 0, 0, (), 2, 20, 3)
    config = replace(Config.load(), corpus=str(pairs), folds=2)
    ground = Ground(folder / "work", config, tiny, None, None, Kept(folder / "kept"), lambda line: None, 1)
    run.measure(ground, "stamp", folder / "reports")
    return ground, folder / "reports"


def test_without_public_data_the_report_names_what_it_left_out(report: tuple[Ground, Path]) -> None:
    told = json.loads((report[1] / "benchmark.json").read_text(encoding="utf-8"))
    assert "emscad" not in told and "lurewatch_full" in told["written"]
    page = (report[1] / "README.md").read_text(encoding="utf-8")
    assert "LUREWATCH_DATA is not set" in page and "the frozen encoder is left out" in page
    assert "## Explanations" in page and "written twins" in page
    assert not {"nan", "None"} & set(page.split())


def test_a_second_run_changes_nothing(report: tuple[Ground, Path]) -> None:
    ground, out = report
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert len(before) > 3
    run.measure(ground, "stamp", out)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_made_up_rows_repeat_with_noise() -> None:
    found = list(growth.repeated(300))
    assert len({text for text, _ in found}) > 290 and {label for _, label in found} == {0, 1}
    assert found == list(growth.repeated(300))
