"""Postings of Lever's postings API (`mode=json`): https://github.com/lever/postings-api."""

from collections.abc import Iterator, Mapping
from typing import Any

from serve.adapters.formats import Format
from serve.adapters.paths import values
from serve.adapters.salary import Salary

EXAMPLE: dict[str, Any] = {
    "id": "9d2f7a30-3b1c-4f0e-9a55-0d4c8a6f1b22",
    "text": "Live chat operator",
    "categories": {"location": "Sihanoukville", "commitment": "Full-time", "team": "Support", "allLocations": ["Sihanoukville"]},
    "country": "KH",
    "description": "<div>Visa, flight and dormitory are paid for you.</div>",
    "descriptionPlain": "Visa, flight and dormitory are paid for you.",
    "lists": [{"text": "What we ask", "content": "<li>Type 40 words a minute</li><li>Hand your passport to the office for the visa</li>"}],
    "additional": "<div>Contact our agent on Telegram.</div>",
    "additionalPlain": "Contact our agent on Telegram.",
    "salaryRange": {"currency": "USD", "interval": "per-month-salary", "min": 1500, "max": 2500},
    "createdAt": 1763028000000,
    "hostedUrl": "https://jobs.lever.example/acme/9d2f7a30",
    "workplaceType": "on-site",
}


def salaries(job: Mapping[str, Any], at: str) -> Iterator[tuple[str, Salary]]:
    """The salary range."""
    for place, told in values(job, "salaryRange", at):
        if isinstance(told, Mapping):
            yield place, Salary(told.get("min"), told.get("max"), told.get("currency"), told.get("interval"))


BODY = "description|descriptionPlain|descriptionBody|descriptionBodyPlain"
"""What is shown comes first; where only the plain text was sent, that is read. The two say the same, so only one counts."""

FORMAT = Format(
    name="lever",
    needs=("text", f"{BODY}|lists.content|additional|additionalPlain"),
    id="id",
    salaries=salaries,
    fields={
        "title": ("text",),
        "location": ("categories.location|categories.allLocations",),
        "salary": ("salaryDescription|salaryDescriptionPlain",),
        "description": (BODY,),
        "requirements": ("lists.text,content",),
        "benefits": ("additional|additionalPlain",),
    },
)
