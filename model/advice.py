"""What people are told about lures and what to do next, in the advert's language where the seeds have it, else in English."""

from collections.abc import Mapping
from typing import Any

from model.knowledge import Knowledge
from model.lures import LURE_TYPES
from model.verdict import LureReason

FALLBACK = "en"
MOST_STEPS = 6
Steps = tuple[Mapping[str, Any], ...]
Told = tuple[str, str, tuple[str, ...], tuple[str, ...]]
"""Of a lure: title, why it matters, questions to ask, sources."""


class Adviser:
    """Looks up texts, which are put together once for every language and lure type. Reads only."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._reasons = {language: reasons(texts, knowledge.lures) for language, texts in knowledge.texts.items()}
        self._steps = {language: steps(texts, knowledge.step_choice) for language, texts in knowledge.texts.items()}

    def reason(self, lure: str, language: str, contribution: float, spans: tuple[int, ...]) -> LureReason:
        """Why a lure matters."""
        title, why, questions, sources = (self._reasons.get(language) or self._reasons[FALLBACK])[lure]
        return LureReason(lure, title, contribution, why, questions, sources, spans)

    def steps(self, language: str, level: str, lure_type: str | None) -> Steps:
        """Next steps, those for the likeliest lure type first; always the reminder that a low score is no clearance."""
        found = (self._steps.get(language) or self._steps[FALLBACK])[lure_type]
        return found[-1:] if level == "none" else found


def reasons(texts: Mapping[str, Any], lures: Mapping[str, Any]) -> dict[str, Told]:
    """What one language tells of every lure."""
    told = texts["lures"].items()
    return {lure: (of["title"], of["why"], tuple(of["questions"]), tuple(lures[lure]["sources"])) for lure, of in told}


def steps(texts: Mapping[str, Any], choice: Mapping[str, list[str]]) -> dict[str | None, Steps]:
    """The steps of one language for every lure type and for none, the reminder last."""
    known = {step["id"]: {"id": step["id"], "text": step["text"]} for step in texts["steps"]}
    reminder = {"id": "not_a_clearance", "text": texts["not_a_clearance"]}
    out: dict[str | None, Steps] = {}
    for lure_type in (None, *LURE_TYPES):
        order = [*choice.get(lure_type or "", ()), *known]
        out[lure_type] = (*[known[i] for i in dict.fromkeys(order) if i in known][:MOST_STEPS], reminder)
    return out
