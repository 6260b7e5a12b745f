"""When a client tries again, and how long it waits: one generator, driven by the client that waits and by the one that awaits."""

import time
from collections.abc import Generator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from secrets import SystemRandom

import httpx

AGAIN = frozenset({429, 502, 503, 504})
"""Statuses of answers that may be others a moment later."""
CHANCE = SystemRandom()
Answer = httpx.Response | httpx.TransportError


@dataclass(frozen=True)
class Patience:
    """tries: how often a request is sent at most. first, longest: seconds of the first pause, of any; pauses double in between.

    A server that asks (`Retry-After`) for more than `longest` is not waited for.
    """

    tries: int = 5
    first: float = 0.5
    longest: float = 60.0

    def pause(self, tried: int, answer: Answer) -> float | None:
        """Seconds until the next try; None to give up. No two clients wait alike, and none less than it was asked to."""
        if tried >= self.tries or (isinstance(answer, httpx.Response) and answer.status_code not in AGAIN):
            return None
        asked = retry_after(answer) if isinstance(answer, httpx.Response) else 0.0
        if asked > self.longest:
            return None
        return asked + CHANCE.uniform(0, min(self.longest - asked, self.first * 2 ** (tried - 1)))


def retry_after(answer: httpx.Response) -> float:
    """Seconds that the server asks for, as a number or as a date; 0 where it asks for none."""
    asked = answer.headers.get("retry-after", "")
    if asked.isdecimal():
        return float(asked)
    try:
        return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time())
    except ValueError:
        return 0.0


def exchange(patience: Patience) -> Generator[float | None, Answer, httpx.Response]:
    """Yields None to have the request sent, seconds to have them waited; is sent what came back; returns the answer.

    Raises httpx.TransportError where the server cannot be reached.
    """
    for tried in range(1, patience.tries + 1):
        answer = yield None
        pause = patience.pause(tried, answer)
        if pause is None:
            break
        yield pause
    if isinstance(answer, httpx.TransportError):
        raise answer
    return answer
