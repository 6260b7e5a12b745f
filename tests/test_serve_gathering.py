"""Ads that arrive together are judged together, and each caller gets its own verdict."""

import asyncio

import pytest

from model.advert import Advert
from model.classifier import Options, ScamAdClassifier
from model.errors import OptionError
from model.verdict import Verdict
from serve.gathering import Gathering

ADS = [f"Typist number {'x' * i} wanted in Thailand, free flight, {i}00 USD a day, write on Telegram" for i in range(1, 40)]


class Counted(ScamAdClassifier):
    """The real classifier, counting how often it was asked."""

    asked = 0

    def judge_many(self, adverts, options=None):  # type: ignore[no-untyped-def]
        Counted.asked += 1
        return super().judge_many(adverts, options)


@pytest.fixture(scope="module")
def classifier() -> ScamAdClassifier:
    return Counted.load()


async def all_judged(classifier: ScamAdClassifier, asked: list[tuple[str, Options]]) -> list[Verdict | BaseException]:
    gathering = Gathering(classifier)
    return await asyncio.gather(*(gathering.judge(Advert.from_text(text), options) for text, options in asked), return_exceptions=True)


def test_each_gets_its_own_verdict_in_one_go(classifier: ScamAdClassifier) -> None:
    Counted.asked = 0
    found = asyncio.run(all_judged(classifier, [(text, Options()) for text in ADS]))
    assert Counted.asked == 1
    assert found == [classifier.judge(Advert.from_text(text)) for text in ADS]


def test_what_arrives_over_a_few_turns_is_judged_in_one_go(classifier: ScamAdClassifier) -> None:
    gathering = Gathering(classifier)

    async def after(turns: int, text: str) -> Verdict:
        for _ in range(turns):
            await asyncio.sleep(0)
        return await gathering.judge(Advert.from_text(text), Options())

    async def all_after() -> list[Verdict]:
        return await asyncio.gather(*(after(i // 4, text) for i, text in enumerate(ADS[:16])))

    Counted.asked = 0
    found = asyncio.run(all_after())
    assert Counted.asked == 1
    assert found == [classifier.judge(Advert.from_text(text)) for text in ADS[:16]]


def test_nobody_waits_for_company(classifier: ScamAdClassifier) -> None:
    async def turns() -> int:
        judging, passed = asyncio.ensure_future(Gathering(classifier).judge(Advert.from_text(ADS[0]), Options())), 0
        while not judging.done():
            await asyncio.sleep(0)
            passed += 1
        return passed

    assert asyncio.run(turns()) <= 5


def test_options_stay_with_their_ad(classifier: ScamAdClassifier) -> None:
    options = [Options(), Options(prior=0.2), Options(thresholds={"caution": 0.5, "warning": 0.9}), Options(language="th")] * 5
    asked = list(zip(ADS, options, strict=False))
    found = asyncio.run(all_judged(classifier, asked))
    assert found == [classifier.judge(Advert.from_text(text), chosen) for text, chosen in asked]


def test_a_wrong_option_fails_its_own_ad_alone(classifier: ScamAdClassifier) -> None:
    found = asyncio.run(all_judged(classifier, [(ADS[0], Options()), (ADS[1], Options(prior=7.0)), (ADS[2], Options())]))
    assert isinstance(found[1], OptionError)
    assert [type(one) for one in (found[0], found[2])] == [Verdict, Verdict]
