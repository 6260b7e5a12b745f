"""What a verdict does not cover: nothing here was looked at beyond the words, and the answer says so."""

from collections.abc import Collection
from typing import Any

from model.cues import NUMBER

LINKS = frozenset([NUMBER["contact:url"]])
CONTACTS = frozenset(NUMBER[f"contact:{kind}"] for kind in ("email", "phone", "handle"))


def limits_of(cues: Collection[int], language: str, known: Collection[str], windows: int) -> dict[str, Any]:
    """`truncated` (never: the whole ad is read), `unchecked`, and `windows` where the encoder read the ad in more than one.

    unchecked: `employer` (whether it exists) always; `links` and `contacts` where the ad names any; `language` where the seeds know no
    phrases of it. cues: numbers of those present. known: languages of the seeds.
    """
    unchecked = ["employer"]
    unchecked += ["links"] if not LINKS.isdisjoint(cues) else []
    unchecked += ["contacts"] if not CONTACTS.isdisjoint(cues) else []
    unchecked += ["language"] if language not in known else []
    return {"truncated": False, "unchecked": unchecked, **({"windows": windows} if windows > 1 else {})}
