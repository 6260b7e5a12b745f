"""Puts a salary object into words, so that the pay it tells is judged like pay in a text.

The caller's numbers stand in several places at once, so no span can point at them: the line is a composed part of the advert, and what it
adds to the log-odds stands in `other` under the object's path.
"""

import math
from dataclasses import dataclass

UNITS = {
    **{name: name for name in ("hour", "day", "week", "month", "year")},
    **{"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "annual": "year", "annually": "year", "yearly": "year"},
}
LARGEST = 1e12


@dataclass(frozen=True)
class Salary:
    """What a salary object says, as it was sent; anything that cannot be read is left out of the line."""

    low: object
    high: object
    currency: object
    unit: object

    def line(self) -> str | None:
        """`2,000-3,000 USD per month`; None where no number was sent."""
        told = [text for value in (self.low, self.high) if (text := amount(value))]
        if not told:
            return None
        words = ["-".join(dict.fromkeys(told))]
        words += [self.currency.upper()] if isinstance(self.currency, str) and is_code(self.currency) else []
        words += [f"per {unit}"] if (unit := unit_of(self.unit)) else []
        return " ".join(words)


def amount(value: object) -> str | None:
    """A number as people write it, thousands apart; None where it is none."""
    number = number_of(value)
    if number is None or not 0 < number < LARGEST:
        return None
    return f"{number:,.0f}" if number == int(number) else f"{number:,.2f}"


def number_of(value: object) -> float | None:
    """A finite JSON number, or a text that holds one alone (`"2500.00"`)."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = value.strip() if isinstance(value, str) else value
    if isinstance(text, str) and not (len(text) < 20 and text.isascii() and text.replace(".", "", 1).isdigit()):
        return None
    number = float(text) if not isinstance(text, int) or abs(text) < LARGEST else math.inf
    return number if math.isfinite(number) else None


def unit_of(value: object) -> str | None:
    """`MONTH`, `monthly`, `per-month-salary` and `1 MONTH` are `month`."""
    words = value.lower().replace("-", " ").replace("_", " ").split() if isinstance(value, str) and len(value) < 40 else []
    return next((UNITS[word] for word in words if word in UNITS), None)


def is_code(text: str) -> bool:
    """Whether this is an ISO 4217 code."""
    return len(text) == 3 and text.isascii() and text.isalpha()


def is_words(text: str) -> bool:
    """Whether this is something that a person wrote, not a number, currency or unit of which the line is made."""
    return number_of(text) is None and not is_code(text) and unit_of(text) is None
