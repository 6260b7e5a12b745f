"""Tables of what is undone, then laws over any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.advert import Advert
from model.normalise import Normaliser


def tokens(normaliser: Normaliser, text: str) -> list[str]:
    n = normaliser([Advert((("text", text),))])
    return [n.token_text(i) for i in range(len(n.tokens.first))]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Tuyển Dụng", "tuyen dung"),
        ("ＦＵＬＬ time", "full time"),
        ("𝐰𝐨𝐫𝐤 🅐🅑🅞", "work abo"),
        ("Stra\u00dfe ﬁne", "strasse fine"),
        ("50 ५१ ٥٢", "50 51 52"),
        ("w\u200bo\u200drk", "work"),
        ("sala\u0301rio", "salario"),
        ("s4lary t3legram c@mbod1a", "salary telegram cambodia"),
        ("h1b b2b mp3", "h 1 b b 2 b mp 3"),
        ("T e l e g r a m", "telegram"),
        ("c.a.m.b.o.d.i.a", "cambodia"),
        ("T_e_l_e_g_r_a_m", "telegram"),
        ("U.S.A. plan B", "u s a plan b"),
        ("<p>no</p><b>exp</b>erience &amp; visa", "no experience visa"),
        ("&lt;p&gt;visa&amp;nbsp;free&lt;/p&gt;", "visa free"),
        ("&#115;&#97;lary", "salary"),
        ("1 < 2 and 3 > 2", "1 2 and 3 2"),
        ("sаlаrу", "salary"),
        ("ѕаӏаrу раssроrt", "salary passport"),
        ("работа в США", "работа в сша"),
        ("зaрплaтa", "зарплата"),
        ("𝒸𝒶𝓈𝒾𝓃𝑜", "casino"),
        ("招 聘 高 薪", "招 聘 高 薪"),
        ("高薪招聘 資訊", "高 薪 招 聘 资 讯"),
        ("한국 SNS로", "한 국 sns 로"),
        ("500usd/day", "500 usd day"),
        ("✈️ free", "✈ free"),
        ("write hr@firm.example or +44 7700 900123", "write <email> or <phone>"),
        ("15000-20000 THB, call 98765-43210", "15000 20000 thb call <phone>"),
        ("see https://a.example/b?c=d, www.b.example, t.me/some_one @some_one", "see <url> <url> <handle> <handle>"),
        ("#URL_0123ab# x#PHONE_9f#y #EMAIL#", "<url> x <phone> y <email>"),
        ("pay 15.000.000 or 1,500,000 in 2014-2015", "pay 15 000 000 or 1 500 000 in 2014 2015"),
        ("Node.js and e.g. this.That", "node js and e g this that"),
    ],
)
def test_what_is_folded_and_undone(normaliser: Normaliser, text: str, wanted: str) -> None:
    assert " ".join(tokens(normaliser, text)) == wanted


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("a plain ad", []),
        ("sаlary", ["confusable"]),
        ("sal\u200bary", ["invisible"]),
        ("ကျွန်\u200bတော်", []),
        ("می\u200cخواهم", []),
        ("𝐬alary", ["styled"]),
        ("s a l a r y", ["spaced"]),
        ("s4lary", ["leet"]),
        ("&#115;alary", ["entity"]),
        ("R&amp;D", []),
    ],
)
def test_disguises_are_noted(normaliser: Normaliser, text: str, kinds: list[str]) -> None:
    assert [note.kind for note in normaliser([Advert.from_text(text)]).notes] == kinds


LETTERS = st.one_of(
    st.characters(),
    st.characters(categories=["Cs"]),
    st.sampled_from(
        list("abcdefghijk <>&;#@./:+()0123456789$!\n\t\0\u200b\u202e\u0301\u3099ᄀ가ｶﾞ招ไก้ក្中аеоΑ\ue000\ue00f\U0001f1f0\U0001d41a")
    ),
)
PIECES = st.one_of(
    st.text(LETTERS, max_size=20),
    st.sampled_from(["&amp;", "&#x41;", "<b>", "</p>", "http://", "a@b.example", "T e l e g r a m", "x" * 300]),
)
HOSTILE = st.lists(PIECES, max_size=12).map("".join)


@given(HOSTILE)
def test_every_token_knows_where_it_came_from(normaliser: Normaliser, text: str) -> None:
    n = normaliser([Advert((("text", text),))])
    assert n.sheet.texts == (text,)
    starts = [int(n.chars.start[k]) for k in n.tokens.first]
    ends = [n.chars.end(int(k)) for k in n.tokens.last]
    assert all(0 <= a < b <= len(text) for a, b in zip(starts, ends, strict=True))
    assert starts == sorted(starts)


@given(st.lists(HOSTILE, min_size=2, max_size=5))
def test_neighbours_change_nothing(normaliser: Normaliser, texts: list[str]) -> None:
    assert [tokens(normaliser, text) for text in texts] == batch_tokens(normaliser, texts)


def batch_tokens(normaliser: Normaliser, texts: list[str]) -> list[list[str]]:
    n = normaliser([Advert((("text", text),)) for text in texts])
    out: list[list[str]] = [[] for _ in texts]
    for i, field in enumerate(n.tokens.field):
        out[int(n.sheet.adverts[field])].append(n.token_text(i))
    return out
