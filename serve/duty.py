"""Which model is on duty. Routes hold the duty, never a model: the framework keeps its routes for good, and with them what they hold."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from serve.scoring import Scoring

T = TypeVar("T")


class Made(Generic[T]):
    """What is made from the model on duty; call it to have it."""

    def __init__(self, make: Callable[[Scoring], T], value: T) -> None:
        self.make, self.value = make, value

    def __call__(self) -> T:
        """As it is now."""
        return self.value


class Duty:
    """scoring: answers now. A route looks once, when its request begins, and goes on with what it found."""

    def __init__(self, scoring: Scoring) -> None:
        self.scoring = scoring
        self._made: list[Made[Any]] = []

    def made(self, make: Callable[[Scoring], T]) -> Made[T]:
        """Make something from the model now, and again from every other one that takes its place."""
        made = Made(make, make(self.scoring))
        self._made.append(made)
        return made

    def take(self, scoring: Scoring) -> None:
        """Put another model in place, with all that is made from it. Where that fails, all stays as it was, and the error is raised."""
        values = [made.make(scoring) for made in self._made]
        self.scoring = scoring
        for made, value in zip(self._made, values, strict=True):
            made.value = value
