"""How the log is written: a line of JSON or of words each. Of an error kind and places are told, never its message: it may hold an ad."""

import logging
import time
import traceback
from functools import lru_cache
from types import TracebackType
from typing import Any

import orjson

JSON, PLAIN, OFF = FORMS = ("json", "plain", "off")
"""off: no lines on requests; what goes wrong is told in words."""
Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def spare() -> None:
    """Do not look for what no line tells: where in the code it was written, thread, process. That was half of a line's time."""
    logging._srcfile = None  # the way that Python documents
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def config(form: str) -> dict[str, Any]:
    """For `logging.config.dictConfig`, and so for uvicorn and its workers."""
    formatter = "serve.logs.Objects" if form == JSON else "serve.logs.Words"
    said = {"handlers": ["stderr"], "level": "INFO", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stderr"}},
        "loggers": {"uvicorn": said, "lurewatch": said, "lurewatch.requests": {"level": "WARNING" if form == OFF else "INFO"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
    }


class Lines(logging.Formatter):
    """A line of a record with the members of its `told`; or of each pair of a moment and such members in its `each`, a line."""

    def format(self, record: logging.LogRecord) -> str:
        """One line or several."""
        each = getattr(record, "each", None) or ((record.created, getattr(record, "told", {})),)
        return "\n".join([self.line(record, created, told) for created, told in each])

    def line(self, record: logging.LogRecord, created: float, told: dict[str, Any]) -> str:
        """One of them."""
        raise NotImplementedError


class Objects(Lines):
    """One JSON object a line: time, level, logger, message, and the members of `told`."""

    def line(self, record: logging.LogRecord, created: float, told: dict[str, Any]) -> str:
        """The line."""
        out: dict[str, Any] = {
            "time": moment(created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if told:
            out["told"] = told
        if record.exc_info:
            out["error"] = places(record.exc_info)
        return orjson.dumps(out, default=str).decode()


class Words(Lines):
    """Words, and `name=value` for the members of `told`."""

    def line(self, record: logging.LogRecord, created: float, told: dict[str, Any]) -> str:
        """The line; an error takes one for each place."""
        parts = (moment(created), record.levelname, record.getMessage(), *[f"{name}={value}" for name, value in told.items()])
        line = " ".join([part for part in parts if part])
        return "\n  ".join([line, *(places(record.exc_info) if record.exc_info else ())])


def moment(created: float) -> str:
    """When, in UTC to the millisecond."""
    second = int(created)
    return f"{clock(second)}.{int((created - second) * 1000):03d}Z"


@lru_cache(maxsize=2)
def clock(second: int) -> str:
    """The whole second, which many lines have in common."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))


def places(raised: Raised) -> list[str]:
    """Kind of an error, then where it came from."""
    kind, _, trace = raised
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return [kind.__name__ if kind else "unknown", *frames]
