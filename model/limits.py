"""What a verdict does not cover: nothing here was looked at beyond the words, and the answer says so."""

from collections.abc import Sequence
from typing import Any

from model.cues import NUMBER

CONTACTS = slice(NUMBER["contact:url"], NUMBER["contact:handle"] + 1)
"""Cues that ask for a look at what the ad names: web addresses, then ways to reach people."""


def limits_of(contacts: Sequence[bool], is_known: bool, windows: int) -> dict[str, Any]:
    """`truncated` (never: the whole ad is read), `unchecked`, and `windows` where the encoder read the ad in more than one.

    unchecked: `employer` (whether it exists) always; `links` and `contacts` where the ad names any; `language` where the seeds know no
    phrases of it. contacts: which CONTACTS are there. is_known: whether they know the language.
    """
    url, *people = contacts
    unchecked = ["employer"]
    if url:
        unchecked.append("links")
    if any(people):
        unchecked.append("contacts")
    if not is_known:
        unchecked.append("language")
    return {"truncated": False, "unchecked": unchecked, "windows": windows} if windows > 1 else {"truncated": False, "unchecked": unchecked}
