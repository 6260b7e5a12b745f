"""Languages of the page, their texts, and which of them a browser asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from serve.page.seedfiles import FOLDER, read_yaml

FALLBACK = "en"
ALIKE = {"fil": "tl", "in": "id", "yue": "zh", "nan": "zh"}
"""Tags that browsers send for languages that we name otherwise."""
MOST_TAGS = 20


@dataclass(frozen=True)
class Words:
    """Interface texts of one language by key, names of countries in it, and which way it is written (`ltr`, `rtl`)."""

    language: str
    direction: str
    texts: Mapping[str, str]
    countries: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.texts[key]


@dataclass(frozen=True)
class Languages:
    """names: each language's own name by code, in the order in which they are offered. showpieces: ids of written ads.

    Texts are read when first asked for.
    """

    names: Mapping[str, str]
    right_to_left: frozenset[str]
    showpieces: Mapping[str, str]
    _read: dict[str, Words] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "Languages":
        """Read the list of languages."""
        data = read_yaml(FOLDER / "page" / "languages.yaml")
        return cls(data["names"], frozenset(data["right_to_left"]), data["showpieces"])

    def words(self, language: str) -> Words:
        """Texts of a language of `names`."""
        if language not in self._read:
            data: dict[str, Any] = read_yaml(FOLDER / "page" / f"{language}.yaml")
            direction = "rtl" if language in self.right_to_left else "ltr"
            self._read[language] = Words(language, direction, data["texts"], data["countries"])
        return self._read[language]

    def chosen(self, asked: str | None, accepted: str) -> str:
        """The language asked for where we have it, else the first that the browser accepts, else English."""
        wanted = [asked or "", *(tag.partition("-")[0] for tag in tags(accepted))]
        codes = (ALIKE.get(code, code) for code in wanted)
        return next((code for code in codes if code in self.names), FALLBACK)


def tags(accepted: str) -> list[str]:
    """Language tags of an Accept-Language header, the most wanted first; what cannot be read counts as little wanted."""
    parts = [part.strip().partition(";q=") for part in accepted.split(",")[:MOST_TAGS]]
    return [tag for tag, _, _ in sorted(parts, key=lambda part: -quality(part[2]))]


def quality(given: str) -> float:
    """How much a tag is wanted, 0 to 1; 1 where nothing is said."""
    try:
        return float(given or 1)
    except ValueError:
        return 0.0


def region(accepted: str) -> str:
    """The country of the first tag that names one, in capitals; empty where none does."""
    found = (part.upper() for tag in tags(accepted) for part in tag.split("-")[1:] if len(part) == 2 and part.isalpha() and part.isascii())
    return next(found, "")
