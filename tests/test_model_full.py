"""The full tier with the real encoder: exact sums, exact offsets, independence of neighbours, refusals by name."""

import math
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.advert import Advert
from model.artefact import SHIPPED, write_manifest
from model.classifier import AUTO, FAST, FULL, Options, ScamAdClassifier
from model.encoder import GRAPH, SCORE, TOKENIZER, WINDOW, windows
from model.errors import ArtefactError, OptionError
from model.full import FILES, FOLDER, SETTINGS
from model.genre import REPORT
from model.legible import legible
from model.lures import LURES
from model.normalise import Normaliser
from model.verdict import Verdict

LURE = (
    "Urgent! Customer service in Thailand, 2,000 USD a month, no experience, free flight and room, "
    "tourist visa first. Telegram @hr_example."
)
HOSTILE = st.text(st.characters(codec=None), min_size=1, max_size=300).filter(str.strip)


@pytest.fixture(scope="module")
def whole() -> ScamAdClassifier:
    return ScamAdClassifier.load(tier=FULL)


def check(advert: Advert, verdict: Verdict) -> None:
    fields = dict(advert.parts)
    assert all(fields[s.field][s.start : s.end] == s.text for s in verdict.spans)
    total = verdict.baseline + math.fsum(s.contribution for s in verdict.spans) + math.fsum(o.contribution for o in verdict.other)
    assert abs(total - verdict.log_odds) < 1e-9
    assert all(s.lure is None or s.lure in LURES for s in verdict.spans)


@settings(max_examples=30)
@given(HOSTILE)
def test_sums_and_offsets_are_exact_whatever_comes(whole: ScamAdClassifier, text: str) -> None:
    advert = Advert.from_text(text + " " + LURE[:60])
    verdict = whole.judge(advert, Options(tier=FULL))
    check(advert, verdict)
    assert verdict.model["tier"] == FULL


def test_the_sum_is_that_of_the_graph(whole: ScamAdClassifier) -> None:
    advert, full = Advert.from_text(LURE), whole.full
    assert full
    reading = whole._reader([advert])
    found = full.encoder(reading.normalised, 1)[0]
    fast = whole.log_odds([advert])[0]
    b = full.blend
    wanted = b.fast * fast + b.encoder * (float(found.out[:, SCORE].mean(dtype=np.float64)) - b.neutral) + b.constant
    assert abs(whole.log_odds([advert], FULL)[0] - wanted) < 1e-9


def test_what_reads_like_a_report_is_held_back_by_name(whole: ScamAdClassifier) -> None:
    """Of the whole sum, and still an exact one."""
    news = Advert.from_text(f"Police said on Tuesday that 40 victims were rescued. They told reporters they had answered this ad: “{LURE}”")
    assert whole.full
    plain, strict = (
        ScamAdClassifier(whole.artefact, replace(whole.full, blend=replace(whole.full.blend, cap=-100.0, steepness=steepness)))
        for steepness in (0.0, 1.0)
    )
    free, held = (one.judge(news, Options(tier=FULL)) for one in (plain, strict))
    check(news, held)
    less = {o.cue: o.contribution for o in held.other}[REPORT]
    assert less < 0 and held.log_odds == pytest.approx(free.log_odds + less)
    assert REPORT not in {o.cue for o in free.other}


def test_batch_equals_single_and_neighbours_do_not_matter(whole: ScamAdClassifier) -> None:
    faint = (
        "Shop in Leeds, pay 1,500 GBP a month, apply by WhatsApp.",
        "Urgent: night nurse, Lyon, free room.",
        "No experience? We train bakers.",
    )
    adverts = [Advert.from_text(t) for t in (LURE, "Ship's cook, 2 years at sea.", "招聘客服，包机票，月薪两万", "x", LURE * 12, *faint)]
    together = list(whole.judge_many(adverts, Options(tier=FULL)))
    assert [whole.judge(a, Options(tier=FULL)) for a in adverts] == together
    assert list(whole.judge_many(adverts[::-1], Options(tier=FULL)))[::-1] == together


def test_a_text_without_a_word_is_judged(whole: ScamAdClassifier) -> None:
    for text in ("!!! ... ---", "\u200b\u200b a", "\ud800 \udc00 ,"):
        advert = Advert.from_text(text)
        check(advert, whole.judge(advert, Options(tier=FULL)))


def test_long_texts_are_read_whole_in_windows_and_say_so(whole: ScamAdClassifier) -> None:
    plain = "We repair ships and keep the books of the yard. " * 60
    end = Advert.from_text(plain + LURE)
    verdict = whole.judge(end, Options(tier=FULL))
    assert verdict.limits["windows"] > 1
    assert any(s.start >= len(plain) and s.lure for s in verdict.spans)
    assert "windows" not in whole.judge(Advert.from_text(LURE), Options(tier=FULL)).limits


@given(st.integers(0, 3000))
def test_windows_cover_all_pieces_once(pieces: int) -> None:
    cuts = windows(pieces)
    assert [i for a, b in cuts for i in range(a, b)] == list(range(pieces))
    assert all(0 < b - a <= WINDOW for a, b in cuts)


def test_auto_asks_the_encoder_only_where_in_doubt(whole: ScamAdClassifier) -> None:
    honest = Advert.from_text(
        "Accountant, Leeds. Year-end accounts and tax returns for small firms. Five years of practice and ACCA needed. Office in Park Row, "
        "38 hours a week, pension, interview on site."
    )
    lure = Advert.from_text(LURE)
    quick, slow = whole.judge_many([honest, lure], Options(tier=AUTO))
    assert (quick.model["tier"], slow.model["tier"]) == (FAST, FULL)
    assert quick == whole.judge(honest) and slow == whole.judge(lure, Options(tier=FULL))


def test_the_encoder_reads_what_is_meant(normaliser: Normaliser) -> None:
    texts = ("Frее VISА &amp; tеlegram", "𝐅𝐫𝐞𝐞 v.i.s.a <b>now</b>", "Việt Nam ế", "call 555-0100 00 00\ud800")
    n = normaliser([Advert.from_text(t) for t in texts])
    found = [t.text.rstrip("\n") for t in legible(n, normaliser.tables, len(texts))]
    assert found[0] == "free visa & telegram"
    assert found[1].split() == ["free", "visa", "now"]
    assert found[2] == "việt nam ế"
    assert "\ud800" not in found[3]


def test_every_character_of_the_legible_text_is_one_of_the_normalised(normaliser: Normaliser) -> None:
    n = normaliser([Advert.from_text(LURE), Advert.from_posting({"title": "İstanbul ß", "description": "a &lt;b&gt; c"})])
    made = legible(n, normaliser.tables, 2)
    assert [len(t.text) for t in made] == list(np.diff([*(t.first for t in made), len(n.chars.codes)]))


def test_the_fast_tier_alone_refuses_the_full_one(classifier: ScamAdClassifier) -> None:
    with pytest.raises(OptionError, match="not loaded"):
        classifier.judge(Advert.from_text("a job"), Options(tier=FULL))
    with pytest.raises(OptionError, match="best"):
        classifier.judge(Advert.from_text("a job"), Options(tier="best"))


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "artefact"))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("altered", [True, False])
def test_a_missing_or_altered_file_is_refused_by_name_and_the_fast_tier_goes_on(copied: Path, name: str, altered: bool) -> None:
    file = copied / FOLDER / name
    file.write_bytes(file.read_bytes()[:-1] + b"?") if altered else file.unlink()
    with pytest.raises(ArtefactError, match=name.replace(".", r"\.")):
        ScamAdClassifier.load(copied, FULL)
    assert ScamAdClassifier.load(copied).judge(Advert.from_text(LURE)).model["tier"] == FAST


def test_an_encoder_of_another_fast_tier_is_refused(copied: Path) -> None:
    write_manifest(copied / FOLDER, {"fast": "0" * 64}, FILES)
    with pytest.raises(ArtefactError, match="another fast tier"):
        ScamAdClassifier.load(copied, FULL)


def test_the_encoder_folder_is_small_enough_and_no_pickle() -> None:
    files = {p.name for p in (SHIPPED / FOLDER).iterdir()}
    assert files == {GRAPH, TOKENIZER, SETTINGS, "manifest.json"}
    assert sum(p.stat().st_size for p in (SHIPPED / FOLDER).iterdir()) <= 60e6


def test_entities_are_read_as_what_they_mean(normaliser: Normaliser) -> None:
    plain = "Việc nhẹ Lương cao"
    hidden = "".join(f"&#{ord(c)};" for c in plain)
    texts = [legible(normaliser([Advert.from_text(text)]), normaliser.tables, 1)[0].text.strip() for text in (plain, hidden)]
    assert texts == [plain.lower()] * 2
