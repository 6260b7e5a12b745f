"""How many requests a caller may make: counted in this process, or in Redis for all processes together.

The headers are those of draft-ietf-httpapi-ratelimit-headers, versions 8 to 11: `RateLimit-Policy: "default";q=6000;w=60` and
`RateLimit: "default";r=5999;t=12`.
"""

import logging
import math
import time
from dataclasses import dataclass

from limits import RateLimitItem, parse
from limits.aio.storage import RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter as SharedLimiter
from limits.errors import StorageError
from limits.util import WindowStats

REDIS_SECONDS, TRY_AGAIN = 0.25, 5.0
"""How long Redis may take to answer; after how long it is asked again once it did not. Seconds."""
FORGET_FROM = 1024
"""Callers that are counted before those that are over are looked for."""
LOG = logging.getLogger("lurewatch")


@dataclass(frozen=True, slots=True)
class Grant:
    """allowed: may the request go on. remaining: requests left. reset: whole seconds after which there are more."""

    allowed: bool
    remaining: int
    reset: int


class Counts:
    """Requests of every caller in this process, as the library's sliding window counts them; its own memory takes ten times as long."""

    def __init__(self, rate: RateLimitItem) -> None:
        self._amount, self._seconds = rate.amount, rate.get_expiry()
        self.windows: dict[str, tuple[float, int, int]] = {}
        self._most = FORGET_FROM

    def take(self, caller: str) -> Grant:
        """Count one request. Those of the window before count by as much of it as would still lie in one that ended now."""
        number, gone = divmod(time.time(), self._seconds)
        seen, before, here = self.windows.get(caller, (number, 0, 0))
        if seen != number:
            before, here = here if seen == number - 1 else 0, 0
        left = self._seconds - gone
        allowed = int(before * left / self._seconds + here) < self._amount
        if allowed:
            here += 1
            self._forget(caller, number)
            self.windows[caller] = (number, before, here)
        remaining = max(0, self._amount - int(before * left / self._seconds + here))
        resets = [*([left % (self._seconds / before)] if before else []), *([left] if here else [])]
        return Grant(allowed, remaining, max(0 if allowed else 1, math.ceil(min(resets, default=0))))

    def _forget(self, caller: str, number: float) -> None:
        """Before a caller more, forget those whose windows are over, once there are twice as many."""
        if caller not in self.windows and len(self.windows) >= self._most:
            self.windows = {name: window for name, window in self.windows.items() if window[0] >= number - 1}
            self._most = max(FORGET_FROM, 2 * len(self.windows))


class Quota:
    """Belongs to one event loop. rate: as `limits.parse` reads it. redis_url: None to count in this process alone."""

    def __init__(self, rate: str, redis_url: str | None = None) -> None:
        self.rate: RateLimitItem = parse(rate)
        self._policy = f'"default";q={self.rate.amount};w={self.rate.get_expiry()}'.encode()
        self._local = Counts(self.rate)
        self._shared = SharedLimiter(redis_storage(redis_url)) if redis_url else None
        self._down, self._ask_at = False, 0.0

    async def take(self, caller: str) -> Grant:
        """Count one request of a caller. Where Redis is down this process counts alone."""
        if self._shared and time.monotonic() >= self._ask_at:
            try:
                allowed, left = await self._shared.hit(self.rate, caller), await self._shared.get_window_stats(self.rate, caller)
                self._told(down=False)
                return grant(allowed, left)
            except StorageError as e:
                self._ask_at = time.monotonic() + TRY_AGAIN
                self._told(down=True, why=type(e.storage_error).__name__)
        return self._local.take(caller)

    def headers(self, granted: Grant) -> list[tuple[bytes, bytes]]:
        """The header fields of an answer."""
        return [(b"ratelimit-policy", self._policy), (b"ratelimit", b'"default";r=%d;t=%d' % (granted.remaining, granted.reset))]

    def _told(self, down: bool, why: str = "") -> None:
        """Log once that Redis went, once that it came back."""
        if down and not self._down:
            LOG.warning("rate limits: Redis does not answer (%s); each process counts alone until it does", why)
        if self._down and not down:
            LOG.warning("rate limits: Redis answers again")
        self._down = down


def grant(allowed: bool, left: WindowStats) -> Grant:
    """What the library tells, in whole seconds from now."""
    return Grant(allowed, left.remaining, max(0 if allowed else 1, math.ceil(left.reset_time - time.time())))


def redis_storage(url: str) -> RedisStorage:
    """Counts in Redis. One try over a connection that may have gone stale, one over a new one; no pauses, for callers wait."""
    from redis.asyncio.retry import Retry  # noqa: PLC0415 - six megabytes that only some need
    from redis.backoff import NoBackoff  # noqa: PLC0415

    options = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS, "retry": Retry(NoBackoff(), 1)}
    return RedisStorage("async+" + url, wrap_exceptions=True, implementation="redispy", **options)  # type: ignore[arg-type]
