"""One verdict of a moderator as it is kept, and what can go wrong with keeping it."""

from dataclasses import dataclass

from model.errors import LurewatchError


@dataclass(frozen=True)
class Entry:
    """A moderator's verdict on an ad. written_at: seconds since 1970. written_by: name of the key, empty where none was needed.

    idempotency_key: the caller's; the same one never brings two rows. digest: SHA-256 of what was sent. ad_id: the board's id of the ad.
    label: lure or honest. advert: JSON in ASCII of the ad's `text` or `posting`, None unless its keeping was consented to.
    """

    feedback_id: str
    written_at: int
    written_by: str
    idempotency_key: str | None
    digest: str
    ad_id: str
    label: str
    lure_type: str | None
    reviewer: str | None
    language: str | None
    advert: str | None


class StoreDownError(LurewatchError):
    """The database does not answer, or refuses. retry_after: seconds."""

    kind = "store_down"
    retry_after = 10


class ConflictError(LurewatchError):
    """The same idempotency key came with other content."""

    kind = "idempotency_conflict"
