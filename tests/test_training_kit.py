"""The retraining kit from the command line: what docs/retraining.md shows runs, and what must be refused is refused."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pytest

from model.artefact import Artefact, read_manifest, write_manifest
from training import fingerprints
from training.config import Config
from training.promotion import Bar, BarError, bars_of, check_apart, checked, figures_of, note, put_in_place

Command = Callable[..., CompletedProcess[str]]
COLUMNS = ["--text", "title,description", "--label", "fraudulent", "--id", "ad_id"]
QUICKLY = ["--config", "quick.toml", "--feedback", "feedback.jsonl", "--jobs", "1"]


def test_the_run_tells_what_it_found(retrained: Path) -> None:
    log = (retrained / "train.log").read_text(encoding="utf-8")
    assert "own: 60 of 180 rows are lures: a class prior of 33.33%" in log
    assert "own: 180 rows in 180 groups of near-duplicates" in log
    assert "feedback: 3 ads judged, 1 contradicted and left out" in log
    assert "\x1b" not in log
    assert "nurse" not in log.casefold()


def test_the_run_folder_is_whole(retrained: Path) -> None:
    out = retrained / "runs" / "mine"
    wanted = "config.json fingerprints.json stamp.json metrics.json CARD.md pipeline.joblib contradictions.jsonl feedback.json".split()
    assert all((out / name).is_file() for name in wanted)
    assert sorted(path.name for path in (out / "plots").iterdir()) == ["precision_recall.svg", "reliability.svg"]
    assert not (retrained / "runs" / "mine.partial").exists()
    metrics = json.loads((out / "metrics.json").read_text(encoding="utf-8"))
    own = metrics["sources"]["own"]
    assert own["rows"] == 36
    assert own["lures"] == 12
    assert own["figures"]["roc_auc"]["value"] > 0.8
    assert metrics["data"]["feedback"]["rows"] == 2
    told = [json.loads(line) for line in (out / "contradictions.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in told[0]["rows"]] == ["feedback:f3", "feedback:f4"]


def test_the_artefact_tells_prior_and_no_paths(retrained: Path) -> None:
    text = (retrained / "runs" / "mine" / "artefact" / "manifest.json").read_text(encoding="utf-8")
    assert json.loads(text)["prior"]["own"] == pytest.approx(1 / 3)
    assert str(retrained) not in text


def test_the_other_commands_of_the_page_run(retrained: Path, retraining: list[list[str]], command: Command) -> None:
    for words in retraining[1:]:
        done = command(retrained, *words[1:])
        assert done.returncode == 0, done.stderr
    told = json.loads((retrained / "difference.json").read_text(encoding="utf-8"))
    assert told["all"]["rows"] == 90
    assert told["all"]["figures"]["roc_auc"]["says"] == "better"
    assert all(c["level"]["a"] != c["level"]["b"] and c["why"] for c in told["changes"])
    report = (retrained / "difference.md").read_text(encoding="utf-8")
    assert "## Ads whose level changed" in report
    assert "## By language" in report


def test_the_same_command_again_changes_nothing_another_is_refused(retrained: Path, retraining: list[list[str]], command: Command) -> None:
    before = (retrained / "runs" / "mine" / "metrics.json").read_bytes()
    again = command(retrained, *retraining[0][1:], *QUICKLY)
    assert again.returncode == 0
    assert "is finished" in again.stderr
    (retrained / "other.toml").write_text((retrained / "quick.toml").read_text(encoding="utf-8").replace("2", "3"), encoding="utf-8")
    other = command(retrained, *retraining[0][1:], "--feedback", "feedback.jsonl", "--config", "other.toml")
    assert other.returncode == 2
    assert "config folds was 2, is 3" in other.stderr
    assert (retrained / "runs" / "mine" / "metrics.json").read_bytes() == before


def test_rows_that_the_model_learnt_from_are_refused(retrained: Path, command: Command) -> None:
    done = command(retrained, "evaluate", "runs/mine/artefact", "ads.csv", *COLUMNS)
    assert done.returncode == 2
    assert "[a threshold chosen on test]" in done.stderr
    kept = command(retrained, "evaluate", "runs/mine/reported", "ads.csv", *COLUMNS, "--leave-out-seen")
    told = json.loads(kept.stdout)
    assert (told["rows"], told["data"]["seen"]["left_out"]) == (36, 144)


@pytest.mark.parametrize(
    ("data", "message", "code"),
    [
        ("ad_id,title,fraudulent\n1,Cook,0\n", "no column 'description'", 2),
        ("ad_id,title,description,fraudulent\n1,a,Cook,0\n2,b,Nurse,0\n", "[one class only]", 2),
        ("ad_id,title,description,fraudulent\n1,a,Cook,0\n1,b,Typist,1\n", "id '1' stands in rows 1 and 2", 2),
    ],
)
def test_a_bad_file_leaves_no_run(tmp_path: Path, command: Command, data: str, message: str, code: int) -> None:
    (tmp_path / "bad.csv").write_text(data, encoding="utf-8")
    done = command(tmp_path, "train", "--data", "bad.csv", *COLUMNS, "--out", "runs/bad")
    assert done.returncode == code
    assert message in done.stderr
    assert not (tmp_path / "runs" / "bad").exists()
    assert not (tmp_path / "runs" / "bad.partial").exists()


def test_rows_left_out_of_a_measurement_are_named(
    retrained: Path, made_ads: Callable[..., list[dict[str, object]]], write_csv: Callable[..., Path], command: Command
) -> None:
    rows = made_ads(60, 2)
    rows[6]["fraudulent"] = "perhaps"
    write_csv(retrained / "some.csv", rows)
    done = command(retrained, "evaluate", "runs/mine/artefact", "some.csv", *COLUMNS)
    assert done.returncode == 3
    assert "row 7, column fraudulent: label is neither 0 nor 1; found 'perhaps'" in done.stderr
    assert json.loads(done.stdout)["rows"] == 59


@pytest.mark.parametrize(
    ("bar", "met"),
    [
        (Bar("a", 0.8, least=0.7), True),
        (Bar("a", 0.6, least=0.7), False),
        (Bar("a", 0.6, most=0.5), False),
        (Bar("a", 0.6, least=0.5, most=0.7), True),
        (Bar("a", None, most=0.5), False),
    ],
)
def test_bars(bar: Bar, met: bool) -> None:
    assert bar.met == met


def test_a_run_that_misses_a_bar_is_refused_by_name_unless_forced(retrained: Path) -> None:
    bars = bars_of(Config.load(), figures_of(retrained / "runs" / "mine"))
    with pytest.raises(BarError, match=r"test\.boards\.warning is not measured, must be at most 0\.01"):
        checked(bars, None)
    with pytest.raises(BarError):
        checked(bars, "  ")
    assert checked(bars, "no boards\nat hand") == "no boards at hand"
    assert checked([Bar("a", 1.0, least=0.5)], "needless") == ""


def test_figures_from_rows_that_thresholds_were_chosen_on_are_refused(retrained: Path, tmp_path: Path) -> None:
    run = retrained / "runs" / "mine"
    check_apart(run)
    planted = shutil.copytree(run / "reported", tmp_path / "run" / "reported")
    manifest, _ = read_manifest(planted)
    sets = fingerprints.load(planted, manifest)
    assert sets
    fingerprints.write(planted, np.concatenate(sets), sets[1])
    write_manifest(planted, manifest, sorted(manifest["files"]))
    with pytest.raises(BarError, match="a threshold chosen on test"):
        check_apart(tmp_path / "run")


def test_the_history_of_versions_is_kept(retrained: Path, tmp_path: Path) -> None:
    run, target = retrained / "runs" / "mine", tmp_path / "shipped"
    bars = [Bar("test.corpus.roc_auc", 0.9, least=0.95)]
    assert put_in_place(run, target, bars=bars, forced="a try")[1]
    assert not put_in_place(run, target, bars=bars, forced="a try")[1]
    (told,) = Artefact.load(target).manifest["history"]
    assert told["run"] == read_manifest(run / "artefact")[1]
    assert (told["figures"], told["forced"]) == ({"test.corpus.roc_auc": 0.9}, "a try")
    assert fingerprints.load(target, read_manifest(target)[0])
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n- One.\n", encoding="utf-8")
    note(tmp_path / "CHANGELOG.md", "1.0.0", told["run"], bars, "a try")
    line = (tmp_path / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()[3]
    assert line == f"- Model 1.0.0, run {told['run'][:12]}: test.corpus.roc_auc 0.900. Promoted although bars were not met: a try"


def test_an_unfinished_run_is_not_promoted(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(BarError, match=r"metrics\.json"):
        figures_of(tmp_path / "a")
