"""`/v1/feedback`: a moderator's verdict on an ad, kept, read again, deleted."""

import hashlib
import json
import time
import uuid
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request, Response

from model.advert import Advert
from model.errors import OptionError
from serve.desk import DAY, Desk
from serve.entries import Entry
from serve.feedback_schemas import FeedbackIn, FeedbackOut, at
from serve.gate import Caller
from serve.problems import problem, responses

OnceKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", max_length=128, pattern=r"^[!-~]+$", description="send the same one again and nothing is kept twice"),
]
FeedbackId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="the `feedback_id` of an answer")]


def router(desk: Desk) -> APIRouter:
    """The routes of feedback."""
    routes = APIRouter(tags=["feedback"])

    @routes.post("/v1/feedback", status_code=201, response_model=FeedbackOut, responses=responses(400, 409, 413, 422, 503))
    async def write(sent: FeedbackIn, request: Request, response: Response, idempotency_key: OnceKey = None) -> FeedbackOut:
        """Keep a verdict. Nothing of the ad is kept unless `consent` is true. The answer comes once it is safely written."""
        entry = entry_of(sent, request.scope["caller"], idempotency_key)
        kept = await desk.run(lambda store: store.add(entry))
        response.headers["Location"] = f"/v1/feedback/{kept.feedback_id}"
        response.headers["Cache-Control"] = "no-store"
        return shown(kept, desk.days)

    @routes.get("/v1/feedback/{feedback_id}", response_model=FeedbackOut, responses=responses(404, 422, 503))
    async def read(feedback_id: FeedbackId, request: Request, response: Response) -> FeedbackOut | Response:
        """What is kept under an id: your own, or anyone's with the scope admin."""
        kept = await desk.run(lambda store: store.get(feedback_id, owner(request.scope["caller"])))
        response.headers["Cache-Control"] = "no-store"
        return shown(kept, desk.days) if kept else missing(feedback_id)

    @routes.delete("/v1/feedback/{feedback_id}", status_code=204, response_model=None, responses=responses(404, 422, 503))
    async def forget(feedback_id: FeedbackId, request: Request) -> Response:
        """Delete what is kept under an id: your own, or anyone's with the scope admin."""
        done = await desk.run(lambda store: store.delete(feedback_id, owner(request.scope["caller"])))
        return Response(status_code=204) if done else missing(feedback_id)

    return routes


def owner(caller: Caller) -> str | None:
    """Whose feedback a caller may see; None for everyone's."""
    return None if caller.admin else caller.name


def missing(feedback_id: str) -> Response:
    """404, whether it is not there or another's."""
    return problem(404, "no_feedback", f"no feedback {feedback_id} that this key may see.")


def entry_of(sent: FeedbackIn, caller: Caller, idempotency_key: str | None) -> Entry:
    """What to keep. Raises OptionError and AdvertError."""
    if sent.lure_type and sent.label != "lure":
        raise OptionError(f"lure_type stands with label lure only, found label {sent.label}.", "lure_type")
    content = json.dumps(sent.model_dump(exclude_none=True), sort_keys=True)
    return Entry(
        feedback_id=uuid.uuid4().hex,
        written_at=int(time.time()),
        written_by=caller.name,
        idempotency_key=idempotency_key,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        ad_id=str(sent.id),
        label=sent.label,
        lure_type=sent.lure_type,
        reviewer=sent.reviewer,
        language=sent.language,
        advert=advert_of(sent),
    )


def advert_of(sent: FeedbackIn) -> str | None:
    """The ad as JSON in ASCII, which every database holds whatever its characters. Raises OptionError where consent to it is missing."""
    advert = sent.model_dump(include={"text", "posting"}, exclude_none=True)
    if not advert:
        return None
    if not sent.consent:
        raise OptionError("an ad was sent without consent to keep it; send consent true, or leave text and posting out.", "consent")
    Advert.from_record(advert)
    return json.dumps(advert)


def shown(kept: Entry, days: int) -> FeedbackOut:
    """An entry as it is answered."""
    return FeedbackOut(
        feedback_id=kept.feedback_id,
        written_at=at(kept.written_at),
        kept_until=at(kept.written_at + days * DAY),
        id=kept.ad_id,
        label=kept.label,  # type: ignore[arg-type]  # checked when it came
        lure_type=kept.lure_type,
        reviewer=kept.reviewer,
        language=kept.language,
        consent=kept.advert is not None,
        **{"text": None, "posting": None, **json.loads(kept.advert or "{}")},
    )
