import time

import pytest

from model.advert import Advert
from model.errors import SeedError
from model.ngrams import TokenHashes
from model.normalise import Normalised, Normaliser
from model.patterns import expand
from model.phrases import Matches, Phrase, PhraseFinder, compiled, finder_arrays


def finder_of(normaliser: Normaliser, patterns: list[str]) -> PhraseFinder:
    phrases = [p for p in compiled(patterns) if isinstance(p, Phrase)]
    return PhraseFinder.load(finder_arrays(phrases, normaliser))


def matches_in(finder: PhraseFinder, n: Normalised) -> Matches:
    return finder(TokenHashes.of(n))


def found(normaliser: Normaliser, pattern: str, text: str) -> list[str]:
    n = normaliser([Advert.from_text(text)])
    matches = matches_in(finder_of(normaliser, [pattern]), n)
    return [" ".join(n.token_text(i) for i in range(a, b + 1)) for a, b in zip(matches.first, matches.last, strict=True)]


@pytest.mark.parametrize(
    ("pattern", "text", "wanted"),
    [
        ("no experience", "No experience needed", ["no experience"]),
        ("no experience", "no-EXPERIENCE, fine", ["no experience"]),
        ("no experience", "no inexperienced people", []),
        ("(no|zero) experience", "Zero experience", ["zero experience"]),
        ("free [air] ticket", "free ticket, free air ticket", ["free ticket", "free air ticket"]),
        ("ticket~paid", "ticket will be fully paid", ["ticket will be fully paid"]),
        ("ticket~paid", "ticket that one day will be paid", []),
        ("ticket~paid", "paid ticket", []),
        ("(flight|visa)~(free|paid)", "visa is free", ["visa is free"]),
        ("typing*", "typing, typingspeed, mistyping", ["typing", "typingspeed"]),
        ("*ticket", "eticket", ["eticket"]),
        ("டெபாசிட்*", "டெபாசிட்டை டெபாசிட் டெபாசிடாக", ["டெபாசிட்டை", "டெபாசிட்", "டெபாசிடாக"]),
        ("சாட் பண்*", "சாட் பணம், சாட் பண்ணி", ["சாட் பண்ணி"]),
        ("ටිකට්*", "ටිකටය", ["ටිකටය"]),
        ("包吃住", "公司包 吃-住。", ["包 吃 住"]),
        ("无需~经验", "無需任何經驗", ["无 需 任 何 经 验"]),
        ("$ 500", "$500 a day", ["$ 500"]),
        ("t.me/x", "write t.me/other_one", ["<handle>"]),
    ],
)
def test_pattern_language(normaliser: Normaliser, pattern: str, text: str, wanted: list[str]) -> None:
    assert found(normaliser, pattern, text) == wanted


@pytest.mark.parametrize(
    ("pattern", "words"), [("(a|b", "closing"), ("a)", "unbalanced"), ("(a|[b])", "nested"), ("a~~b", "empty part"), ("|a", None)]
)
def test_malformed_patterns_are_told(pattern: str, words: str | None) -> None:
    if words is None:
        assert expand(pattern)
        return
    with pytest.raises(SeedError, match=words):
        expand(pattern)


def test_too_wide_patterns_are_told() -> None:
    with pytest.raises(SeedError, match="expands to 1000 phrases; at most 256"):
        expand("(a|b|c|d|e|f|g|h|i|j)" * 3)


def test_fields_part_phrases(normaliser: Normaliser) -> None:
    n = normaliser([Advert.from_posting({"title": "free no", "description": "experience ticket"})])
    assert len(matches_in(finder_of(normaliser, ["no experience", "free~ticket"]), n).entry) == 0


def test_a_single_letter_may_not_be_left_open(normaliser: Normaliser) -> None:
    with pytest.raises(SeedError, match="single letter"):
        finder_of(normaliser, ["a* job"])


def test_words_open_inside_longer_ones_in_scripts_with_articles(normaliser: Normaliser) -> None:
    assert found(normaliser, "*عمل*", "والعملاء") == ["والعملاء"]


def test_digits_are_told_apart(normaliser: Normaliser) -> None:
    assert found(normaliser, "18-35 years", "18 - 35 years, 20-40 years") == ["18 35 years"]


def test_repetition_costs_linear_time(normaliser: Normaliser) -> None:
    finder = finder_of(normaliser, ["free~ticket", "ticket~free~ticket", "free* ticket free"])
    spent = []
    for size in (10_000, 40_000):
        n = normaliser([Advert.from_text("free ticket " * (size // 12))])
        matches_in(finder, n)
        start = time.perf_counter()
        matches_in(finder, n)
        spent.append(time.perf_counter() - start)
    assert spent[1] < 12 * spent[0] + 0.05
