"""Runs that were stopped go on, others are refused by name, and nothing half-written is left."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.errors import LurewatchError
from training.config import Config, ConfigError
from training.folder import RESULT, Kept, building, finished, result_of
from training.sources import source_of
from training.stamp import FILE, RunError, Stamp

STAMP = Stamp({"seed": 1, "folds": 5}, {"own": "a" * 64}, {"training/fit.py": "b" * 64})


def silent(_: str) -> None:
    pass


def test_a_folder_appears_when_it_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "runs" / "one"
    assert not finished(out, STAMP)
    with building(out, STAMP, silent) as part:
        (part / "a").write_text("x", encoding="utf-8")
        assert not out.exists()
    assert sorted(p.name for p in out.iterdir()) == ["a", FILE]
    assert finished(out, STAMP)
    assert not part.exists()


def test_a_refusal_leaves_nothing_a_stop_leaves_what_was_done(tmp_path: Path) -> None:
    out = tmp_path / "one"
    with pytest.raises(LurewatchError), building(out, STAMP, silent):
        raise LurewatchError("no")
    assert not list(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt), building(out, STAMP, silent) as part:
        Kept(part / "kept").array("long", lambda: np.arange(3.0))
        raise KeyboardInterrupt
    assert not out.exists()
    with building(out, STAMP, silent) as part:
        assert Kept(part / "kept").array("long", lambda: np.zeros(0)).tolist() == [0, 1, 2]
    assert not (out / "kept").exists()


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (replace(STAMP, config={"seed": 2, "folds": 5}), "config seed was 1, is 2"),
        (replace(STAMP, config={"seed": 1}), "config folds is gone"),
        (replace(STAMP, data={"own": "c" * 64}), "data own changed"),
        (replace(STAMP, data={**STAMP.data, "feedback": "c"}), "data feedback is new"),
        (replace(STAMP, code={"training/fit.py": "c" * 64}), r"code training/fit\.py changed"),
    ],
)
def test_what_changed_is_named(tmp_path: Path, other: Stamp, message: str) -> None:
    out = tmp_path / "one"
    with pytest.raises(KeyboardInterrupt), building(out, STAMP, silent):
        raise KeyboardInterrupt
    with pytest.raises(RunError, match=message), building(out, other, silent):
        pass
    assert (tmp_path / "one.partial").is_dir()
    with building(out, STAMP, silent):
        pass
    with pytest.raises(RunError, match=message):
        finished(out, other)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(RunError, match=FILE):
        finished(tmp_path, STAMP)


def test_a_result_of_other_code_is_refused_clearly(tmp_path: Path) -> None:
    (tmp_path / RESULT).write_bytes(b"\x80\x04ctraining.gone\nThing\n.")
    with pytest.raises(RunError, match="train again into another --out"):
        result_of(tmp_path)


def test_a_stamp_tells_configuration_data_and_code(tmp_path: Path) -> None:
    (tmp_path / "ads.csv").write_text("a", encoding="utf-8")
    entry = {"name": "own", "kind": "annotated", "label": {"column": "l"}, "language": {"value": "en"}, "path": str(tmp_path / "ads.csv")}
    config = replace(Config.load(), sources=(entry,))
    stamp = Stamp.of(config, None)
    assert {"training/fit.py", "model/scorer.py", "model/native/hashes.c", "seeds/lures.yaml", "version"} <= set(stamp.code)
    assert stamp.config["sources"][0]["path"] == "ads.csv"
    stamp.write(tmp_path)
    stamp.check(tmp_path)
    (tmp_path / "ads.csv").write_text("b", encoding="utf-8")
    with pytest.raises(RunError, match="data own changed"):
        Stamp.of(config, None).check(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sed = 1", "sed"),
        ("folds = 1", "folds must be a whole number of at least 2, found 1"),
        ("[weights]\nother_lure = -1", r"weights\.other_lure must be a number of at least 0"),
        ("[search]\nC = 3", r"search\.C must be a list"),
        ('[bars]\n"a.b" = 3', "least"),
        ('[[sources]]\nname = "boards"', "none of corpus"),
        ("seed = ", "Invalid"),
    ],
)
def test_a_bad_configuration_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "c.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message) as told:
        Config.load(tmp_path / "c.toml")
    assert "c.toml" in told.value.message


def test_a_configuration_may_say_only_what_differs(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text('[weights]\nboards = 2.0\n[[sources]]\nname = "a"\npath = "ads.csv"\n', encoding="utf-8")
    config = Config.load(tmp_path / "c.toml")
    assert config.weights == {**Config.load().weights, "boards": 2.0}
    assert config.sources[0]["path"] == str(tmp_path / "ads.csv")


def test_the_configuration_of_the_page_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).parent.parent / "docs" / "retraining.md").read_text(encoding="utf-8")
    (tmp_path / "my.toml").write_text(page.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    config = Config.load(tmp_path / "my.toml")
    assert config.corpus == str(tmp_path / "pairs")
    assert [source_of(entry).kind for entry in config.sources] == ["annotated"]
