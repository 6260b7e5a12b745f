"""The laws of a verdict, over hostile text: offsets, sums, order, neighbours, levels, counterfactual."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.advert import FIELDS, Advert
from model.calibration import logit, probability
from model.classifier import Options, ScamAdClassifier
from model.errors import OptionError
from model.lures import LURE_TYPES, LURES
from model.verdict import Verdict

LURE = "URGENT! Customer service in Thailand, 2000 USD, no experience, free flight and hostel. Telegram @hr_example, leave this week ✈️"
PIECES = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=st.characters(categories=["Cs", "Mn", "Cf", "Co", "So"]), max_size=20),
    st.sampled_from(
        [
            "no experience needed ",
            "fr\u0435e t\u0456ck\u0435t ",
            "t e l e g r a m ",
            "<b>fl</b>ight &amp; v&#105;sa ",
            "招聘 客服 高薪 包食宿 ",
            "зарплата от 3000$ ",
            "งานออนไลน์ ",
            "sa\u0301lary\u200b s4lary ",
            "passport kept until the contract ends ",
            "a" * 300,
        ]
    ),
)
TEXTS = st.lists(PIECES, min_size=1, max_size=8).map("".join).filter(lambda text: text.strip() != "")
ADVERTS = st.one_of(
    TEXTS.map(Advert.from_text), st.dictionaries(st.sampled_from(FIELDS), TEXTS, min_size=1, max_size=4).map(Advert.from_posting)
)


def check(advert: Advert, verdict: Verdict) -> None:
    fields = dict(advert.parts)
    for span in verdict.spans:
        assert fields[span.field][span.start : span.end] == span.text
        assert span.lure is None or (span.lure in LURES and span.contribution > 0)
    total = verdict.baseline + math.fsum(s.contribution for s in verdict.spans) + math.fsum(o.contribution for o in verdict.other)
    assert abs(total - verdict.log_odds) < 1e-9
    assert verdict.probability == probability(verdict.log_odds)
    sizes = [abs(s.contribution) for s in verdict.spans]
    assert sizes == sorted(sizes, reverse=True)
    for note in verdict.normalised:
        assert 0 <= note["start"] < note["end"] <= len(fields[note["field"]])


@given(ADVERTS)
def test_laws_of_a_verdict(classifier: ScamAdClassifier, advert: Advert) -> None:
    check(advert, classifier.judge(advert))


@given(st.lists(ADVERTS, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_batch_order_and_neighbours_do_not_matter(classifier: ScamAdClassifier, adverts: list[Advert], random: object) -> None:
    alone = [classifier.judge(advert) for advert in adverts]
    assert list(classifier.judge_many(adverts)) == alone
    order = list(range(len(adverts)))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert list(classifier.judge_many([adverts[i] for i in order])) == [alone[i] for i in order]


def test_scores_are_those_of_the_verdicts(classifier: ScamAdClassifier) -> None:
    adverts = [Advert.from_text(LURE), Advert.from_text("Shop assistant in Leeds, 20 hours a week, till and shelves.")]
    scores = classifier.log_odds(adverts)
    told = [v.log_odds - logit(v.prior) for v in classifier.judge_many(adverts)]
    assert scores == pytest.approx(told, abs=1e-9)


def test_a_plain_lure_warns_and_says_why(classifier: ScamAdClassifier) -> None:
    verdict = classifier.judge(Advert.from_text(LURE))
    assert verdict.level in ("caution", "warning")
    assert {"low_bar", "private_channel"} & {reason.lure for reason in verdict.lures}
    assert all(reason.why and reason.questions and reason.sources for reason in verdict.lures)
    assert verdict.advice[-1]["id"] == "not_a_clearance"
    assert set(dict(verdict.lure_types)) <= set(LURE_TYPES)


def test_the_counterfactual_lowers_the_level(classifier: ScamAdClassifier) -> None:
    verdict = classifier.judge(Advert.from_text(LURE))
    assert verdict.counterfactual is not None
    left = verdict.log_odds - math.fsum(verdict.spans[i].contribution for i in verdict.counterfactual.spans)
    assert verdict.counterfactual.probability == pytest.approx(probability(left), abs=1e-9)
    assert verdict.counterfactual.level != verdict.level


def test_an_honest_ad_is_quiet_but_not_cleared(classifier: ScamAdClassifier) -> None:
    verdict = classifier.judge(
        Advert.from_text("Shop assistant in Leeds, 20 hours a week, till and shelves, £11.44 an hour, interview in store.")
    )
    assert verdict.level == "none"
    assert verdict.counterfactual is None
    assert [step["id"] for step in verdict.advice] == ["not_a_clearance"]


@pytest.mark.parametrize("prior", [0.001, 0.01, 0.2, 0.9])
def test_the_prior_shifts_the_log_odds_exactly(classifier: ScamAdClassifier, prior: float) -> None:
    advert = Advert.from_text(LURE)
    base = classifier.judge(advert)
    moved = classifier.judge(advert, Options(prior=prior))
    assert moved.log_odds - base.log_odds == pytest.approx(logit(prior) - logit(base.prior), abs=1e-9)
    assert moved.spans == base.spans


@pytest.mark.parametrize("prior", [0, 1, -1, 2, float("nan")])
def test_a_prior_out_of_range_is_told(classifier: ScamAdClassifier, prior: float) -> None:
    with pytest.raises(OptionError, match="prior must be a share"):
        classifier.judge(Advert.from_text("a"), Options(prior=prior))


def test_thresholds_are_the_callers_to_choose(classifier: ScamAdClassifier) -> None:
    advert = Advert.from_text(LURE)
    assert classifier.judge(advert, Options(thresholds={"caution": 0.9999, "warning": 0.99999})).level == "none"
    assert classifier.judge(advert, Options(thresholds={"caution": 1e-6, "warning": 2e-6})).level == "warning"
    with pytest.raises(OptionError, match="0 < caution <= warning < 1"):
        classifier.judge(advert, Options(thresholds={"caution": 0.9, "warning": 0.1}))
    with pytest.raises(OptionError, match="unknown name"):
        classifier.judge(advert, Options(thresholds={"alarm": 0.9}))


@pytest.mark.parametrize(
    "text",
    [
        "\0" * 1000 + "job",
        "\ud800 job \udfff",
        "\u202e" * 500 + "job",
        "a" + "\u0301" * 100_000,
        "<b>" * 20_000 + "job",
        "&" * 50_000 + "job",
        "." * 100_000 + "a",
        "1 " * 90_000,
        "@a.com" * 30_000,
        "₩$€" * 50_000,
    ],
)
def test_hostile_texts_are_judged_in_time(classifier: ScamAdClassifier, text: str) -> None:
    advert = Advert.from_text(text[:200_000])
    check(advert, classifier.judge(advert))


def test_reasons_come_in_the_asked_language_where_we_have_it(classifier: ScamAdClassifier) -> None:
    english = classifier.judge(Advert.from_text(LURE), Options(language="en"))
    unknown = classifier.judge(Advert.from_text(LURE), Options(language="xx"))
    assert [r.title for r in english.lures] == [r.title for r in unknown.lures]
    assert unknown.language == "xx"


def test_a_verdict_tells_what_was_not_checked(classifier: ScamAdClassifier) -> None:
    def unchecked(text: str) -> list[str]:
        return list(classifier.judge(Advert.from_text(text)).limits["unchecked"])

    assert unchecked("Baker wanted in Leeds, night shifts, good pay for the trade.") == ["employer"]
    assert unchecked("Baker wanted, see https://bakery.example or write to @baker_00") == ["employer", "links", "contacts"]
    assert "language" in unchecked("Hledáme pekaře na noční směny do malé pekárny v centru Brna, nástup podle dohody.")
