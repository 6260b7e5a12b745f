"""From a JSON document to its jobs: one job, a board's whole answer (`{"jobs": [...]}`), a list, or a JSON-LD `@graph`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from model.errors import AdvertError
from serve.adapters import ashby, greenhouse, jobposting, lever
from serve.adapters.formats import Format, Job, is_a
from serve.adapters.paths import NONE, Found, References, under

FORMATS = (jobposting.FORMAT, greenhouse.FORMAT, lever.FORMAT, ashby.FORMAT)
AUTO = "auto"
NAMES = (AUTO, *(format_.name for format_ in FORMATS))
CONTAINERS = ("@graph", "jobs")


class UnknownShapeError(AdvertError):
    """An object that is no job of any format that was tried. tried: by name of the format, what the object lacks."""

    kind = "unknown_format"

    def __init__(self, tried: Mapping[str, list[str]], at: str) -> None:
        told = "; ".join(f"{name} (no {', no '.join(lacks)})" for name, lacks in tried.items())
        super().__init__(f"this is no job that we can read. Tried: {told}. Plain fields go into `posting`, plain text into `text`.", at)
        self.tried = tried


@dataclass(frozen=True)
class Candidate:
    """What may be a job of one of these formats: where it stands, and the nodes that its references may mean."""

    at: str
    value: object
    formats: tuple[Format, ...]
    references: References

    def read(self) -> Job:
        """The job, by the first format that fits. Raises UnknownShapeError, AdvertError, AdvertTooLargeError."""
        tried: dict[str, list[str]] = {}
        for format_ in self.formats:
            tried[format_.name] = format_.missing(self.value, self.references)
            if isinstance(self.value, Mapping) and not tried[format_.name]:
                return format_.read(self.value, self.at, self.references)
        raise UnknownShapeError(tried, self.at)


def candidates(document: object, wanted: str = AUTO, at: str = "") -> list[Candidate]:
    """What may be jobs, in order; `wanted` is one of NAMES.

    JSON-LD nodes of other kinds (an Organization, say) are left out where there is a JobPosting.
    """
    formats = tuple(format_ for format_ in FORMATS if wanted in (AUTO, format_.name))
    found = [Candidate(place, value, formats, references) for place, value, references in opened(at, document, NONE)]
    typed = any(is_a(one.value, "JobPosting") for one in found)
    return [one for one in found if not typed or is_a(one.value, "JobPosting") or not has_type(one.value)]


def opened(at: str, value: object, references: References) -> Iterator[tuple[str, object, References]]:
    """Go into lists and containers."""
    inside = next((key for key in CONTAINERS if isinstance(value, Mapping) and isinstance(value.get(key), list)), None)
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from opened(f"{at}[{i}]", item, references)
    elif inside and isinstance(value, Mapping):
        place, held = under(at, inside), value[inside]
        yield from opened(place, held, nodes(place, held) if inside == "@graph" else references)
    else:
        yield at, value, references


def nodes(at: str, graph: list[object]) -> dict[str, Found]:
    """The nodes of a graph by their `@id`."""
    places = ((f"{at}[{i}]", node) for i, node in enumerate(graph))
    return {node["@id"]: (place, node) for place, node in places if isinstance(node, Mapping) and isinstance(node.get("@id"), str)}


def has_type(value: object) -> bool:
    """Whether this is a JSON-LD object that tells its kind."""
    return isinstance(value, Mapping) and "@type" in value
