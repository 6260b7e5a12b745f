"""schema.org `JobPosting` as JSON-LD, the way Google for Jobs reads it: https://schema.org/JobPosting."""

from collections.abc import Iterator, Mapping
from typing import Any

from serve.adapters.formats import Format
from serve.adapters.paths import values
from serve.adapters.salary import Salary

EXAMPLE: dict[str, Any] = {
    "@context": "https://schema.org/",
    "@type": "JobPosting",
    "identifier": {"@type": "PropertyValue", "name": "Example Hotels", "value": "EH-204"},
    "title": "Customer service agent (Thai and English)",
    "description": "<p>Free flight and room. No experience needed, leave this week.<br>Write on Telegram @hr_example.</p>",
    "datePosted": "2026-11-02",
    "employmentType": ["FULL_TIME"],
    "hiringOrganization": {"@type": "Organization", "name": "Example Hotels", "description": "A family of hotels."},
    "jobLocation": {"@type": "Place", "address": {"@type": "PostalAddress", "addressLocality": "Mae Sot", "addressCountry": "TH"}},
    "baseSalary": {
        "@type": "MonetaryAmount",
        "currency": "USD",
        "value": {"@type": "QuantitativeValue", "minValue": 2000, "maxValue": 3000, "unitText": "MONTH"},
    },
}


def salaries(job: Mapping[str, Any], at: str) -> Iterator[tuple[str, Salary]]:
    """Every `baseSalary` that is a number or a MonetaryAmount, whose value may be a number, a text or a QuantitativeValue."""
    for place, amount in values(job, "baseSalary", at):
        told = amount if isinstance(amount, Mapping) else {"value": amount}
        value = told.get("value")
        range_ = value if isinstance(value, Mapping) else {**told, "value": value}
        low = range_.get("minValue") if range_.get("minValue") is not None else range_.get("value")
        currency, unit = told.get("currency") or job.get("salaryCurrency"), range_.get("unitText") or told.get("unitText")
        yield place, Salary(low, range_.get("maxValue"), currency, unit)


FORMAT = Format(
    name="jobposting",
    kind="JobPosting",
    needs=("title|name|description|responsibilities",),
    id="identifier.value|identifier|@id|url",
    salaries=salaries,
    fields={
        "title": ("title|name",),
        "company": ("hiringOrganization|hiringOrganization.name|hiringOrganization.legalName",),
        "company_profile": ("employerOverview", "hiringOrganization.description"),
        "location": (
            "jobLocation|jobLocation.address|jobLocation.name",
            "jobLocation.address.streetAddress,addressLocality,addressRegion,addressCountry",
            "jobLocation.address.addressRegion,addressCountry.name",
            "applicantLocationRequirements|applicantLocationRequirements.name",
        ),
        "salary": ("baseSalary", "baseSalary.value,currency,unitText", "baseSalary.value.value,minValue,maxValue,unitText"),
        "description": ("description", "responsibilities"),
        "requirements": (
            "qualifications|qualifications.name,description",
            "skills|skills.name",
            "experienceRequirements|experienceRequirements.description",
            "educationRequirements|educationRequirements.description",
            "eligibilityToWorkRequirement",
            "specialCommitments",
        ),
        "benefits": ("jobBenefits|benefits", "incentiveCompensation|incentives", "workHours"),
    },
)
"""Addresses of the web, e-mail addresses and dates in fields of their own are not read: they belong to every ad of a board."""
