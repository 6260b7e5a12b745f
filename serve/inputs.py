"""From the body of a request to adverts: JSON of ours, a board's own JSON-LD, XML feed or page, plain text, lines of JSON."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from starlette.requests import ClientDisconnect

from model.advert import Advert
from model.errors import AdvertError, LurewatchError
from serve.adapters import indeed, page
from serve.adapters.documents import AUTO, Candidate, candidates
from serve.adapters.formats import Job
from serve.adapters.paths import under
from serve.schemas import MOST_ADVERTS, AdvertIn, BatchRequest, ChoicesIn, Query, QueryOfOne, ScoreRequest

JSON, JSON_LD, TEXT, HTML, XML = "application/json", "application/ld+json", "text/plain", "text/html", ("application/xml", "text/xml")
LINES = ("application/x-ndjson", "application/ndjson", "application/jsonl")
DOCUMENTS = (JSON_LD, HTML, *XML)
READ_BY_ONE, READ_BY_MANY = (JSON, TEXT, *DOCUMENTS), (JSON, *LINES, *DOCUMENTS)
BLANK: Any = ChoicesIn()
"""Of a body that has no room for choices."""
Model = TypeVar("Model", bound=BaseModel)
Asked = TypeVar("Asked", bound=Query)
Mistake = LurewatchError | RequestValidationError


class MediaTypeError(LurewatchError):
    """A body of a kind that we do not read."""

    kind = "unsupported_media_type"


class TooManyError(LurewatchError):
    """A batch of more than MOST_ADVERTS ads."""

    kind = "too_many_adverts"


class NumberOfJobsError(AdvertError):
    """A document of no job, or of several where one is asked for."""

    kind = "number_of_jobs"


@dataclass(frozen=True, slots=True)
class Item:
    """One ad of a request, or what is wrong with it. id: the caller's, or the job's own. language: as the caller knows it."""

    id: Any
    advert: Advert | Mistake
    language: str | None = None


def media_of(request: Request) -> str:
    """The content type of a request without its parameters; JSON where it tells none, as any `+json` that we know no better."""
    given = next((value for name, value in request.scope["headers"] if name == b"content-type"), None)
    if given is None or given == b"application/json":
        return JSON
    media = given.decode("latin-1").partition(";")[0].strip().lower()
    return JSON if media.endswith("+json") and media != JSON_LD else media


async def body_of(request: Request) -> bytes:
    """The whole body. Raises ClientDisconnect where the caller goes before its end."""
    pieces, more = [], True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        pieces.append(message.get("body", b""))
        more = message.get("more_body", False)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def query_of(request: Request, model: type[Asked]) -> Asked | None:
    """The choices in the query, None where it is empty. Raises RequestValidationError."""
    if not request.scope["query_string"]:
        return None
    try:
        return model.model_validate(dict(request.query_params))
    except ValidationError as e:
        raise invalid(e, None, ("query",)) from e


def one(media: str, body: bytes, query: QueryOfOne | None) -> tuple[Job, ChoicesIn]:
    """The one ad of a request, with its choices. Raises RequestValidationError, LurewatchError."""
    if media == JSON:
        request = checked(ScoreRequest, body)
        return job_of(request), request
    if media == TEXT:
        job = Job(None, Advert.from_text(decoded(body)))
    elif media in DOCUMENTS:
        job = only(document(media, body)).read()
    else:
        raise unread(media, READ_BY_ONE)
    return (job if query is None or query.id is None else Job(query.id, job.advert)), BLANK


def many(media: str, body: bytes) -> tuple[list[Item], ChoicesIn]:
    """The ads of a batch in order, with their choices. Raises RequestValidationError, LurewatchError where the whole cannot be read."""
    if media == JSON:
        request = checked(BatchRequest, body)
        if (request.adverts is None) == (request.feed is None):
            raise AdvertError("expected either `adverts` or `feed`, found both or none of them.", "")
        if request.feed is not None:
            return jobs_of(candidates(request.feed, request.format or AUTO), "feed"), request
        return [item_of(raw, {"adverts": {i: raw}}, i) for i, raw in enumerate(few(request.adverts or []))], request
    if media in LINES:
        return [line_of(line) for line in few([line for line in body.split(b"\n") if line.strip()])], BLANK
    if media in DOCUMENTS:
        return jobs_of(document(media, body), ""), BLANK
    raise unread(media, READ_BY_MANY)


def document(media: str, body: bytes) -> list[Candidate]:
    """What may be jobs in a board's own document. Raises RequestValidationError where it is no JSON, AdvertError where no XML or page."""
    if media == JSON_LD:
        value = parsed(body)
        if not isinstance(value, dict | list):
            raise AdvertError(f"expected an object or a list, found {type(value).__name__}.", "")
        return candidates(value)
    return page.jobs(body) if media == HTML else indeed.jobs(body)


def job_of(request: AdvertIn) -> Job:
    """The advert of one JSON object of ours. Raises AdvertError."""
    given = [name for name in ("text", "posting", "job") if getattr(request, name) is not None]
    if len(given) != 1:
        raise AdvertError(f"expected one of `text`, `posting` and `job`, found {' and '.join(given) or 'none of them'}.", "")
    if request.text is not None:
        return Job(request.id, Advert.from_text(request.text))
    if request.posting is not None:
        with inside("posting"):
            return Job(request.id, Advert.from_posting(request.posting.model_dump(exclude_none=True)))
    with inside("job"):
        job = only(candidates(request.job, request.format or AUTO)).read()
    return job if request.id is None else Job(request.id, job.advert)


def item_of(raw: Any, body: Any, number: int | None = None) -> Item:
    """One ad of `adverts`, by its number, or one line of JSON. body: what holds it, for pointers."""
    try:
        advert_in = raw if isinstance(raw, AdvertIn) else AdvertIn.model_validate(raw)
    except ValidationError as e:
        return Item(id_of(raw), invalid(e, body, ("body",) if number is None else ("body", "adverts", number)))
    try:
        with inside("" if number is None else f"adverts[{number}]"):
            job = job_of(advert_in)
    except AdvertError as e:
        return Item(advert_in.id, e)
    return Item(job.id, job.advert, advert_in.language)


def line_of(line: bytes) -> Item:
    """One line of JSON."""
    try:
        raw = parsed(line)
    except RequestValidationError as e:
        return Item(None, e)
    return item_of(raw, raw)


def jobs_of(found: Sequence[Candidate], place: str) -> list[Item]:
    """The jobs of a document that stands at a place of the body. Raises NumberOfJobsError, TooManyError."""
    if not found:
        raise NumberOfJobsError("the document holds no job.", place)
    return [read(candidate, place) for candidate in few(found)]


def read(candidate: Candidate, place: str) -> Item:
    """One job of a document."""
    try:
        with inside(place):
            job = candidate.read()
        return Item(job.id, job.advert)
    except AdvertError as e:
        return Item(id_of(candidate.value), e)


def only(found: Sequence[Candidate]) -> Candidate:
    """The one job. Raises NumberOfJobsError."""
    if len(found) != 1:
        raise NumberOfJobsError(f"expected one job, found {len(found):,}; many go to /v1/score/batch, a JSON document as `feed`.", "")
    return found[0]


Many = TypeVar("Many", bound=Sequence[Any])


def few(adverts: Many) -> Many:
    """Not too many. Raises TooManyError."""
    if len(adverts) > MOST_ADVERTS:
        raise TooManyError(f"the batch has {len(adverts):,} ads; the limit is {MOST_ADVERTS:,}. Send several batches.", "")
    return adverts


@contextmanager
def inside(place: str) -> Iterator[None]:
    """Errors of what stands at a place of the body name it from the body's root."""
    try:
        yield
    except AdvertError as e:
        e.field = under(place, e.field) if e.field and e.field != place else place
        raise


def checked(model: type[Model], body: bytes) -> Model:
    """The body as a wire model. Raises RequestValidationError."""
    try:
        return model.model_validate_json(body)
    except ValidationError as e:
        raise invalid(e, body) from e


def parsed(body: bytes) -> Any:
    """The value of a JSON document. Raises RequestValidationError."""
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError as e:
        raise RequestValidationError([{"type": "json_invalid", "loc": ("body",), "msg": "", "ctx": {"error": str(e)}}]) from e


def invalid(error: ValidationError, body: Any, place: tuple[str | int, ...] = ("body",)) -> RequestValidationError:
    """pydantic's errors as FastAPI's own, located from the root of the body or query."""
    told = error.errors(include_url=False, include_input=False)
    return RequestValidationError([{**one, "loc": (*place, *one["loc"])} for one in told], body=body)


def decoded(body: bytes) -> str:
    """UTF-8 text. Raises AdvertError."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        raise AdvertError(f"byte {e.start} of the text is not UTF-8; send it as UTF-8.", "") from e


def id_of(raw: Any) -> str | int | None:
    """The caller's id of an ad that cannot be read."""
    name = raw.get("id") if isinstance(raw, dict) else None
    return name if isinstance(name, str) or (isinstance(name, int) and not isinstance(name, bool) and abs(name) < 2**63) else None


def unread(media: str, known: Sequence[str]) -> MediaTypeError:
    """A refusal that tells what is read here."""
    return MediaTypeError(f"content type {media[:60]!r} is not read here; send {', '.join(known)}.")
