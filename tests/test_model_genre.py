"""What reads like a report is held back, by a named share of an exact sum."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.advert import Advert
from model.artefact import Artefact
from model.classifier import ScamAdClassifier
from model.cues import PLACED
from model.genre import REPORT, held_back

LOG_ODDS = st.floats(-30, 30)
NEWS = (
    "Police said on Tuesday that 40 victims were rescued from a compound in Myawaddy. They told reporters they had answered an ad for a "
    "customer service job with a high salary, free flight and housing, no experience needed, and were told to write on Telegram."
)


@given(LOG_ODDS, LOG_ODDS, LOG_ODDS)
def test_nothing_is_raised_and_nothing_goes_below_the_cap(log_odds: float, reports: float, cap: float) -> None:
    less = float(held_back(np.array([log_odds]), np.array([reports]), cap)[0])
    assert less >= 0
    assert (less == 0) if reports <= 0 or log_odds <= cap else (less > 0)
    assert log_odds - less >= min(log_odds, cap) - 1e-9


@pytest.fixture(scope="module")
def strict() -> ScamAdClassifier:
    """The shipped artefact with a cap that every text exceeds."""
    artefact = Artefact.load()
    genre = replace(artefact.learnt.genre, cap=-100.0)
    return ScamAdClassifier(replace(artefact, learnt=replace(artefact.learnt, genre=genre)))


def test_what_is_held_back_is_told_by_name_and_the_sum_stays_exact(strict: ScamAdClassifier) -> None:
    verdict = strict.judge(Advert.from_text(NEWS))
    told = {other.cue: other.contribution for other in verdict.other}
    assert told[REPORT] < 0
    total = verdict.baseline + math.fsum(s.contribution for s in verdict.spans) + math.fsum(told.values())
    assert total == pytest.approx(verdict.log_odds, abs=1e-9)


def test_an_advert_is_not_held_back(strict: ScamAdClassifier) -> None:
    ad = "Customer service abroad, high salary, no experience, free flight and housing. Write on Telegram, leave this week!"
    assert REPORT not in {other.cue for other in strict.judge(Advert.from_text(ad)).other}


def test_the_kernel_adds_up_what_the_weights_say(strict: ScamAdClassifier) -> None:
    """All weight on one cue and none on phrases: the log-odds of a report are that cue's."""
    learnt = strict.artefact.learnt
    cue = np.zeros(len(PLACED))
    cue[PLACED.index("context:reporting")] = 0.5
    genre = replace(learnt.genre, phrase=np.zeros(len(learnt.phrase)), cue=cue, baseline=0.0, cap=-100.0)
    classifier = ScamAdClassifier(replace(strict.artefact, learnt=replace(learnt, genre=genre)))
    held = {other.cue: other.contribution for other in classifier.judge(Advert.from_text(NEWS)).other}
    assert held[REPORT] == pytest.approx(-2.0 * 0.5)


def test_a_report_is_no_warning() -> None:
    assert ScamAdClassifier.load().judge(Advert.from_text(NEWS)).level == "none"
