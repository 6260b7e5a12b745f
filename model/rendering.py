"""Verdicts and lures as text for a terminal. Presentation only: no weight, no threshold."""

from collections import Counter

from model.knowledge import Knowledge
from model.lures import LURES
from model.verdict import Span, Verdict

BOLD, PLAIN = "\033[1m", "\033[0m"
COLORS = {"none": "\033[32m", "caution": "\033[33m", "warning": "\033[31m"}
MOST_SPANS = 10


def verdict_as_text(verdict: Verdict, color: bool = False) -> str:
    """Level and probability, the phrases by weight, why each lure matters, what would change the level, and next steps."""
    told = f"{verdict.probability:.1%} at a prior of {verdict.prior:.2%}"
    head = f"{verdict.level.upper()}  probability {told} ({verdict.language}, {verdict.model['tier']} tier)"
    lines = [f"{COLORS[verdict.level]}{BOLD}{head}{PLAIN}" if color else head, ""]
    lines += phrase_lines(verdict)
    for reason in verdict.lures:
        lines += [f"  {reason.title} ({reason.lure}, {reason.contribution:+.2f})", f"    {reason.why}"]
        lines += [f"    Ask: {question}" for question in reason.questions]
    if verdict.counterfactual:
        texts = ", ".join(f"“{verdict.spans[i].text}”" for i in verdict.counterfactual.spans[:MOST_SPANS])
        lines += ["", f"Without {texts} the level would be {verdict.counterfactual.level} ({verdict.counterfactual.probability:.1%})."]
    if verdict.normalised:
        lines += ["", disguise_line(verdict)]
    return "\n".join([*lines, "", *(f"- {step['text']}" for step in verdict.advice)])


def disguise_line(verdict: Verdict) -> str:
    """Which disguises were undone."""
    kinds = ", ".join(sorted({str(note["kind"]) for note in verdict.normalised}))
    return f"Disguised wording was undone in {len(verdict.normalised)} places: {kinds}."


def phrase_lines(verdict: Verdict) -> list[str]:
    """The weightiest phrases with their contributions to the log-odds."""
    lines = [phrase_line(span) for span in verdict.spans[:MOST_SPANS]]
    rest = len(verdict.spans) - MOST_SPANS
    return [*lines, *([f"  ... and {rest} fainter ones"] if rest > 0 else []), *([""] if lines else [])]


def phrase_line(span: Span) -> str:
    """One phrase."""
    text = " ".join(span.text.split())
    return f"  {span.contribution:+6.2f}  “{text}”  {span.lure or span.cue} ({span.field} {span.start}-{span.end})"


def lures_as_text(knowledge: Knowledge, language: str) -> str:
    """Every lure with title, reason and number of phrases; English where the language is not there."""
    texts = knowledge.texts.get(language) or knowledge.texts["en"]
    counts = Counter(entry.lure for entry in knowledge.entries)
    blocks = [
        f"{lure}  ({counts[lure]} phrase entries)\n  {texts['lures'][lure]['title']}. {texts['lures'][lure]['why']}" for lure in LURES
    ]
    return "\n".join([*blocks, "", texts["not_a_clearance"]])
