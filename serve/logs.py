"""How the log is written: a line of JSON or of words each. Of an error kind and places are told, never its message: it may hold an ad."""

import logging
import time
import traceback
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


class Objects(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the members of `told`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        out: dict[str, Any] = {
            "time": moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if told := getattr(record, "told", None):
            out["told"] = told
        if record.exc_info:
            out["error"] = places(record.exc_info)
        return orjson.dumps(out, default=str).decode()


class Words(logging.Formatter):
    """Words, and `name=value` for the members of `told`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; an error takes one for each place."""
        told = " ".join(f"{name}={value}" for name, value in getattr(record, "told", {}).items())
        line = " ".join(part for part in (moment(record), record.levelname, record.getMessage(), told) if part)
        return "\n  ".join([line, *(places(record.exc_info) if record.exc_info else ())])


def moment(record: logging.LogRecord) -> str:
    """When, in UTC to the millisecond."""
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03d}Z"


def places(raised: Raised) -> list[str]:
    """Kind of an error, then where it came from."""
    kind, _, trace = raised
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return [kind.__name__ if kind else "unknown", *frames]
