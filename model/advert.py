"""An advert as it comes in: one text, or the fields of a posting. What is not provided is no evidence."""

from collections.abc import Mapping
from dataclasses import dataclass

from model.errors import AdvertError, AdvertTooLargeError

FIELDS = ("title", "company", "company_profile", "location", "salary", "description", "requirements", "benefits")
"""Fields of a posting, in the order in which they are read."""
MAX_CHARACTERS = 200_000
"""Limit on one advert, in code points over all its fields."""


@dataclass(frozen=True)
class Advert:
    """Field name and text, in reading order; plain text is the single field `text`. A field that is absent was not provided.

    Names are free: `serve.adapters` names each part by its path in the caller's own object. composed: names of parts that were put into
    words from the caller's numbers (a salary object, say); they are judged, but no span stands on them.
    """

    parts: tuple[tuple[str, str], ...]
    composed: frozenset[str] = frozenset()

    @classmethod
    def from_text(cls, text: object) -> "Advert":
        """Plain text. Raises AdvertError where it is no string, blank or too long."""
        return cls.checked((("text", text),))

    @classmethod
    def from_posting(cls, posting: object) -> "Advert":
        """Fields of a posting; None means not provided. Raises AdvertError on unknown fields, wrong types, blank or too long."""
        if not isinstance(posting, Mapping):
            raise AdvertError(f"posting must be an object of text fields, not {type(posting).__name__}.", "posting")
        unknown = sorted(str(k) for k in posting if k not in FIELDS)
        if unknown:
            raise AdvertError(f"posting has an unknown field {unknown[0][:60]!r}; known are {', '.join(FIELDS)}.", "posting")
        return cls.checked(tuple((name, posting[name]) for name in FIELDS if posting.get(name) is not None))

    @classmethod
    def from_record(cls, record: object) -> "Advert":
        """An object with either `text` or `posting`. Raises AdvertError where it has neither or both."""
        if not isinstance(record, Mapping):
            raise AdvertError(f"expected an object with `text` or `posting`, found {type(record).__name__}.")
        given = [name for name in ("text", "posting") if record.get(name) is not None]
        if len(given) != 1:
            raise AdvertError(f"expected either `text` or `posting`, found {' and '.join(given) or 'neither'}.", "text")
        return cls.from_text(record["text"]) if given == ["text"] else cls.from_posting(record["posting"])

    @classmethod
    def checked(cls, parts: tuple[tuple[str, object], ...], composed: frozenset[str] = frozenset()) -> "Advert":
        """Check types, blankness and length. Raises AdvertError or AdvertTooLargeError, naming the field."""
        texts: list[tuple[str, str]] = []
        for name, value in parts:
            if not isinstance(value, str):
                raise AdvertError(f"{name} must be text, not {type(value).__name__}.", name)
            texts.append((name, value))
        total = sum(len(text) for _, text in texts)
        if total > MAX_CHARACTERS:
            longest = max(texts, key=lambda part: len(part[1]))[0]
            raise AdvertTooLargeError(
                f"the advert has {total:,} characters; the limit is {MAX_CHARACTERS:,}. Send the ad alone, not the page.", longest
            )
        if not any(text.strip() for _, text in texts):
            raise AdvertError("the advert is empty; send its text.", texts[0][0] if texts else "posting")
        return cls(tuple(texts), composed)
