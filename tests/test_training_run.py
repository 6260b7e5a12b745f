"""The real training, on the written corpus, a few made ads and feedback, with a small search."""

from dataclasses import replace
from pathlib import Path

import joblib
import numpy as np
import pytest

from model.classifier import ScamAdClassifier
from model.errors import LurewatchError
from model.genre import held_back
from serve.drift import REFERENCE
from training import corpus
from training.config import Config
from training.export import board_deciles
from training.folder import result_of
from training.promotion import put_in_place
from training.rows import adverts
from training.run import Result
from training.split import leaked


@pytest.fixture(scope="session")
def run(retrained: Path) -> tuple[Result, Path]:
    out = retrained / "runs" / "mine"
    return result_of(out), out


def test_pipeline_and_artefact_agree(run: tuple[Result, Path]) -> None:
    result, out = run
    kept = joblib.load(out / "pipeline.joblib")
    rows = adverts(corpus.read()[::40])
    found = kept["read"].transform(rows)
    scores = kept["calibration"].slope * kept["pipeline"].decision_function(found) + kept["calibration"].intercept
    less = held_back(scores, kept["genre"].decision_function(found), kept["cap"])
    assert less.any() and not less.all()
    scores -= less
    assert np.abs(scores - np.array(ScamAdClassifier(result.shipped).log_odds(rows))).max() < 1e-9


def test_nothing_of_the_test_fifth_was_learnt_from(run: tuple[Result, Path]) -> None:
    result, _ = run
    rows = result.material.data.rows
    inside = [row for row, i in zip(rows, result.inside, strict=True) if i]
    outside = [row for row, i in zip(rows, result.inside, strict=True) if not i]
    assert not leaked(inside, outside)
    assert 0.1 < len(outside) / len(rows) < 0.3


def test_the_manifest_tells_what_was_read(run: tuple[Result, Path]) -> None:
    manifest = run[0].shipped.manifest
    assert manifest["data"]["corpus"]["rows"] == sum(row.source == "corpus" for row in run[0].material.data.rows)
    assert len(manifest["data"]["corpus"]["sha256"]) == 64
    assert manifest["config"]["seed"] == Config.load().seed
    assert 0 < manifest["thresholds"]["caution"] <= manifest["thresholds"]["warning"] < 1


def test_tenths_of_held_out_board_ads_stand_in_the_manifest(run: tuple[Result, Path]) -> None:
    result = run[0]
    assert result.shipped.manifest[REFERENCE] == []  # the written corpus has no boards
    data = replace(result.material.data.take(np.flatnonzero(result.inside)), parts=np.full(int(result.inside.sum()), "boards"))
    edges = board_deciles(result.fitted, data)
    scores = result.fitted.log_odds(result.fitted.held_out)
    shares = np.bincount(np.searchsorted(edges, scores, side="right"), minlength=10) / len(scores)
    assert len(edges) == 9
    assert np.abs(shares - 0.1).max() < 0.01


def test_a_run_is_put_in_place(run: tuple[Result, Path], tmp_path: Path) -> None:
    assert put_in_place(run[1], tmp_path / "shipped")
    assert ScamAdClassifier.load(tmp_path / "shipped").artefact.manifest["history"][-1]["run"] == run[0].shipped.digest


def test_a_run_without_the_full_tier_does_not_take_it_away_unasked(run: tuple[Result, Path], tmp_path: Path) -> None:
    shipped = tmp_path / "shipped"
    (shipped / "encoder").mkdir(parents=True)
    with pytest.raises(LurewatchError, match="--without-full"):
        put_in_place(run[1], shipped)
    assert put_in_place(run[1], shipped, without_full=True)


def test_it_finds_more_than_chance(run: tuple[Result, Path]) -> None:
    result, _ = run
    data = result.material.data
    scores = np.array(ScamAdClassifier(result.reported).log_odds(adverts(data.rows)))
    outside = ~result.inside & np.isin(data.parts, ("corpus_scam", "corpus_twin"))
    assert scores[outside & (data.labels == 1)].mean() > scores[outside & (data.labels == 0)].mean()
