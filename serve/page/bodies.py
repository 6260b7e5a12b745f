"""Official bodies of a reader's country; only those that a source names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from serve.page.seedfiles import FOLDER, read_yaml

DOES = ("licence", "foreign", "report", "help")


class Body(NamedTuple):
    """name: as the body calls itself, in `language`. does: one of DOES. contact: as printed by `source`, may be empty."""

    name: str
    does: str
    source: str
    contact: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Bodies:
    """By country, ISO 3166-1."""

    by_country: Mapping[str, tuple[Body, ...]]

    @classmethod
    def load(cls) -> "Bodies":
        """Read the seeds."""
        data = read_yaml(FOLDER / "bodies.yaml")["bodies"]
        return cls({country: tuple(Body(**entry) for entry in entries) for country, entries in data.items()})

    def of(self, country: str) -> tuple[Body, ...]:
        """Bodies of a country, none where we know of none."""
        return self.by_country.get(country, ())
