"""Judges one advert: normalising, finding cues, adding them up, explaining. Read `docs/design.md` first."""
