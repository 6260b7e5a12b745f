"""What the full tier's training rests on: the cut vocabulary, examples with their lures, the blend of both tiers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from model.advert import Advert
from model.calibration import DEFAULT_PRIOR, logit
from model.classifier import ScamAdClassifier
from model.encoder import Encoder
from model.lures import LURES
from model.policy import Thresholds
from training import corpus
from training.blend import BIASES, STEEPER, Judged, best_bias, blend_of, cap_of, doubt_of, encoded, f1, sum_of, times_steeper
from training.config import Config
from training.data import Data
from training.examples import IGNORED, NO_LURE, examples
from training.genre import JUST_BELOW
from training.pieces import Cut, cut
from training.rows import Row, Underline

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "a", "b", "c", "▁free", "▁Free", "▁visa", "▁свобода", "ж", "▁שלום", "ש", "▁rare", "<mask>"]


@pytest.fixture
def large() -> Tokenizer:
    made = Tokenizer(models.Unigram([(piece, -float(i)) for i, piece in enumerate(PIECES)], 3, False))
    made.normalizer = normalizers.NFKC()
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    return made


def test_a_cut_vocabulary_keeps_characters_and_what_is_used_first(large: Tokenizer, tmp_path: Path) -> None:
    made = cut(large, ["visa visa free"], 13)
    kept = [PIECES[i] for i in made.kept]
    assert kept[:4] == PIECES[:4]
    assert {"a", "b", "c", "▁", "ж", "ש", "▁visa", "▁free"} <= set(kept)
    assert not {"▁Free", "▁שלום", "<mask>", "▁rare"} & set(kept)
    assert made.tokenizer.encode("visa ж", add_special_tokens=False).tokens == ["▁visa", "▁", "ж"]
    assert made.tokenizer.token_to_id("▁visa") == kept.index("▁visa")
    made.save(tmp_path)
    again = Cut.kept_in(tmp_path)
    assert again and np.array_equal(again.kept, made.kept)
    assert again.tokenizer.to_str() == made.tokenizer.to_str()
    assert Cut.kept_in(tmp_path / "nowhere") is None


@pytest.fixture(scope="module")
def whole() -> ScamAdClassifier:
    return ScamAdClassifier.load(tier="full")


@pytest.fixture(scope="module")
def encoder(whole: ScamAdClassifier) -> Encoder:
    assert whole.full
    return whole.full.encoder


def test_examples_carry_the_lures_of_their_underlined_words(whole: ScamAdClassifier, encoder: Encoder) -> None:
    text = "Office help. Free flight to Poipet, come now."
    advert = Advert.from_posting({"title": "Clerk", "description": text})
    mark = Underline("description", text.index("Free"), text.index(" to "), "all_expenses_paid")
    row = Row("a", advert, 1, "a", "corpus", "corpus:en", "en", lure_type="compound", underlines=(mark,))
    plain = replace(row, source="boards", label=0, lure_type="", underlines=())
    one, other = examples([row, plain], [2.0, 1.0], whole._reader, encoder.splitter)
    told = set(one.lures[0].tolist())
    assert told == {NO_LURE, 1 + LURES.index("all_expenses_paid")}
    at = np.flatnonzero(one.lures[0] > NO_LURE)
    assert np.array_equal(at, np.arange(at[0], at[-1] + 1))
    assert set(other.lures[0].tolist()) == {IGNORED} and other.kind == IGNORED
    assert (one.label, one.weight, other.label) == (1, 2.0, 0)


def test_the_blend_is_learnt_from_both_tiers_and_never_turns_one_round() -> None:
    rows = corpus.read()[:400]
    data = Data.of(rows, [], np.zeros(0, np.uint64), Config.load())
    rng = np.random.default_rng(0)
    good, noise = data.labels * 2.0 + rng.normal(0, 1, len(rows)), rng.normal(0, 1, len(rows))
    never = np.full(len(rows), -1.0)
    blend, thresholds = blend_of(Judged(data, noise, never, good), 0.5, Config.load())
    assert blend.encoder > 1
    assert 0 <= blend.fast < 0.5
    assert blend.lure_bias == 0.5 and 0 < thresholds.caution <= thresholds.warning < 1
    against, _ = blend_of(Judged(data, -good, never, good), 0.5, Config.load())
    assert against.fast == 0.0
    assert blend.cap == pytest.approx(logit(thresholds.caution) - logit(DEFAULT_PRIOR) - JUST_BELOW)


def test_reports_are_held_back_as_far_as_they_are_told_from_scams() -> None:
    rows = corpus.read()[:800]
    data, rng = Data.of(rows, [], np.zeros(0, np.uint64), Config.load()), np.random.default_rng(0)
    reads = np.where(data.parts == "corpus_no_ad", 3.0, -3.0) + rng.normal(0, 1, len(rows))
    alike = np.where(data.parts == "corpus_twin", -1.0, 1.0) + rng.normal(0, 1, len(rows))  # a report scores as scams do
    told, blind = (sum_of(Judged(data, alike, reports, alike)) for reports in (reads, np.full(len(rows), -1.0)))
    assert told.steepness > 1 and blind.steepness == 0
    assert sum_of(Judged(data, alike, -reads, alike)).steepness == 0  # what reads like an advert is never held back
    assert times_steeper(Judged(data, alike, reads, alike), alike, -9.0, 1.0) == 1  # no board ads, so nothing to hold it against
    boards = replace(data, parts=np.where(data.parts == "corpus_twin", "boards", data.parts))
    times = [times_steeper(Judged(boards, alike, reads, alike), 3 * alike, -9.0, steep) for steep in (0.0, 0.2, 1.0, 9.0)]
    assert times[0] == STEEPER[-1] and times[-1] == 1 and times == sorted(times, reverse=True)
    assert cap_of(np.arange(101.0) - 100, Thresholds(0.9, 0.95)) == pytest.approx(-1.0 - JUST_BELOW)


def test_auto_asks_on_a_quarter_of_honest_ads_and_in_languages_not_covered() -> None:
    rows = [row for row in corpus.read() if row.language in ("en", "th")]
    data = Data.of(rows, [], np.zeros(0, np.uint64), Config.load())
    known = np.array([row.language == "en" for row in rows])
    scores = np.where(known, data.labels * 4.0, 0.0) + np.random.default_rng(0).normal(0, 1, len(rows))
    doubt = doubt_of(data, scores, np.arange(len(rows)))
    assert doubt.covered == {"en"}
    assert doubt.holds(doubt.above, "en") and not doubt.holds(doubt.above - 0.1, "en") and doubt.holds(-9.0, "th")


def test_agreement_of_pieces_chooses_the_bias(whole: ScamAdClassifier, encoder: Encoder) -> None:
    assert f1(np.array([True, False]), np.array([True, True])) == pytest.approx(2 / 3)
    scams = [row for row in corpus.read() if row.label][:8]
    chosen = list(examples(scams, [1.0] * 8, whole._reader, encoder.splitter))
    assert best_bias(chosen, encoder) in BIASES


def test_the_encoder_scores_rows_one_by_one(whole: ScamAdClassifier, encoder: Encoder) -> None:
    rows = corpus.read()[:6]
    together = encoded(rows, encoder, whole._reader)
    assert together.tolist() == [float(encoded([row], encoder, whole._reader)[0]) for row in rows]
