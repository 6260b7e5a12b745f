"""Jobs of Ashby's job postings API (`includeCompensation=true`): https://developers.ashbyhq.com/docs/public-job-posting-api."""

from collections.abc import Iterator, Mapping
from typing import Any

from serve.adapters.formats import Format
from serve.adapters.paths import texts, values
from serve.adapters.salary import Salary

EXAMPLE: dict[str, Any] = {
    "id": "145ff46b-1441-4773-bcd3-c8c90baa598a",
    "title": "Product reviewer",
    "department": "Marketing",
    "team": "Growth",
    "employmentType": "PartTime",
    "location": "Remote",
    "secondaryLocations": [{"location": "Lisbon", "address": {"addressLocality": "Lisbon", "addressCountry": "Portugal"}}],
    "isRemote": True,
    "descriptionHtml": "<p>Like videos from your phone, <strong>paid daily in USDT</strong>. Top up your account to unlock more tasks.</p>",
    "descriptionPlain": "Like videos from your phone, paid daily in USDT. Top up your account to unlock more tasks.",
    "publishedAt": "2026-11-03T16:21:55.393+00:00",
    "jobUrl": "https://jobs.ashby.example/acme/145ff46b",
    "compensation": {
        "compensationTierSummary": "$200 - $500 per day",
        "summaryComponents": [
            {"compensationType": "Salary", "interval": "1 DAY", "currencyCode": "USD", "minValue": 200, "maxValue": 500},
        ],
    },
}
SUMMARY = "compensation.compensationTierSummary|compensation.scrapeableCompensationSalarySummary"


def salaries(job: Mapping[str, Any], at: str) -> Iterator[tuple[str, Salary]]:
    """Salaries among the components, where no summary tells them in words."""
    if any(texts(job, SUMMARY)):
        return
    for place, told in values(job, "compensation.summaryComponents", at):
        if isinstance(told, Mapping) and told.get("compensationType") == "Salary":
            yield place, Salary(told.get("minValue"), told.get("maxValue"), told.get("currencyCode"), told.get("interval"))


FORMAT = Format(
    name="ashby",
    needs=("title", "descriptionHtml|descriptionPlain"),
    id="id",
    salaries=salaries,
    fields={
        "title": ("title",),
        "location": ("location", "secondaryLocations.location"),
        "salary": (SUMMARY, "compensation.compensationTiers.additionalInformation"),
        "description": ("descriptionHtml|descriptionPlain",),
    },
)
