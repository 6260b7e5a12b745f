"""What a job format is: where each of our fields stands in it, told as data; reading it is the same for all."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from model.advert import FIELDS, Advert
from model.errors import AdvertTooLargeError
from serve.adapters.paths import NONE, References, texts, values
from serve.adapters.salary import Salary, is_words

MOST_PARTS = 500
"""Texts of one job; boards' jobs have up to a few dozen."""
LARGEST_ID = 2**63
Parts = list[tuple[str, str]]
Salaries = Callable[[Mapping[str, Any], str], Iterator[tuple[str, Salary]]]


def no_salaries(_: Mapping[str, Any], __: str) -> Iterator[tuple[str, Salary]]:
    """Of a format that tells pay in words only."""
    return iter(())


@dataclass(frozen=True)
class Job:
    """An advert read from a job, and the job's own id, if it has one."""

    id: str | int | None
    advert: Advert


@dataclass(frozen=True)
class Format:
    """fields: where the texts of each of our fields stand, in reading order; of `a|b` the first that holds any is read.

    needs: paths that must hold a text. id: where the job's own id stands. kind: the `@type` that is needed, if any.
    salaries: salary objects of a job with their places.
    """

    name: str
    fields: Mapping[str, tuple[str, ...]]
    needs: tuple[str, ...]
    id: str
    salaries: Salaries = no_salaries
    kind: str | None = None

    def missing(self, job: object, references: References = NONE) -> list[str]:
        """What keeps an object from being a job of this format; empty where it is one."""
        untyped = [f"@type {self.kind}"] if self.kind and not is_a(job, self.kind) else []
        return untyped + [need.replace("|", " or ") for need in self.needs if not any(texts(job, need, "", references))]

    def read(self, job: Mapping[str, Any], at: str, references: References = NONE) -> Job:
        """The advert of a job that stands at a place. Raises AdvertError, AdvertTooLargeError by path."""
        lines = [(place, line) for place, salary in self.salaries(job, at) if (line := salary.line())]
        found = {name: self._parts(job, name, at, references) for name in FIELDS}
        found["salary"] = [part for part in found["salary"] if not is_told(part, lines)] + lines
        parts = list(chain.from_iterable(found.values()))
        if len(parts) > MOST_PARTS:
            raise AdvertTooLargeError(f"the job has more than {MOST_PARTS} texts; send one job at a time.", at or None)
        return Job(self._id(job, at), Advert.checked(tuple(dict(parts).items()), frozenset(place for place, _ in lines)))

    def _parts(self, job: Mapping[str, Any], field: str, at: str, references: References) -> Parts:
        """Texts of one of our fields with their places, in reading order."""
        found = chain.from_iterable(texts(job, path, at, references) for path in self.fields.get(field, ()))
        return list(islice(found, MOST_PARTS + 1))

    def _id(self, job: Mapping[str, Any], at: str) -> str | int | None:
        """The job's own id; numbers that JSON readers cannot hold as text."""
        for alternative in self.id.split("|"):
            for _, value in values(job, alternative, at):
                if isinstance(value, str | int) and not isinstance(value, bool):
                    return value if isinstance(value, str) or abs(value) < LARGEST_ID else str(value)
        return None


def is_told(part: tuple[str, str], lines: Parts) -> bool:
    """Whether a text is but a number, currency or unit of a salary object of which a line was made."""
    return any(part[0].startswith(place) for place, _ in lines) and not is_words(part[1])


def is_a(job: object, kind: str) -> bool:
    """Whether a JSON-LD object has this `@type`, by name or address, alone or among others."""
    return any(isinstance(name, str) and name.replace(":", "/").rpartition("/")[2] == kind for _, name in values(job, "@type"))
