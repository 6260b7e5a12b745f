"""Words in quotation marks: where each stretch opens."""

from collections.abc import Mapping

import pytest

from model.advert import Advert
from model.normalise import Normaliser
from model.quotes import quoted


def opening(normaliser: Normaliser, *adverts: Advert) -> list[str]:
    """The callers' own words with which the quoted stretches of a batch open."""
    n, out = normaliser(adverts), []
    for first, last in quoted(n).tolist():
        field = int(n.tokens.field[first])
        a, b = int(n.chars.start[n.tokens.first[first]]), n.chars.end(int(n.tokens.last[last]))
        out.append(n.sheet.texts[field][a - int(n.sheet.starts[field]) : b - int(n.sheet.starts[field])])
    return out


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('Police say the post read "free flight and room" and no more.', ["free flight"]),
        ("They wrote “no experience needed” and “leave this week” to him last spring, he told the court.", ["no experience", "leave this"]),
        ("Он написал: «билет за наш счёт», а потом пропал на два месяца, говорит мать.", ["билет за"]),
        ("受害人說對方在群組寫「包機票包吃住」之後就再也沒有回覆任何訊息。", ["包機"]),
        ('The advert promised "$900 a week", said the embassy in its notice.', ["$900"]),
        ('Two rooms with a 15" screen each and a 24" screen in the hall.', []),
        ('A 27" screen stood there; "easy money for you" was all they said.', ["easy money"]),
        ('"Typist wanted in Thailand, free flight, write on Telegram"', []),
        ('Our motto: "quality" since 1990, and "care" for all.', []),
        ('An open " mark that nobody closes in this text at all', []),
        ("It's the boss's phone, and the others' rooms aren't free.", []),
        ('"' + "word " * 200 + '" is longer than any quotation', []),
    ],
)
def test_stretches_between_marks(normaliser: Normaliser, text: str, found: list[str]) -> None:
    assert opening(normaliser, Advert.from_text(text)) == found


@pytest.mark.parametrize(
    "markup", ["He read &quot;free flight today&quot; to us.", "<p>He read <b>&ldquo;free flight today&rdquo;</b> to us.</p>"]
)
def test_marks_written_as_entities(normaliser: Normaliser, markup: str) -> None:
    assert opening(normaliser, Advert.from_text(markup)) == ["free flight"]


def test_no_stretch_reaches_over_the_border_of_a_field(normaliser: Normaliser) -> None:
    fields: Mapping[str, str] = {"title": 'One mark " here', "description": 'and another " there, both alone in their fields'}
    assert opening(normaliser, Advert.from_posting(fields), Advert.from_text('next " advert')) == []
