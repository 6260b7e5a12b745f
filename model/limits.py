"""What a verdict does not cover: nothing here was looked at beyond the words, and the answer says so."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from model.cues import NUMBER

CONTACTS = slice(NUMBER["contact:url"], NUMBER["contact:handle"] + 1)
"""Cues that ask for a look at what the ad names: web addresses, then ways to reach people."""


@cache
def limits_of(contacts: tuple[bool, ...], is_known: bool, windows: int) -> Mapping[str, Any]:
    """`truncated` (never: the whole ad is read), `unchecked`, and `windows` where the encoder read the ad in more than one.

    unchecked: `employer` (whether it exists) always; `links` and `contacts` where the ad names any; `language` where the seeds know no
    phrases of it. contacts: which CONTACTS are there. is_known: whether they know the language. Answers that are alike are one object.
    """
    url, *people = contacts
    found = ("employer", *("links",) * url, *("contacts",) * any(people), *("language",) * (not is_known))
    return {"truncated": False, "unchecked": found} | ({"windows": windows} if windows > 1 else {})
