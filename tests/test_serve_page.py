"""The pages over HTTP, without a script: what a form gets, in every language, whatever it sends."""

import json
import logging
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi.testclient import TestClient

from serve.app import create_app
from serve.page.languages import Languages
from serve.settings import Settings

AD = "Urgent! Typist in Тhailand 🇹🇭, 2000 USD a month, no experi\u200bence, free flight. Telegram @hr_x, leave this week"
HONEST = "Shop assistant, Leeds. Till and shelves, 20 hours a week. Apply at the counter."
PAGES = ["/", "/campaign", "/poster", "/quiz", "/learn", "/learn/urgency"]
LANGUAGES = sorted(Languages.load().names)
HOSTILE = "</textarea></select>'\"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}{% raw %}&lt;b&gt;javascript:"


class Reader(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for found, attrs in self.tags if found == tag]


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create_app(Settings())) as made:
        yield made


def sent(client: TestClient, path: str, text: str = "", **values: str) -> Any:
    return client.post(path, data={"do": "check", "text": text, **values}, files={"none": b""})


def uploaded(client: TestClient, path: str, name: str, body: bytes) -> Any:
    return client.post(path, data={"do": "check", "text": "", "lang": "en"}, files={"file": (name, body)})


def test_one_ad_is_judged_without_a_script(client: TestClient) -> None:
    answer = sent(client, "/", AD, lang="en", country="PH")
    page = Reader(answer.text)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "Warning: this ad fits reported patterns" in page.text
    assert "A low score is not a clearance" in page.text
    assert "Without the marked phrases the level would be" in page.text
    assert "Department of Migrant Workers" in page.text
    assert "U+200B" in page.text
    assert AD in page.text  # what was typed stays
    marks = [attrs for attrs in page.named("a") if attrs.get("class", "").startswith("mark")]  # type: ignore[union-attr]
    ids = {attrs.get("id") for _, attrs in page.tags}
    assert marks
    assert all(str(mark["href"]).removeprefix("#") in ids for mark in marks)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_in_every_language(client: TestClient, path: str, language: str) -> None:
    answer = client.get(path, params={"lang": language})
    (root,) = Reader(answer.text).named("html")
    assert answer.status_code == 200
    assert root == {"lang": language, "dir": "rtl" if language in ("ar", "ur") else "ltr"}
    assert Languages.load().words(language)["words_only"] in answer.text.replace("&#39;", "'")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_judges_and_says_that_a_low_score_is_no_clearance(client: TestClient, language: str) -> None:
    for text in (AD, HONEST):
        answer = sent(client, "/", text, lang=language)
        assert answer.status_code == 200
        assert answer.text.count('class="clearance"') == 2


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_inline(client: TestClient) -> None:
    for path in PAGES:
        answer = client.get(path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        for tag, attrs in Reader(answer.text).tags:
            assert not any(name.startswith("on") or name == "style" for name in attrs), (path, tag, attrs)
            assert tag != "style"
            assert tag != "script" or attrs.get("src")
            assert not str(attrs.get("src") or attrs.get("href") or "/").startswith(("http:", "https:", "//"))


def test_static_files_are_kept_for_ever_under_their_digest(client: TestClient) -> None:
    page = Reader(client.get("/").text)
    paths = [str(a["src"]) for a in page.named("script")] + [str(a["href"]) for a in page.named("link")]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert client.get(path.replace(path.split("/")[2], "0" * 16)).status_code == 404
    assert client.get(paths[0].rsplit("/", 1)[0] + "/..%2Fpage.css").status_code == 404


@pytest.mark.parametrize("path", ["/", "/campaign", "/poster", "/quiz"])
def test_hostile_ads_file_names_languages_and_countries_are_escaped(client: TestClient, path: str) -> None:
    for answer in (
        sent(client, path, HOSTILE, lang=HOSTILE, country=HOSTILE, paper=HOSTILE),
        client.post(path, data={"text": HOSTILE, "do": HOSTILE}, files={"file": (f"{HOSTILE}.csv", f'text\n"{HOSTILE}"'.encode())}),
        client.get(path, params={"lang": HOSTILE}, headers={"accept-language": "<b>,\"'"}),
    ):
        page = Reader(answer.text)
        assert not [attrs for attrs in page.named("script") if not attrs.get("src")]
        assert not [attrs for attrs in page.named("img") if attrs.get("src") == "x"]
        assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
        assert "49" not in page.text


def test_lone_surrogates_nul_and_line_ends_keep_their_places(client: TestClient) -> None:
    text = "no experience\0 \r\nfree flight \ud83d, Telegram @hr_x"
    answer = uploaded(client, "/", "a.json", json.dumps({"text": text}).encode())
    assert answer.status_code == 200
    assert "\0" not in answer.text


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("a.txt", b"", "There is no text yet"),
        ("a.txt", b" \n", "There is no text yet"),
        ("a.txt", b"ad " * 100_000, "This is too long"),
        ("a.txt", b"\x89PNG\0\0", "not text"),
        ("a.txt", "Köchin".encode("latin-1"), "UTF-8"),
        ("a.csv", b"id,pay\n1,2\n", "Name that column"),
        ("a.json", b"{", "No ad was found"),
    ],
)
def test_bad_files_are_told_in_a_sentence(client: TestClient, name: str, body: bytes, words: str) -> None:
    for path in ("/",) if b"ad " in body else ("/", "/campaign"):
        answer = uploaded(client, path, name, body)
        assert answer.status_code in (413, 422)
        assert words in Reader(answer.text).text


def test_what_was_typed_stays_beside_a_bad_file(client: TestClient) -> None:
    answer = client.post("/", data={"text": "typed before", "lang": "id"}, files={"file": ("a.csv", b"x\n")})
    assert "typed before" in Reader(answer.text).text
    assert Languages.load().words("id")["err_column"] in Reader(answer.text).text


def test_changing_the_language_keeps_the_text_and_asks_for_nothing(client: TestClient) -> None:
    empty = client.post("/", data={"text": "", "do": "language", "lang": "ur"}, files={"none": b""})
    assert empty.status_code == 200
    assert Languages.load().words("ur")["err_empty"] not in empty.text
    full = client.post("/", data={"text": AD, "do": "language", "lang": "ur"}, files={"none": b""})
    assert AD in Reader(full.text).text
    assert 'dir="rtl"' in full.text


def test_a_campaign_tells_bad_rows_and_goes_on(client: TestClient) -> None:
    answer = uploaded(client, "/campaign", "ads.csv", f'id,text\n1,"{AD}"\n2,\n3,"{HONEST}"\n'.encode())
    page = Reader(answer.text)
    rows = [attrs for attrs in page.named("tr") if "data-level" in attrs]
    assert [row["data-level"] for row in rows] == ["warning", "", "none"]
    assert "There is no text in this row." in page.text


def test_a_campaign_has_a_limit_and_says_so(client: TestClient) -> None:
    answer = sent(client, "/campaign", "\n---\n".join(f"ad number {i}" for i in range(205)))
    assert "Only the first 200 ads are shown" in Reader(answer.text).text
    assert answer.text.count("<tr data-level") == 200


def test_an_unknown_lure_is_not_found(client: TestClient) -> None:
    assert client.get("/learn/nonsense").status_code == 404


def test_nothing_of_an_ad_is_logged_or_written(
    client: TestClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file was opened")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    with caplog.at_level(logging.DEBUG):
        for path in ("/", "/campaign"):
            assert sent(client, path, "unmistakable words of an ad").status_code == 200
            assert uploaded(client, path, "a.txt", b"unmistakable words of an ad\n" * 4).status_code == 200
            uploaded(client, path, "a.txt", b"unmistakable words of an ad\n" * 100_000)
    assert "unmistakable" not in caplog.text


def test_a_form_too_large_is_told_in_the_readers_language() -> None:
    client = TestClient(create_app(Settings(largest_body=1000)))
    answer = client.post("/", files={"file": ("ad.txt", b"x" * 2000)}, headers={"accept-language": "id"})
    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith("text/html")
    assert "terlalu panjang" in answer.text.lower()
    assert client.post("/", content=b"x" * 2000, headers={"content-length": "30000"}).headers["content-type"] == "application/problem+json"
