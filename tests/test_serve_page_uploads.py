"""Files and pasted texts as ads; those that cannot be read are told by the key of a sentence."""

import time

import pytest

from serve.page.markup import text_of_html
from serve.page.mistakes import ReaderError
from serve.page.uploads import ads_of_file, ads_of_paste


@pytest.mark.parametrize(
    ("name", "body", "ads"),
    [
        ("a.txt", b"one ad", ["one ad"]),
        ("a.txt", b"\xef\xbb\xbfone ad", ["one ad"]),
        ("a.txt", "job ድሬ".encode("utf-16"), ["job ድሬ"]),
        ("a.csv", b"id,text\n1,one\n2,two\n", ["one", "two"]),
        ("a.csv", b'id;Text\r\n1;"one; and ""more"""\r\n2\r\n3;three\r\n', ['one; and "more"', "", "three"]),
        ("a.csv", 'text,id\n"two\nlines",1\n'.encode("utf-8-sig"), ["two\nlines"]),
        ("a.tsv", b"ad\tid\none\t1\n", ["one"]),
        ("a.json", b'{"text": "one"}', ["one"]),
        ("a.json", b'[{"text": "one"}, "two", 5]', ["one", "two", ""]),
        ("a.json", b'{"posting": {"title": "three", "description": "<p>four</p>"}}', ["three\nfour"]),
        ("a.json", b'{"@type": "JobPosting", "title": "Cook", "company": {"@type": "Organization", "name": "Inn"}}', ["Cook\nInn"]),
        ("a.jsonl", b'{"text": "one"}\n\n{"text": "two"}\n', ["one", "two"]),
        ("a.html", b"<head><title>x</title></head><h1>Cook</h1><script>no()</script><p>2 &lt; 3 &amp; free</p>", ["Cook\n2 < 3 & free"]),
    ],
)  # fmt: skip
def test_files(name: str, body: bytes, ads: list[str]) -> None:
    assert ads_of_file(name, body) == ads


@pytest.mark.parametrize(
    ("name", "body", "key"),
    [
        ("a.txt", b"\x89PNG\r\n\x1a\n....", "binary"),
        ("a.txt", b"%PDF-1.7 ...", "binary"),
        ("a.txt", b"PK\x03\x04word document", "binary"),
        ("a.txt", b"text\0text", "binary"),
        ("a.txt", b"\x01\x02\x03\x04 a", "binary"),
        ("a.txt", "Köchin gesucht".encode("latin-1"), "encoding"),
        ("a.txt", b"\xff\xfea", "encoding"),
        ("a.csv", b"id,salary\n1,2\n", "column"),
        ("a.csv", b"", "column"),
        ("a.json", b"{", "json"),
        ("a.json", b"{}", "json"),
        ("a.json", b"[" * 100_000, "json"),
    ],
)
def test_files_that_cannot_be_read(name: str, body: bytes, key: str) -> None:
    with pytest.raises(ReaderError) as raised:
        ads_of_file(name, body)
    assert raised.value.key == key


@pytest.mark.parametrize(
    ("text", "ads"),
    [
        ("one", ["one"]),
        ("one\nstill one\n\ntwo", ["one\nstill one", "two"]),
        ("one\n\nstill one\n---\ntwo\n----\n", ["one\n\nstill one", "two"]),
        ("id,text\n1,one\n2,two", ["one", "two"]),
        ("text", ["text"]),
        ("", []),
    ],
)
def test_pasted_texts(text: str, ads: list[str]) -> None:
    assert ads_of_paste(text) == ads


@pytest.mark.parametrize("unit", ["<", "<!--", "<a ", "</", "<script>", "<b>x", "&", "<p/"])
def test_hostile_markup_takes_linear_time(unit: str) -> None:
    begin = time.perf_counter()
    text_of_html(unit * (400_000 // len(unit)))
    assert time.perf_counter() - begin < 2
