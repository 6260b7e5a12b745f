"""Jobs of Greenhouse's job board API (`content=true`): https://developers.greenhouse.io/job-board.html.

`content` is HTML that is escaped once more; the model undoes both layers and its spans point into the escaped string as it was sent.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from serve.adapters.formats import Format
from serve.adapters.paths import values
from serve.adapters.salary import Salary, number_of

EXAMPLE: dict[str, Any] = {
    "id": 127817,
    "internal_job_id": 144381,
    "title": "Data entry clerk",
    "updated_at": "2026-11-14T10:55:28-05:00",
    "requisition_id": "50",
    "location": {"name": "Remote, Philippines"},
    "absolute_url": "https://boards.greenhouse.example/acme/jobs/127817",
    "company_name": "Acme",
    "content": "&lt;p&gt;No experience needed &amp;amp; weekly pay. A small deposit is refunded.&lt;/p&gt;",
    "pay_input_ranges": [{"min_cents": 5000000, "max_cents": 7500000, "currency_type": "USD", "title": "Pay range", "blurb": ""}],
}


def salaries(job: Mapping[str, Any], at: str) -> Iterator[tuple[str, Salary]]:
    """Pay ranges in cents; they tell no unit of time."""
    for place, told in values(job, "pay_input_ranges", at):
        if isinstance(told, Mapping):
            low, high = (number_of(told.get(key)) for key in ("min_cents", "max_cents"))
            yield place, Salary(low and low / 100, high and high / 100, told.get("currency_type"), None)


FORMAT = Format(
    name="greenhouse",
    needs=("title", "content"),
    id="id",
    salaries=salaries,
    fields={
        "title": ("title",),
        "company": ("company_name",),
        "location": ("location.name|offices.location|offices.name",),
        "salary": ("pay_input_ranges.title,blurb",),
        "description": ("content",),
    },
)
