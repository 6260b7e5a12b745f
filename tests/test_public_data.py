"""The shipped model over public data: the verdict contract on real ads, and the policy on honest boards. Skipped without LUREWATCH_DATA."""

import math
from pathlib import Path

from model.classifier import ScamAdClassifier
from training.rows import adverts
from training.sources import listed, read

EVERY = 25


def test_contract_and_policy_on_real_ads(classifier: ScamAdClassifier, public_data: Path) -> None:
    by_source = {source.name: read(source, public_data).rows[::EVERY] for source in listed()}
    for rows in by_source.values():
        for row, verdict in zip(rows, classifier.judge_many(adverts(rows)), strict=True):
            fields = dict(row.advert.parts)
            assert all(fields[s.field][s.start : s.end] == s.text for s in verdict.spans)
            total = verdict.baseline + math.fsum(s.contribution for s in verdict.spans) + math.fsum(o.contribution for o in verdict.other)
            assert abs(total - verdict.log_odds) < 1e-9
    levels = [v.level for v in classifier.judge_many(adverts(by_source["boards"]))]
    assert levels.count("warning") / len(levels) <= 0.01
    assert 1 - levels.count("none") / len(levels) <= 0.05
