"""What people are told about lures and what to do next, in the advert's language where the seeds have it, else in English."""

from collections.abc import Mapping
from typing import Any

from model.knowledge import Knowledge
from model.verdict import LureReason

FALLBACK = "en"
MOST_STEPS = 6


class Adviser:
    """Looks up texts. Reads only."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._texts = knowledge.texts
        self._lures = knowledge.lures
        self._order: Mapping[str, list[str]] = knowledge.step_choice

    def text(self, language: str) -> Mapping[str, Any]:
        """All texts of a language, English where it is not spoken here."""
        found: Mapping[str, Any] = self._texts.get(language) or self._texts[FALLBACK]
        return found

    def reason(self, lure: str, language: str, contribution: float, spans: tuple[int, ...]) -> LureReason:
        """Why a lure matters."""
        told = self.text(language)["lures"][lure]
        return LureReason(
            lure, told["title"], contribution, told["why"], tuple(told["questions"]), tuple(self._lures[lure]["sources"]), spans
        )

    def steps(self, language: str, level: str, lure_type: str | None) -> tuple[Mapping[str, Any], ...]:
        """Next steps, those for the likeliest lure type first; always the reminder that a low score is no clearance."""
        texts = self.text(language)
        reminder = {"id": "not_a_clearance", "text": texts["not_a_clearance"]}
        if level == "none":
            return (reminder,)
        steps = {step["id"]: step for step in texts["steps"]}
        order = [*self._order.get(lure_type or "", ()), *steps]
        chosen = list(dict.fromkeys(i for i in order if i in steps))[:MOST_STEPS]
        return (*({"id": i, "text": steps[i]["text"]} for i in chosen), reminder)
