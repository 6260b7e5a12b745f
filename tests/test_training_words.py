"""Pieces of words: what is cut, what is learnt from an encoder's vectors, and that the artefact says what was learnt."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers

from model.advert import Advert
from model.artefact import FINDER, KNOWLEDGE, NORMALISER, SHIPPED
from model.classifier import ScamAdClassifier
from model.knowledge import Knowledge
from model.reading import Reader
from model.tables import Tables
from training import corpus
from training.config import Config
from training.data import Data
from training.features import NO_NAMES, ReadAdverts, pieces_in
from training.fit import finished, held_out_both, learn
from training.intake import Intake
from training.metrics import roc_auc
from training.run import Material, gather, only_held, write_artefact
from training.wordpieces import WordPieces, hashes_of, word_pieces
from training.words import NO_WORDS, learn_words

TABLES = Tables.load(SHIPPED / NORMALISER)
KNOWN = Knowledge.load(SHIPPED / KNOWLEDGE, SHIPPED / FINDER)
CONFIG = replace(Config.load(), fewest_groups=1, smallest_weight=1e-6)
GOOD, BAD = ("nurse", "clerk", "baker", "driver"), ("dealer", "chatter", "casino", "crypto")
"""Words whose vectors point opposite ways; of either kind the last is in no text to learn from."""


def base_of(folder: Path, words: Sequence[str], vectors: np.ndarray) -> Path:
    """An encoder's folder as far as words are concerned."""
    folder.mkdir(exist_ok=True)
    pieces = ["<unk>", *words]
    tokenizer = Tokenizer(models.Unigram([(piece, -1.0) for piece in pieces], 0, False))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.save(str(folder / "tokenizer.json"))
    rows = np.concatenate([np.zeros((1, vectors.shape[1])), vectors]).astype(np.float32)
    save_file({"embeddings.word_embeddings.weight": rows}, folder / "model.safetensors")
    return folder


def pieces_with(*texts: str) -> WordPieces:
    return WordPieces(texts, hashes_of(texts), np.eye(len(texts), 8, dtype=np.float32))


def cut(pieces: WordPieces, *texts: str) -> list[str]:
    reading = Reader(TABLES, KNOWN)([Advert.from_text(text) for text in texts])
    return [pieces.texts[row] for row in pieces_in(reading, pieces.table, NO_NAMES)[0].tolist()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Recruiters", ["recruit", "ers"]),
        ("recruit ers", ["recruit", "ers"]),
        ("RECRUÎTERS!", ["recruit", "ers"]),
        ("recruxers", ["re", "c", "ers"]),
        ("500 ers 2nd", ["ers"]),
        ("招聘客服，招聘", ["招聘", "客服", "招聘"]),
        ("招 聘客服", ["客服"]),
        ("", []),
    ],
)
def test_words_are_cut_into_the_longest_pieces_known(text: str, expected: list[str]) -> None:
    assert cut(pieces_with("recruit", "re", "c", "ers", "招聘", "客服"), f"{text} |") == expected


def test_a_piece_stands_at_its_own_token() -> None:
    pieces = pieces_with("ers", "客服")
    reading = Reader(TABLES, KNOWN)([Advert.from_text("recruiters 找客服")])
    n = reading.normalised
    _, first = pieces_in(reading, pieces.table, NO_NAMES)
    assert [n.token_text(i) for i in first.tolist()] == ["recruiters", "客"]


def test_pieces_that_fold_alike_are_one_with_the_mean_of_their_vectors(tmp_path: Path) -> None:
    vectors = np.random.default_rng(0).normal(size=(4, 8))
    found = word_pieces(base_of(tmp_path, ["▁Visa", "visa", "▁job", "፭"], vectors), TABLES)
    assert list(found.texts) == ["visa", "job"]
    scaled = (vectors - vectors.mean(axis=1, keepdims=True)) / vectors.std(axis=1, keepdims=True)
    expected = np.stack([scaled[:2].mean(axis=0), scaled[2]])
    assert np.allclose(found.vectors, expected - expected.mean(axis=0), atol=1e-5)


def record(words: Sequence[str], label: int, number: int) -> dict[str, Any]:
    """A written advert of a few of these words."""
    rng = np.random.default_rng([label, number])
    text = " ".join(["we", "need", "a", *rng.choice(words, 2), "for", str(rng.choice(["today", "monday", "june", "spring"]))])
    kind = "scam" if label else "twin"
    told: dict[str, Any] = {
        "id": f"en-{number}-{kind}",
        "pair": f"en-{number}",
        "text": text,
        "lang": "en",
        "country": "GB",
        "format": "sms",
    }
    told |= {"label": label, "lure_type": "task" if label else None, "difficulty": "plain" if label else None}
    told["spans"] = [{"field": "text", "start": 0, "end": 2, "lure": "task_work"}] if label else []
    return told


RECORDS = [record(words, label, k) for k in range(60) for label, words in ((0, GOOD[:3]), (1, BAD[:3]))]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    axis = np.random.default_rng(1).normal(size=16)
    rest = np.random.default_rng(2).normal(size=(12, 16))
    words = [*GOOD, *BAD, "today", "monday", "june", "spring"]
    side = np.array([-1.0] * 4 + [1.0] * 4 + [0.0] * 4)
    return base_of(tmp_path_factory.mktemp("base"), [f"▁{word}" for word in words], rest + 2 * side[:, None] * axis)


@pytest.fixture(scope="module")
def material(base: Path) -> Material:
    pieces = word_pieces(base, TABLES)
    rows = [corpus.row_of(json.dumps(told), "made") for told in RECORDS]
    step = ReadAdverts(TABLES, KNOWN, pieces.table)
    data = Data.of(rows, step.transform([row.advert for row in rows]), np.zeros(0, np.uint64), CONFIG, pieces)
    return Material(step, data, Intake(rows, [], {}))


def test_what_training_gathers_is_cut_into_the_pieces_that_it_keeps(base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "en.jsonl").write_text("".join(json.dumps(told) + "\n" for told in RECORDS), encoding="utf-8")
    data = gather(replace(CONFIG, corpus=str(folder)), None, tmp_path / "made", lambda _: None, str(base)).data
    assert data.pieces is not None
    assert sorted(data.pieces.texts) == sorted([*GOOD[:3], *BAD[:3], "today", "monday", "june", "spring"])
    for row, found in zip(data.rows, data.found, strict=True):
        assert {data.pieces.texts[i] for i in found.pieces.tolist()} == set(dict(row.advert.parts)["text"].split()) - {
            "we",
            "need",
            "a",
            "for",
        }


def test_words_that_no_text_held_are_told_apart_by_what_the_encoder_knows(material: Material) -> None:
    """Their vectors lie beside those of words that were learnt; but only pieces that were seen carry a weight."""
    data = material.data
    told = learn_words(data, 0)
    assert data.pieces is not None
    weight = dict(zip(data.pieces.texts, told.weights.tolist(), strict=True))
    assert max(weight[word] for word in GOOD[:3]) < 0 < min(weight[word] for word in BAD[:3])
    assert weight[GOOD[3]] == weight[BAD[3]] == 0
    assert roc_auc(data.labels, told.decision_function(data.found)) > 0.95
    assert np.array_equal(told.weights, learn_words(data, 0).weights)


def test_nothing_is_learnt_from_names(material: Material) -> None:
    """Nor from pieces that stand in names alone."""
    found = material.step.transform([row.advert for row in material.data.rows], hashes_of(["casino"]))
    told = learn_words(replace(material.data, found=found), 0)
    assert material.data.pieces is not None
    weight = dict(zip(material.data.pieces.texts, told.weights.tolist(), strict=True))
    assert weight["casino"] == 0 < weight["dealer"]


def test_nothing_is_learnt_without_vectors_or_without_pairs(material: Material) -> None:
    data = material.data
    assert learn_words(replace(data, pieces=None), 0) is NO_WORDS
    assert learn_words(replace(data, parts=np.full(len(data.rows), "boards")), 0) is NO_WORDS


def test_the_artefact_says_what_was_learnt(material: Material, tmp_path: Path) -> None:
    """Also of adverts with words that are cut, that stand twice, and of a batch."""
    found, pieces = only_held(list(material.data.found), material.data.pieces)
    assert pieces is not None and "spring" in pieces.texts and "crypto" not in pieces.texts
    step = ReadAdverts(TABLES, KNOWN, pieces.table)
    data = replace(material.data, found=found, pieces=pieces)
    setting = {"C": 1.0, "cue_scale": 1.0}
    fitted = finished(data, setting, [], held_out_both(data, setting, CONFIG), CONFIG)
    made = write_artefact(replace(material, data=data, step=step), fitted, CONFIG, tmp_path, SHIPPED)
    assert made.manifest["pieces"] == (made.learnt.piece != 0).sum() > 0
    assert "~casino\t" in (tmp_path / "table.tsv").read_text(encoding="utf-8")
    texts = ["casino dealers need a chatter, casino casino", "nurses and clerkships", "CASINO 500", "x", "招聘 casino"]
    adverts = [Advert.from_text(text) for text in texts]
    read = step.transform(adverts)
    scores = np.stack([fitted.pipeline.decision_function(read), fitted.genre.decision_function(read)])
    classifier = ScamAdClassifier(made)
    assert np.abs(fitted.log_odds(scores) - np.array(classifier.log_odds(adverts))).max() < 1e-9
    for verdict in classifier.judge_many(adverts):
        assert (
            abs(
                verdict.log_odds
                - verdict.baseline
                - sum(s.contribution for s in verdict.spans)
                - sum(o.contribution for o in verdict.other)
            )
            < 1e-9
        )


def test_words_tell_more_than_phrases_alone_of_words_never_seen(material: Material) -> None:
    data = material.data
    judging = learn(data, {"C": 1.0, "cue_scale": 1.0}, CONFIG)
    found = material.step.transform([Advert.from_text(text) for text in ("chatter", "clerk")])
    scam, honest = judging.words.decision_function(found)
    assert scam > honest
