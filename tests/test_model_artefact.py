import json
import shutil
from pathlib import Path

import pytest

from model.artefact import FILES, FORMAT, SHIPPED, Artefact
from model.errors import ArtefactError


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "artefact"
    shutil.copytree(SHIPPED, folder)
    return folder


def test_the_shipped_artefact_loads(copy: Path) -> None:
    made = Artefact.load(copy)
    assert made.digest == Artefact.load(SHIPPED).digest
    assert made.identity["version"]


@pytest.mark.parametrize("name", FILES)
def test_a_changed_byte_is_refused_by_name(copy: Path, name: str) -> None:
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(bytes(data))
    with pytest.raises(ArtefactError, match=f"{name} .* is not the file") as e:
        Artefact.load(copy)
    assert e.value.field == name


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused_by_name(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ArtefactError, match=f"{name} is missing"):
        Artefact.load(copy)


def test_an_older_format_is_refused(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    (copy / "manifest.json").write_text(json.dumps({**manifest, "format": 0}), encoding="utf-8")
    with pytest.raises(ArtefactError, match=f"format 0, this release reads {FORMAT}"):
        Artefact.load(copy)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}'])
def test_a_broken_manifest_is_refused(copy: Path, text: str) -> None:
    (copy / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(ArtefactError, match="no manifest"):
        Artefact.load(copy)


def test_no_artefact_at_all_is_told(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="lurewatch train"):
        Artefact.load(tmp_path)


def test_the_public_table_holds_no_contact_data() -> None:
    lines = (SHIPPED / "table.tsv").read_text(encoding="utf-8").splitlines()
    phrases = [line.split("\t")[0] for line in lines[1:]]
    assert not [p for p in phrases if any(c.isdigit() and c != "0" for c in p) and not p.startswith("<")]
    assert not [p for p in phrases if "@" in p or "http" in p.split()]
