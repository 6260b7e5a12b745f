"""Twenty postings of each format: every span stands exactly where it says, in the caller's own string."""

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from defusedxml import ElementTree
from fastapi.testclient import TestClient
from postings import JOBS, JSON_FORMATS, Made, greenhouse, indeed, indeed_job, page_of, plain, posting, web_page

from model.advert import Advert
from model.classifier import ScamAdClassifier
from serve.adapters import ashby as ashby_format
from serve.adapters import greenhouse as greenhouse_format
from serve.adapters import indeed as indeed_format
from serve.adapters import jobposting as jobposting_format
from serve.adapters import lever as lever_format
from serve.adapters import page as page_format
from serve.adapters.documents import UnknownShapeError, candidates
from serve.adapters.formats import MOST_PARTS
from serve.adapters.paths import pointer
from serve.adapters.salary import Salary
from serve.app import create_app
from serve.settings import Settings

NUMBERED = list(enumerate(JOBS))
LURING = (0, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15)
"""Those of the invented jobs that are written as lures."""


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(Settings()), raise_server_exceptions=False)


def standing_at(document: Any, path: str) -> Any:
    """The value at a path, found without our own code."""
    for key, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        document = document[key] if key else document[int(index)]
    return document


def check(verdict: dict[str, Any], document: Any) -> None:
    """Spans and notes stand in the caller's strings; contributions add up."""
    for span in verdict["spans"]:
        own = standing_at(document, span["field"])
        assert isinstance(own, str)
        assert own[span["start"] : span["end"]] == span["text"] != ""
    for note in verdict["normalised"]:
        assert 0 <= note["start"] < note["end"] <= len(standing_at(document, note["field"]))
    parts = [verdict["baseline"], *(s["contribution"] for s in verdict["spans"]), *(o["contribution"] for o in verdict["other"])]
    assert sum(parts) == pytest.approx(verdict["log_odds"], abs=1e-9)


@pytest.mark.parametrize("shape", [plain, posting])
@pytest.mark.parametrize(("i", "job"), NUMBERED)
def test_text_and_fields(client: TestClient, i: int, job: Made, shape: Callable[[Made, int], dict[str, Any]]) -> None:
    body = shape(job, i)
    answer = client.post("/v1/score", json=body)
    assert answer.status_code == 200
    check(answer.json(), body.get("posting") or body)


@pytest.mark.parametrize("name", JSON_FORMATS)
@pytest.mark.parametrize(("i", "job"), NUMBERED)
def test_json_formats(client: TestClient, i: int, job: Made, name: str) -> None:
    document = JSON_FORMATS[name](job, i)
    by_name, found = (client.post("/v1/score", json={"job": document, "format": wanted}) for wanted in (name, "auto"))
    assert by_name.status_code == 200, by_name.text
    verdict = by_name.json()
    assert verdict == found.json()
    check(verdict, document)
    assert verdict["id"] == {"jobposting": f"ld-{i}", "greenhouse": 4_000_000 + i}.get(name, f"{name}-{i}")
    assert verdict["spans"] or i not in LURING


@pytest.mark.parametrize(("i", "job"), NUMBERED)
def test_json_ld_and_pages_as_they_are(client: TestClient, i: int, job: Made) -> None:
    document = JSON_FORMATS["jobposting"](job, i)
    as_job = client.post("/v1/score", json={"job": document}).json()
    as_ld = client.post("/v1/score", content=json.dumps(document), headers={"content-type": "application/ld+json; charset=utf-8"})
    assert as_ld.json() == as_job
    page = web_page(job, i)
    verdict = client.post("/v1/score", content=page.encode(), headers={"content-type": "text/html"}).json()
    scripts = re.findall(r"(?is)<script type=.application/ld\+json[^>]*>(.*?)</script", page)
    check(verdict, {"script": [json.loads(script) for script in scripts]})
    assert verdict["log_odds"] == as_job["log_odds"]


def test_the_xml_feed_of_all(client: TestClient) -> None:
    feed = indeed()
    answer = client.post("/v1/score/batch", content=feed.encode(), headers={"content-type": "application/xml"})
    results = answer.json()["results"]
    jobs = [{field.tag: field.text or "" for field in job} for job in ElementTree.fromstring(feed).iter("job")]
    assert [result["id"] for result in results] == [f"feed-{i}" for i in range(len(JOBS))]
    for result in results:
        check(result["verdict"], {"job": jobs})
    for i in LURING:
        assert any(span["field"] == f"job[{i}].description" for span in results[i]["verdict"]["spans"])


@pytest.mark.parametrize(("i", "job"), NUMBERED)
def test_one_xml_job_alone(client: TestClient, i: int, job: Made) -> None:
    body = indeed_job(job, i)
    verdict = client.post("/v1/score", content=body.encode("utf-16"), headers={"content-type": "text/xml"}).json()
    check(verdict, {field.tag: field.text or "" for field in ElementTree.fromstring(body)})


@pytest.mark.parametrize(("i", "job"), NUMBERED)
def test_what_was_escaped_twice_is_found_where_it_was_escaped_once(classifier: ScamAdClassifier, i: int, job: Made) -> None:
    once, twice = page_of(job), greenhouse(job, i)["content"].partition("&lt;ul&gt;")[0]
    assert html.unescape(twice) == once
    plain_, escaped = (classifier.judge(Advert((("content", text),))) for text in (once, twice))
    assert escaped.log_odds == pytest.approx(plain_.log_odds, abs=1e-9)
    assert [(s.cue, s.lure, html.unescape(s.text)) for s in escaped.spans] == [(s.cue, s.lure, s.text) for s in plain_.spans]
    for span, same in zip(escaped.spans, plain_.spans, strict=True):
        assert html.unescape(twice[: span.start]) == once[: same.start]
    for note, same_note in zip(escaped.normalised, plain_.normalised, strict=True):
        assert html.unescape(twice[note["start"] : note["end"]]) == once[same_note["start"] : same_note["end"]]


def test_a_phrase_cut_up_by_markup_and_entities_stands_from_its_first_to_its_last_character(classifier: ScamAdClassifier) -> None:
    raw = "&lt;p&gt;The pay is good &amp;amp; we keep your &lt;b&gt;pa&lt;/b&gt;&amp;#115;s&amp;#x200b;port&lt;/p&gt;"
    verdict = classifier.judge(Advert((("content", raw),)))
    (span,) = [s for s in verdict.spans if s.lure == "exit_fee_or_documents"]
    assert span.text.endswith("your &lt;b&gt;pa&lt;/b&gt;&amp;#115;s&amp;#x200b;port")


def test_every_text_is_a_part_once_in_reading_order() -> None:
    (job,) = candidates(jobposting_format.EXAMPLE)
    names = [name for name, _ in job.read().advert.parts]
    assert names == [
        "title",
        "hiringOrganization.name",
        "hiringOrganization.description",
        "jobLocation.address.addressLocality",
        "jobLocation.address.addressCountry",
        "baseSalary",
        "description",
    ]
    assert job.read().advert.composed == {"baseSalary"}
    (job,) = candidates(lever_format.EXAMPLE)
    names = [name for name, _ in job.read().advert.parts]
    assert names == ["text", "categories.location", "salaryRange", "description", "lists[0].text", "lists[0].content", "additional"]


def test_an_organisation_elsewhere_in_the_graph_is_found_where_it_stands() -> None:
    (job,) = candidates(JSON_FORMATS["jobposting"](JOBS[1], 1))
    parts = dict(job.read().advert.parts)
    assert (parts["@graph[0].name"], parts["@graph[0].description"]) == (JOBS[1].company, JOBS[1].about)


def test_the_description_counts_once_where_it_was_sent_twice() -> None:
    for example in (lever_format.EXAMPLE, ashby_format.EXAMPLE):
        (job,) = candidates(example)
        assert not [name for name, _ in job.read().advert.parts if name.endswith("Plain")]


@pytest.mark.parametrize(
    ("salary", "line"),
    [
        (Salary(2000, 3000, "USD", "MONTH"), "2,000-3,000 USD per month"),
        (Salary(45.5, None, "gbp", "HOUR"), "45.50 GBP per hour"),
        (Salary("1500.00", 1500, "EUR", "per-week-salary"), "1,500 EUR per week"),
        (Salary(None, 90000, "THB", "1 YEAR"), "90,000 THB per year"),
        (Salary(100, 200, "points", "FORTNIGHT"), "100-200"),
        (Salary("negotiable", None, "USD", "MONTH"), None),
        (Salary(0, 0, "USD", "MONTH"), None),
        (Salary(-5, float("inf"), "USD", "MONTH"), None),
        (Salary(True, 10**400, "USD", "MONTH"), None),
        (Salary({"a": 1}, [2], 3, 4), None),
    ],
)
def test_salary_objects_are_put_into_words(salary: Salary, line: str | None) -> None:
    assert salary.line() == line


@pytest.mark.parametrize(
    ("value", "parts", "composed"),
    [
        ({"currency": "USD", "value": {"minValue": 900, "unitText": "DAY"}}, {}, {"baseSalary": "900 USD per day"}),
        ({"currency": "USD", "value": "900"}, {}, {"baseSalary": "900 USD"}),
        ({"currency": "USD", "value": "900 a day, in cash"}, {"baseSalary.value": "900 a day, in cash", "baseSalary.currency": "USD"}, {}),
        ({"currency": "or USDT", "value": 900}, {"baseSalary.currency": "or USDT"}, {"baseSalary": "900"}),
        ("Best in town", {"baseSalary": "Best in town"}, {}),
        (900, {}, {"baseSalary": "900"}),
        ([900, "more"], {"baseSalary[1]": "more"}, {"baseSalary[0]": "900"}),
        (None, {}, {}),
    ],
)
def test_pay_is_a_text_where_it_was_one_and_composed_where_it_was_numbers(value: object, parts: object, composed: object) -> None:
    (job,) = candidates({"@type": "JobPosting", "title": "Typist", "baseSalary": value})
    advert = job.read().advert
    told = {name: text for name, text in advert.parts if name != "title"}
    assert {name: text for name, text in told.items() if name not in advert.composed} == parts
    assert {name: text for name, text in told.items() if name in advert.composed} == composed


def test_unknown_shapes_tell_what_was_tried_and_what_was_missing(client: TestClient) -> None:
    answer = client.post("/v1/score", json={"job": {"headline": "A job", "text": "Typist", "content": 5}})
    problem = answer.json()
    assert (answer.status_code, problem["field"]) == (422, "/job")
    tried = {told["format"]: told["missing"] for told in problem["tried"]}
    assert list(tried) == ["jobposting", "greenhouse", "lever", "ashby"]
    assert tried["greenhouse"] == ["title", "content"]
    assert tried["jobposting"][0] == "@type JobPosting"
    one = client.post("/v1/score", json={"job": {"title": "A job"}, "format": "ashby"}).json()
    assert one["tried"] == [{"format": "ashby", "missing": ["descriptionHtml or descriptionPlain"]}]


@pytest.mark.parametrize("document", [None, 5, "text", True, {}, {"@type": 5}, {"jobs": [5]}, [[]] * 3 + [None], {"@graph": [{"@id": 5}]}])
def test_what_is_no_job_is_refused(document: object) -> None:
    for candidate in candidates(document):
        with pytest.raises(UnknownShapeError):
            candidate.read()


def test_references_may_go_round_in_circles() -> None:
    graph = [{"@type": "JobPosting", "@id": "#a", "title": "x", "hiringOrganization": {"@id": "#b"}}, {"@id": "#b", "name": {"@id": "#a"}}]
    (job,) = [found for found in candidates({"@graph": graph}) if found.at == "@graph[0]"]
    assert job.read().advert.parts == (("@graph[0].title", "x"),)


def test_a_job_of_very_many_texts_is_refused() -> None:
    (job,) = candidates({"@type": "JobPosting", "title": "x", "skills": ["a"] * (MOST_PARTS + 1)})
    with pytest.raises(Exception, match="more than 500 texts"):
        job.read()


@pytest.mark.parametrize(
    ("path", "wanted"), [("", ""), ("title", "/title"), ("[0].text", "/0/text"), ("jobs[2].lists[1].content", "/jobs/2/lists/1/content")]
)
def test_paths_as_pointers(path: str, wanted: str) -> None:
    assert pointer(path) == wanted


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "line 1"),
        (b"<source><job>", "not well-formed"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><source>&b;</source>', "document type"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><source/>', "document type"),
        (b"<source>" + b"<a>" * 100_000, "32 deep"),
        (b"<?xml version='1.0' encoding='no-such'?><source/>", "UTF-8"),
        (b"<source><job><title>\xff</title></job></source>", "not well-formed"),
    ],
)
def test_hostile_xml_is_refused(client: TestClient, body: bytes, words: str) -> None:
    answer = client.post("/v1/score/batch", content=body, headers={"content-type": "application/xml"})
    assert answer.status_code == 400 and words in answer.json()["detail"]
    assert "passwd" not in answer.text


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("<p>Typist</p>", "no_job_in_page"),
        ('<script type="application/ld+json">{</script>', "no_job_in_page"),
        ('<script type="application/ld+json">{"title": "a"}', "no_job_in_page"),
        ("<script" * 50_000, "no_job_in_page"),
        ('<script type="application/ld+json">{"@type": "Organization"}</script>', "unknown_format"),
    ],
)
def test_pages_without_a_job_are_refused(client: TestClient, page: str, kind: str) -> None:
    answer = client.post("/v1/score", content=page, headers={"content-type": "text/html"})
    assert answer.status_code == 422 and answer.json()["type"].endswith(f"#{kind}")


def test_examples_of_each_format_are_judged(client: TestClient) -> None:
    for example in (jobposting_format.EXAMPLE, greenhouse_format.EXAMPLE, lever_format.EXAMPLE, ashby_format.EXAMPLE):
        check(client.post("/v1/score", json={"job": example}).json(), example)
    for document, media in ((indeed_format.EXAMPLE, "application/xml"), (page_format.EXAMPLE, "text/html")):
        assert client.post("/v1/score", content=document, headers={"content-type": media}).json()["spans"]
