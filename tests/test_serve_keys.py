"""API keys: the file, the ring of a running service, the command line, and who is let in."""

import json
import re
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from model.errors import OptionError
from serve import commands
from serve.app import create_app
from serve.keyring import Keyring
from serve.keys import KeyFile, KeyFileError, digest_of, read
from serve.settings import Settings

AD = {"text": "Shop assistant, Leeds"}


def made(path: Path, **scopes: str) -> dict[str, str]:
    """Keys by name, with scopes between commas."""
    out = {}
    for name, given in scopes.items():
        with KeyFile(path) as file:
            out[name] = file.add(name, given.split(","))
    return out


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_only_digests_are_kept_and_nobody_else_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "state" / "keys.json"
    secrets = made(path, board="score,feedback", desk="admin")
    text = path.read_text(encoding="utf-8")
    assert not any(secret in text for secret in secrets.values())
    assert [key.digest for key in read(path)] == [digest_of(secret.encode()) for secret in secrets.values()]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert all(len(secret) > 50 for secret in secrets.values())


@pytest.mark.parametrize(
    ("name", "scopes", "words"),
    [
        ("board", ["score"], "rotate board"),
        ("a b", ["score"], "letters, digits"),
        ("", ["score"], "letters, digits"),
        ("x" * 65, ["score"], "letters, digits"),
        ("new", ["scores"], "found scores"),
        ("new", [], "found none"),
    ],
)
def test_what_cannot_be_a_key_is_told(tmp_path: Path, name: str, scopes: list[str], words: str) -> None:
    path = tmp_path / "keys.json"
    made(path, board="score")
    before = path.read_bytes()
    with pytest.raises(KeyFileError, match=words), KeyFile(path) as file:
        file.add(name, scopes)
    assert path.read_bytes() == before
    assert not path.with_name("keys.json.new").exists()


@pytest.mark.parametrize("text", ["", "{}", '{"format": 2, "keys": []}', '{"format": 1, "keys": [{"name": "a"}]}', "[]", "\0"])
def test_a_malformed_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KeyFileError, match=r"keys\.json"):
        Keyring(path)


def test_two_changes_at_once_are_refused(tmp_path: Path) -> None:
    with KeyFile(tmp_path / "keys.json"), pytest.raises(KeyFileError, match="another change"), KeyFile(tmp_path / "keys.json"):
        pass


def test_an_empty_file_lets_nobody_start(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    made(path, board="score")
    with KeyFile(path) as file:
        file.revoke("board")
    with pytest.raises(KeyFileError, match="no key"):
        create_app(Settings(state=tmp_path, keys=path))


def test_rotation_overlaps_and_revocation_ends_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serve.keyring.LOOK_EVERY", 0.0)
    path = tmp_path / "keys.json"
    first = made(path, board="score,feedback", other="score")["board"].encode()
    ring = Keyring(path)
    with KeyFile(path) as file:
        second = file.rotate("board", 3600).encode()
    assert [key.scopes for secret in (first, second) if (key := ring.find(secret))] == [("score", "feedback")] * 2
    with KeyFile(path) as file:
        third = file.rotate("board", 1).encode()
    assert ring.find(first) is None
    assert ring.find(second)
    time.sleep(1.1)
    assert ring.find(second) is None
    assert ring.find(third)
    with KeyFile(path) as file:
        file.revoke("board")
    assert ring.find(third) is None
    assert [key.name for key in read(path)] == ["other"]


def test_a_running_service_heeds_the_file_and_never_opens_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serve.keyring.LOOK_EVERY", 0.0)
    path = tmp_path / "keys.json"
    secret = made(path, board="score")["board"]
    with TestClient(create_app(Settings(state=tmp_path, keys=path))) as client:
        assert client.post("/v1/score", json=AD, headers=bearer(secret)).status_code == 200
        path.write_text("broken", encoding="utf-8")
        assert client.post("/v1/score", json=AD, headers=bearer(secret)).status_code == 200
        path.unlink()
        assert client.post("/v1/score", json=AD, headers=bearer(secret)).status_code == 401
        assert client.post("/v1/score", json=AD).status_code == 401


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> tuple[TestClient, dict[str, str]]:
    state = tmp_path_factory.mktemp("state")
    secrets = made(state / "keys.json", scorer="score", moderator="feedback", boss="admin")
    return TestClient(create_app(Settings(state=state, keys=state / "keys.json"))), secrets


@pytest.mark.parametrize(
    ("who", "method", "path", "status"),
    [
        ("scorer", "POST", "/v1/score", 200),
        ("scorer", "GET", "/v1/model", 200),
        ("scorer", "GET", "/v1/feedback/" + "0" * 32, 403),
        ("scorer", "POST", "/v1/feedback", 403),
        ("moderator", "POST", "/v1/score", 403),
        ("moderator", "GET", "/v1/feedback/" + "0" * 32, 404),
        ("boss", "POST", "/v1/score", 200),
        ("boss", "GET", "/v1/feedback/" + "0" * 32, 404),
        ("nobody", "POST", "/v1/score", 401),
        ("nobody", "GET", "/v1/lures", 401),
        ("nobody", "GET", "/nowhere", 401),
        ("nobody", "GET", "/docs/oauth2-redirect", 401),
        ("nobody", "GET", "/livez", 200),
        ("nobody", "GET", "/readyz", 200),
        ("nobody", "GET", "/openapi.json", 200),
        ("nobody", "GET", "/docs", 200),
    ],
)
def test_who_may_call_what(keyed: tuple[TestClient, dict[str, str]], who: str, method: str, path: str, status: int) -> None:
    client, secrets = keyed
    headers = bearer(secrets[who]) if who in secrets else {}
    answer = client.request(method, path, json=AD if method == "POST" else None, headers=headers)
    assert answer.status_code == status, answer.text
    if status in (401, 403):
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"].startswith('Bearer realm="lurewatch"')
        assert ("insufficient_scope" in answer.headers["www-authenticate"]) == (status == 403)


@pytest.mark.parametrize("given", ["Bearer nonsense", "Bearer ", "Basic {}", "{}", "Bearer {}x", "bearer", "Bearer \u00e9"])
def test_no_other_credentials_are_taken(keyed: tuple[TestClient, dict[str, str]], given: str) -> None:
    client, secrets = keyed
    answer = client.post("/v1/score", json=AD, headers={b"Authorization": given.format(secrets["boss"]).encode("latin-1")})
    assert answer.status_code == 401
    assert secrets["boss"] not in answer.text


def test_the_scheme_is_read_in_any_case(keyed: tuple[TestClient, dict[str, str]]) -> None:
    client, secrets = keyed
    assert client.post("/v1/score", json=AD, headers={"authorization": f"bearer  {secrets['scorer']}"}).status_code == 200


def test_the_openapi_document_tells_keys_and_refusals(keyed: tuple[TestClient, dict[str, str]]) -> None:
    document = keyed[0].get("/openapi.json").json()
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    scopes = {path: item[method]["security"] for path, item in document["paths"].items() for method in item if "security" in item[method]}
    assert scopes["/v1/score"] == [{"key": ["score"]}]
    assert scopes["/v1/feedback/{feedback_id}"] == [{"key": ["feedback"]}]
    assert not {"/livez", "/readyz"} & set(scopes)
    answers = document["paths"]["/v1/score"]["post"]["responses"]
    assert {"401", "403", "408", "429", "503"} <= set(answers)
    assert "application/problem+json" in answers["401"]["content"]
    assert "Retry-After" in answers["429"]["headers"]
    without = TestClient(create_app(Settings())).get("/openapi.json").json()
    assert "security" not in without["paths"]["/v1/score"]["post"]
    assert "401" not in without["paths"]["/v1/score"]["post"]["responses"]


def lurewatch(state: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {"LUREWATCH_STATE": str(state), "PATH": "", **environment}
    return subprocess.run([sys.executable, "-m", "model.cli", *words], capture_output=True, text=True, env=given, check=False)


def test_keys_on_the_command_line(tmp_path: Path) -> None:
    added = lurewatch(tmp_path, "keys", "add", "board", "--scopes", "score,feedback")
    assert added.returncode == 0, added.stderr
    assert re.fullmatch(r"lurewatch_[\w-]{43}\n", added.stdout)
    listed = lurewatch(tmp_path, "keys", "list").stdout
    assert "board" in listed
    assert "score,feedback" in listed
    assert added.stdout.strip() not in listed
    rotated = lurewatch(tmp_path, "keys", "rotate", "board", "--grace", "2")
    assert rotated.stdout != added.stdout
    assert "until" in lurewatch(tmp_path, "keys", "list").stdout
    assert lurewatch(tmp_path, "keys", "revoke", "board").returncode == 0
    assert lurewatch(tmp_path, "keys", "list").stdout == ""
    again = lurewatch(tmp_path, "keys", "revoke", "board")
    assert again.returncode == 2
    assert "no key 'board'" in again.stderr


@pytest.mark.parametrize(
    ("host", "environment", "words"),
    [
        ("0.0.0.0", {}, "lurewatch keys add"),  # noqa: S104
        ("::", {}, "LUREWATCH_OPEN=1"),
        ("192.0.2.1", {"LUREWATCH_OPEN": "0"}, "no keys"),
        ("board.example", {}, "no keys"),
        ("0.0.0.0", {"LUREWATCH_KEYS": "/nowhere/keys.json"}, "no key"),  # noqa: S104
        ("127.0.0.1", {"LUREWATCH_KEYS": "/nowhere/keys.json"}, "no key"),
    ],
)
def test_strangers_need_keys(tmp_path: Path, host: str, environment: dict[str, str], words: str) -> None:
    done = lurewatch(tmp_path, "serve", "--host", host, "--port", "1", **environment)
    assert done.returncode == 2
    assert words in done.stderr


@pytest.mark.parametrize(
    ("host", "ours"), [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("192.0.2.1", False), ("::", False)]
)
def test_loopback_is_this_machine_alone(host: str, ours: bool) -> None:
    assert commands.is_loopback(host) == ours


def test_an_app_for_a_server_of_ones_own_needs_keys_or_consent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUREWATCH_STATE", str(tmp_path))
    with pytest.raises(OptionError, match="no keys"):
        commands.app()
    monkeypatch.setenv("LUREWATCH_OPEN", "1")
    assert commands.app()


def test_keys_win_over_open(tmp_path: Path) -> None:
    made(tmp_path / "keys.json", board="score")
    settings = Settings.from_environment({"LUREWATCH_STATE": str(tmp_path), "LUREWATCH_OPEN": "1"})
    assert settings.keys == tmp_path / "keys.json"
    assert TestClient(create_app(settings)).post("/v1/score", json=AD).status_code == 401


def test_the_key_file_says_its_format(tmp_path: Path) -> None:
    made(tmp_path / "keys.json", board="score")
    assert json.loads((tmp_path / "keys.json").read_text(encoding="utf-8"))["format"] == 1
