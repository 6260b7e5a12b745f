from collections.abc import Mapping
from typing import Any

import pytest

from model.advert import MAX_CHARACTERS, Advert
from model.classifier import ScamAdClassifier
from model.errors import AdvertError, AdvertTooLargeError


def test_text_and_posting_keep_their_fields() -> None:
    assert Advert.from_text("a job").parts == (("text", "a job"),)
    posting = Advert.from_posting({"description": "b", "title": "a", "company": None, "benefits": ""})
    assert posting.parts == (("title", "a"), ("description", "b"), ("benefits", ""))


@pytest.mark.parametrize(
    ("record", "field", "words"),
    [
        ({"text": ""}, "text", "empty"),
        ({"text": " \n\t"}, "text", "empty"),
        ({"text": 5}, "text", "must be text, not int"),
        ({"posting": {"title": ["a"]}}, "title", "must be text, not list"),
        ({"posting": {}}, "posting", "empty"),
        ({"posting": {"Titel": "a"}}, "posting", "unknown field 'Titel'"),
        ({"posting": "a"}, "posting", "must be an object"),
        ({}, "text", "neither"),
        ({"text": "a", "posting": {"title": "a"}}, "text", "text and posting"),
    ],
)
def test_bad_adverts_are_told_by_field(record: Mapping[str, Any], field: str, words: str) -> None:
    with pytest.raises(AdvertError) as e:
        Advert.from_record(record)
    assert e.value.field == field
    assert words in e.value.message


def test_the_limit_is_exact_and_named() -> None:
    assert Advert.from_text("a" * MAX_CHARACTERS)
    with pytest.raises(AdvertTooLargeError, match="200,001 characters; the limit is 200,000"):
        Advert.from_text("a" * (MAX_CHARACTERS + 1))
    with pytest.raises(AdvertTooLargeError) as e:
        Advert.from_posting({"title": "a", "description": "b" * MAX_CHARACTERS})
    assert e.value.field == "description"


def test_no_object_is_refused() -> None:
    with pytest.raises(AdvertError, match="expected an object"):
        Advert.from_record([1])


def test_composed_parts_are_judged_but_bear_no_span(classifier: ScamAdClassifier) -> None:
    words = ("description", "Typist wanted in Bangkok, free flight, write on Telegram @hr_example.")
    told = classifier.judge(Advert((("baseSalary", "9,000 USD per month"), words), frozenset({"baseSalary"})))
    plain = classifier.judge(Advert((("baseSalary", "9,000 USD per month"), words)))
    assert {span.field for span in told.spans} == {"description"}
    assert any(span.field == "baseSalary" for span in plain.spans)
    assert told.other[0].cue == "pay:ratio>=3 in baseSalary" and told.other[0].contribution > 0
    assert told.log_odds == plain.log_odds
    assert told.baseline + sum(s.contribution for s in told.spans) + sum(o.contribution for o in told.other) == pytest.approx(
        told.log_odds, abs=1e-9
    )
