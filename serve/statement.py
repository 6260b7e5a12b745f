"""Material for the statement of reasons that the EU's Digital Services Act asks of platforms (Regulation (EU) 2022/2065, Article 17).

It gives what Article 17(3)(b) and (c) ask about facts, circumstances and automated means. The decision, its ground and the ways to contest
it are a person's to state.
"""

from collections.abc import Mapping
from typing import Any

DECIDES_NOTHING = (
    "This decides nothing and restricts nothing. Phrases fit reported patterns; they do not show that the ad is unlawful or breaks your "
    "terms. A person looks at the ad and decides."
)
LEFT_TO_YOU = (
    "the restriction, its territorial scope and its duration (Art. 17(3)(a))",
    "whether you acted on a notice under Art. 16 or on your own initiative (Art. 17(3)(b))",
    "whether the decision itself was taken by automated means (Art. 17(3)(c))",
    "the legal ground, or the clause of your terms and conditions, and why the ad falls under it (Art. 17(3)(d) and (e))",
    "how to contest it: internal complaints, out-of-court settlement, courts (Art. 17(3)(f))",
)


def statement(verdict: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a JSON verdict, offsets as in it, gives a statement of reasons; None where the level is `none`: there is nothing to state."""
    if verdict["level"] == "none":
        return None
    titles = {lure["lure"]: lure["title"] for lure in verdict["lures"]}
    kept = [span for span in verdict["spans"] if span["contribution"] > 0]
    phrases = [
        {**{key: span[key] for key in ("field", "start", "end", "text", "lure")}, "title": titles.get(span["lure"])} for span in kept
    ]
    return {
        "decides_nothing": DECIDES_NOTHING,
        "facts": facts(verdict, phrases),
        "automated_detection": True,
        "automated_decision": None,
        "phrases": phrases,
        "left_to_you": list(LEFT_TO_YOU),
    }


def facts(verdict: Mapping[str, Any], phrases: list[dict[str, Any]]) -> str:
    """The facts and circumstances in sentences."""
    model, limits = verdict["model"], verdict["limits"]
    named = "; ".join(f'"{p["text"]}" in {p["field"]}' + (f" ({p['title']})" if p["title"] else "") for p in phrases)
    relied = f"these phrases, which fit reported patterns: {named}" if named else "no single phrase"
    return (
        f"An automated classifier ({model['name']} {model['version']}, tier {model['tier']}, sha256 {model['sha256']}) read the ad's text. "
        f"It put the probability that the ad carries the lures of a scam at {verdict['probability']:.3f}, taking {verdict['prior']:g} "
        f"of all ads to do so; the level is {verdict['level']} (from {verdict['thresholds'][verdict['level']]:g} on). "
        f"It relied on {relied}. "
        f"It did not check: {', '.join(limits['unchecked'])}."
    )
