"""A web page of a job: what its `<script type="application/ld+json">` elements hold.

The scripts are found by searching bytes, in time linear in the page; nothing else of the page is looked at. A place in the first such
script begins with `script[0]`.
"""

from collections.abc import Iterator

from pydantic_core import from_json

from model.errors import AdvertError
from serve.adapters.documents import Candidate, candidates

EXAMPLE = """<html><head><title>Typist</title>
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "JobPosting", "title": "Typist",
 "description": "<p>Free flight to Bangkok, no experience needed.</p>", "hiringOrganization": {"name": "Example Hotels"}}</script>
</head><body><h1>Typist</h1></body></html>
"""
OPENING, CLOSING, KIND = b"<script", b"</script", b"application/ld+json"


class PageError(AdvertError):
    """A page without any JSON-LD that can be read."""

    kind = "no_job_in_page"


def jobs(page: bytes) -> list[Candidate]:
    """What may be jobs in the scripts of a page, in order. Raises PageError where there is no JSON-LD."""
    documents: list[object] = []
    for script in scripts(page):
        try:
            documents.append(from_json(script, allow_inf_nan=False))
        except ValueError:
            documents.append(None)
    if not any(document is not None for document in documents):
        told = "none of its `application/ld+json` scripts is JSON" if documents else 'it has no `<script type="application/ld+json">`'
        raise PageError(f"no job can be read from this page: {told}. Send the job's JSON as `job`, or its text as `text`.")
    return [one for one in candidates(documents, at="script") if one.value is not None]


def scripts(page: bytes) -> Iterator[bytes]:
    """What stands inside the JSON-LD scripts of a page."""
    lower = page.lower()
    at = lower.find(OPENING)
    while at >= 0:
        begin = lower.find(b">", at) + 1
        end = lower.find(CLOSING, begin)
        if not begin or end < 0:
            return
        if KIND in lower[at:begin]:
            yield page[begin:end]
        at = lower.find(OPENING, end)
