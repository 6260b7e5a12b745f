"""Judges together what arrives together: the fast tier reads a dozen ads in the time of three single ones.

Nobody waits for company: once a turn of the event loop brings no more, what is there is judged. A turn takes microseconds.
"""

import asyncio
from collections.abc import Mapping, Sequence

from model.advert import Advert
from model.classifier import Options, ScamAdClassifier
from model.verdict import Verdict

Asked = tuple[Advert, Options, "asyncio.Future[Verdict]"]
MOST = 32
"""Ads for which more are not waited for."""
Key = tuple[float, str | None, tuple[tuple[str, float], ...]]


class Gathering:
    """Belongs to one event loop; `judge` is called from that loop alone."""

    def __init__(self, classifier: ScamAdClassifier) -> None:
        self._classifier = classifier
        self._waiting: list[Asked] = []

    async def judge(self, advert: Advert, options: Options) -> Verdict:
        """The fast tier's verdict. Raises OptionError."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Verdict] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._look, 0)
        self._waiting.append((advert, options, answer))
        return await answer

    def _look(self, before: int) -> None:
        """Answer, unless this turn of the loop brought more than there were before, and so may the next."""
        waiting = len(self._waiting)
        if before < waiting < MOST:
            asyncio.get_running_loop().call_soon(self._look, waiting)
        else:
            self._answer()

    def _answer(self) -> None:
        """Judge all that wait; those with the same options together."""
        waiting, self._waiting = self._waiting, []
        alike: dict[Key, list[Asked]] = {}
        for asked in waiting:
            alike.setdefault(key(asked[1]), []).append(asked)
        for group in alike.values():
            self._judge(group)

    def _judge(self, group: Sequence[Asked]) -> None:
        """Answer one group. What cannot be judged must not fail the others, so a group that fails is judged one by one."""
        try:
            verdicts = list(self._classifier.judge_many([advert for advert, _, _ in group], group[0][1]))
        except Exception as e:
            if len(group) == 1:
                give(group[0][2], e)
            else:
                for asked in group:
                    self._judge([asked])
            return
        for (_, _, answer), verdict in zip(group, verdicts, strict=True):
            give(answer, verdict)


def give(answer: "asyncio.Future[Verdict]", found: Verdict | Exception) -> None:
    """Answer, unless whoever asked has gone."""
    if answer.done():
        return
    if isinstance(found, Exception):
        answer.set_exception(found)
    else:
        answer.set_result(found)


def key(options: Options) -> Key:
    """What makes options alike; the tier is the fast one."""
    own: Mapping[str, float] = options.thresholds or {}
    return options.prior, options.language, tuple(sorted(own.items()))
